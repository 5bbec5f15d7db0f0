"""Claims about facts that say nothing new: whoever read the incident after they were sent knows them."""

import json
from datetime import UTC, datetime, timedelta

from deadair.adapters.bus.facts import sent_at
from deadair.adapters.scheduler.timers import message as timer
from deadair.domain.caught_up import REMEMBERED, CaughtUp
from escalation.consumer import Work, consume
from escalation.events import Message

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def a_message(seconds: float, body: str = "", number: int = 7) -> Message:
    fact = {"source": "deadair", "detail-type": "incident.alarm_recorded.v1", "detail": {"incident": f"INC-{number}"}}
    taken = str(int((NOON + timedelta(seconds=seconds)).timestamp() * 1000))
    told = {"messageId": f"m{seconds}", "body": body or json.dumps(fact), "attributes": {"SentTimestamp": taken}}
    return Message.model_validate(told)


def looks(*messages: Message, at: float = 0, fails: bool = False, known: CaughtUp | None = None) -> int:
    """How often incidents are looked at, each message being a batch of its own."""
    looked: list[int] = []

    def converge(number: int, now: datetime) -> None:
        looked.append(number)
        if fails:
            raise RuntimeError

    clock = lambda: NOON + timedelta(seconds=at)  # noqa: E731 - an instant
    work = Work(converge, lambda: None, clock, known or CaughtUp())
    for one in messages:
        consume([one], work)
    return len(looked)


def test_what_was_sent_before_the_last_look_costs_no_further_look() -> None:
    assert looks(*(a_message(-seconds) for seconds in range(2, 60))) == 1


def test_what_was_sent_since_the_last_look_is_looked_at_even_if_clocks_differ() -> None:
    assert looks(a_message(-60), a_message(-1.9), a_message(0), a_message(1)) == 4


def test_another_incident_is_not_covered() -> None:
    assert looks(a_message(-60), a_message(-60, number=8)) == 2


def test_a_look_that_failed_covers_nothing() -> None:
    assert looks(a_message(-60), a_message(-50), fails=True) == 2


def test_a_timer_and_whatever_is_no_fact_is_always_looked_at() -> None:
    asked = json.dumps({"source": "deadair.notifier", "detail": {"incident": "INC-7"}})
    assert looks(a_message(-60), a_message(-50, timer(7)), a_message(-40, asked)) == 3
    assert sent_at(timer(7), {"SentTimestamp": "1"}) is None


def test_a_message_of_unknown_age_is_looked_at() -> None:
    fact = a_message(-60).body
    assert [sent_at(fact, odd) for odd in ({}, {"SentTimestamp": "x"}, {"SentTimestamp": "9" * 30})] == [None] * 3


def test_what_is_remembered_is_bounded() -> None:
    known = CaughtUp()
    for number in range(REMEMBERED + 5):
        known.read(number, NOON)
    assert sum(known.covers(number, NOON - timedelta(minutes=1)) for number in range(REMEMBERED + 5)) <= REMEMBERED
