"""Claims about the watchdog's parts: what counts as a round, when the line is silent, whom the alarms are about."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alarm_intake.own_alarms import OwnAlarms
from deadair.domain.watchdog import EVERY, ROUND, SLUG, STALE, Pulse, is_of_ourselves, round_of
from fact_relay.consumer import facts
from notifier.events import Message
from notifier.rounds import beat, parted
from tests.builders import NOON, an_alarm

STACK = "Deadair-prod"


def test_one_late_round_is_no_silence_and_two_missing_ones_are() -> None:
    came = Pulse(NOON - timedelta(days=1), NOON, NOON, owed_since=NOON - EVERY)
    owed = replace(came, owed_since=NOON + EVERY)

    assert came.is_good(NOON + EVERY * 2)
    assert not came.is_good(NOON + STALE + timedelta(seconds=1))
    assert not owed.is_stale(NOON + EVERY * 2)
    assert owed.is_stale(NOON + EVERY + STALE + timedelta(seconds=1))
    assert timedelta(minutes=15) > STALE


def test_while_no_round_goes_out_the_line_owes_none() -> None:
    pulse = Pulse(NOON - timedelta(days=1), NOON, NOON, owed_since=NOON - EVERY)

    assert not pulse.is_stale(NOON + timedelta(hours=9))
    assert not pulse.is_good(NOON + timedelta(hours=9))


def test_before_the_first_round_nothing_is_good_and_soon_it_is_a_silence() -> None:
    pulse = Pulse(NOON, owed_since=NOON)

    assert not pulse.is_good(NOON)
    assert not pulse.is_stale(NOON + EVERY)
    assert pulse.is_stale(NOON + STALE + timedelta(seconds=1))


def test_a_round_is_the_same_at_each_delivery_of_its_transition() -> None:
    alarm = an_alarm()

    assert round_of(alarm.alarm, "ALARM", NOON) == round_of(alarm.alarm, "ALARM", NOON)
    assert round_of(alarm.alarm, "ALARM", NOON).id != round_of(alarm.alarm, "OK", NOON).id


@pytest.mark.parametrize(
    ("name", "ours"),
    [(f"{STACK}-NotifierErrors-1", True), ("Deadair-production-x", False), ("deadair-crm-silence", False), ("", False)],
)
def test_an_alarm_is_about_deadair_when_the_stack_gave_it_its_name(name: str, *, ours: bool) -> None:
    assert is_of_ourselves(name, STACK) is ours
    assert not is_of_ourselves(name, "")
    refused = OwnAlarms(STACK, f"{STACK}-drill").refuses(an_alarm(name=name))
    assert refused == ("about_deadair" if ours else "")


def test_without_a_store_nothing_is_taken_for_the_drill() -> None:
    assert not OwnAlarms(STACK, f"{STACK}-drill").takes(an_alarm(name=f"{STACK}-drill"), "m", NOON)


def test_the_relay_publishes_a_round_as_the_notifier_reads_it() -> None:
    item = {"fact": ROUND, "id": "r-1", "integration": SLUG, "occurred_at": NOON.isoformat(timespec="milliseconds")}
    image = {name: {"S": value} for name, value in item.items()}
    record = {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "NewImage": image}}
    ((_, event),) = facts([record], "bus")

    rounds, rest = parted([a_message(event["DetailType"], json.loads(event["Detail"]))])

    assert (rounds[0][1], rest) == (NOON, [])


def a_message(detail_type: str, detail: Any, message_id: str = "m-1") -> Message:
    body = json.dumps({"source": "deadair", "detail-type": detail_type, "detail": detail})
    return Message(messageId=message_id, body=body)


@pytest.mark.parametrize(
    ("detail_type", "detail"),
    [
        ("incident.opened.v1", {"incident": "INC-1", "text": ROUND}),
        (ROUND, {}),
        (ROUND, {"occurred_at": "soon"}),
        (ROUND, {"occurred_at": "2026-11-02T12:00:00"}),
        (ROUND, None),
    ],
)
def test_what_is_no_round_stays_among_the_facts(detail_type: str, detail: Any) -> None:
    message = a_message(detail_type, detail)

    assert parted([message]) == ([], [message])


def test_a_heartbeat_that_cannot_be_written_brings_only_its_own_message_again() -> None:
    class Weak:
        def beat(self, round_at: Any, now: Any) -> None:
            if round_at == NOON:
                raise OSError

    late = a_message(ROUND, {"occurred_at": (NOON + EVERY).isoformat()}, "m-2")
    rounds, _ = parted([a_message(ROUND, {"occurred_at": NOON.isoformat()}), late])

    assert beat(Weak(), rounds, NOON) == ["m-1"]  # type: ignore[arg-type]
