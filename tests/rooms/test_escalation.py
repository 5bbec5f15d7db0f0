"""Claims about the escalation room on the stack: what is due is written once, and the next look is made sure of."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.scheduler.timers import message
from deadair.domain.alarm import AlarmState
from deadair.domain.errors import IllegalTransition, Invalid, NotFound
from deadair.domain.holding import held
from deadair.domain.reachability import Away
from deadair.domain.severity import Severity
from deadair.domain.stages import Status
from deadair.domain.standing_error import Kind
from deadair.domain.timeline import Fact
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.assign import assign
from deadair.usecases.maintain import Maintenance, end_maintenance, maintain
from deadair.usecases.snooze import end_snooze, snooze
from deadair.usecases.sweep import sweep
from escalation.consumer import delay_s
from escalation.events import Message
from infra.target import Target
from tests.builders import ANA, BEN, FALLBACK, an_actor, an_alarm, at
from tests.rooms.escalation_room import SLUG, Escalation

pytestmark = pytest.mark.stack


@pytest.fixture
def room(stack: Target) -> Escalation:
    """The room, with a row and nothing open."""
    return Escalation(stack)


class Counting:
    """A client that counts what it is asked."""

    def __init__(self, client: Any, calls: Counter[str]) -> None:
        self.client, self.calls = client, calls

    def __getattr__(self, name: str) -> Any:
        if name in {"exceptions", "meta"}:
            return getattr(self.client, name)
        self.calls[name] += 1
        return getattr(self.client, name)


def test_the_chain_is_told_in_order_and_acknowledged_means_silent(room: Escalation) -> None:
    room.incident()

    room.look(6)
    room.look(11)
    acknowledge(room.store, 42, an_actor(), now=at(12))
    room.look(16)

    assert room.told() == ["Ben Okafor", "Cat Stone"]
    assert [entry.fact for entry in room.said()] == [Fact.ESCALATED, Fact.ESCALATED]
    assert room.said()[0].text == "Told Ben Okafor (deputy): no answer for 5 minutes."


def test_each_look_makes_sure_of_one_schedule_for_the_next_deadline(room: Escalation) -> None:
    room.incident()

    for minutes in (1, 1, 2, 6, 6):
        room.look(minutes)

    assert room.timers() == ["at(2026-11-02T12:06:01)", "at(2026-11-02T12:11:01)"]


def test_nobody_left_is_an_error_on_every_page_until_somebody_has_it(room: Escalation) -> None:
    room.incident()
    for minutes in (6, 11, 16, 21, 22):
        room.look(minutes)

    stands = room.errors.all()
    acknowledge(room.store, 42, an_actor(), now=at(30))
    room.look(30)

    assert [(error.kind, error.name, error.since) for error in stands] == [(Kind.UNREACHABLE, "INC-42", at(21))]
    assert "INC-42" in stands[0].text
    assert room.errors.all() == []
    assert room.store.get(42).escalation.unreachable is None


def test_the_calls_of_a_fact_are_few(room: Escalation) -> None:
    """A fact about an open incident costs two reads and a schedule, of a resolved one a read."""
    calls: Counter[str] = Counter()
    registry = RegistryStore(room.dynamodb, room.registry)
    registry.rows()
    room.incident()
    room.escalator(lambda client: Counting(client, calls), registry).converge(42, at(2))
    first = dict(calls)
    room.write(lambda incident: incident.resolve("Ana Lima", "", at(3)))
    calls.clear()

    room.escalator(lambda client: Counting(client, calls), registry).converge(42, at(4))

    assert first == {"get_item": 1, "batch_get_item": 1, "create_schedule": 1}
    assert calls == {"get_item": 1}


def test_a_handing_over_gives_the_new_owner_all_their_time(room: Escalation) -> None:
    room.incident()
    room.look(6)

    assign(room.store, 42, an_actor(), BEN, now=at(8))
    room.look(9)
    room.look(13)

    assert room.told() == ["Cat Stone"]


def test_without_a_registry_the_fallback_person_is_told(room: Escalation) -> None:
    class Silent:
        def get(self, _slug: str) -> None:
            raise EndpointConnectionError(endpoint_url="registry")

    room.incident()

    room.escalator(registry=Silent()).converge(42, at(6))

    assert room.told() == ["Fay Fallback"]


def test_who_is_away_is_passed_over(room: Escalation) -> None:
    room.reachable(BEN.email.upper(), away=(Away(date(2026, 11, 1), date(2026, 11, 3), "holiday"),))
    room.incident()

    room.look(6)

    assert room.told() == ["Cat Stone"]
    text = room.said()[0].text
    assert text.endswith("no answer for 5 minutes; Ben Okafor (deputy) is away until 03 Nov (holiday).")


def test_a_sev3_waits_for_the_working_time_of_its_owner(room: Escalation) -> None:
    room.reachable(ANA.email, timezone="America/New_York", hours=((540, 1020),))
    room.incident(severity=Severity.SEV3)

    room.look(2)
    room.look(3)

    (entry,) = room.said()
    assert (entry.fact, entry.details["reason"]) == (Fact.HELD, "working_time")
    assert room.timers() == ["at(2026-11-02T15:00:01)"]


def test_a_row_lets_a_recovered_incident_end_by_itself(room: Escalation) -> None:
    room.row(handling={"resolves_itself_after_min": 10})
    room.incident()
    room.write(lambda incident: incident.with_transition(an_alarm(AlarmState.OK, 3)))

    room.look(4)
    after = room.look(13)

    assert (after.status, after.resolved_at, after.resolved_by) == (Status.RESOLVED, at(13), "Deadair")
    assert [entry.fact for entry in room.said()] == [Fact.RESOLVED]


def test_a_batch_with_what_names_no_incident_keeps_its_neighbours(room: Escalation) -> None:
    room.incident()

    failed = room.deliver("no json", message(42), message(41), message(42), now=at(6))

    assert failed == ["0", "2"]
    assert room.told() == ["Ben Okafor"]


def test_a_sweep_looks_at_what_is_open_and_takes_back_errors_that_nobody_did(room: Escalation) -> None:
    room.incident(42)
    room.incident(43, status=Status.RESOLVED)
    room.errors.put(Kind.UNREACHABLE, "INC-42", "nobody is left", at(5))
    room.errors.put(Kind.WATCHDOG, "line", "it is not ours", at(6))
    asked: list[int] = []

    count = sweep(room.store, room.errors, asked.extend)

    assert (count, asked) == (1, [42])
    assert [error.kind for error in room.errors.all()] == [Kind.WATCHDOG]


def test_n5_an_incident_of_a_silent_registry_gets_its_owner_at_the_first_look(room: Escalation) -> None:
    room.row(alarm_patterns=["hubspot-salesforce-*"], severity="SEV1")
    room.incident(owner=FALLBACK, owner_note="The registry did not answer when this opened.", owner_pending=True)

    after = room.look(3)

    assert (after.owner.name, after.pending_since, after.owner_pending) == ("Ana Lima", at(3), False)
    assert room.timers() == ["at(2026-11-02T12:08:01)"]


def test_what_failed_comes_again_soon_then_later_and_poison_goes_to_the_dead_letters_at_once() -> None:
    def told(body: str, deliveries: int) -> Message:
        attributes = {"ApproximateReceiveCount": str(deliveries)}
        return Message.model_validate({"messageId": "m", "body": body, "attributes": attributes})

    assert [delay_s(told(message(42), count)) for count in (1, 2, 3, 4, 5)] == [10, 60, 300, 600, 600]
    assert delay_s(told('{"sweep": true}', 1)) == 10
    assert delay_s(told("no json", 1)) == 0


def planned(room: Escalation) -> Maintenance:
    return Maintenance(room.windows, room.store, RegistryStore(room.dynamodb, room.registry))


def test_maintenance_holds_what_is_open_and_its_end_says_what_is_still_broken(room: Escalation) -> None:
    room.incident()

    done = maintain(
        planned(room), [SLUG], an_actor(), begins_at=at(0), ends_at=at(60), reason="vendor moves", now=at(2)
    )
    waiting = room.look(20)
    ended = end_maintenance(planned(room), done.window.id, an_actor(), now=at(30))
    after = room.look(35)

    assert [incident.id for incident in (*done.incidents, *ended.incidents)] == ["INC-42", "INC-42"]
    assert held(waiting, at(20)) is not None
    assert [entry.fact for entry in room.said()] == [Fact.HELD, Fact.HOLD_ENDED, Fact.ESCALATED]
    assert (after.pending_since, after.escalation.told[0].at) == (at(30), at(35))


def test_maintenance_that_begins_later_holds_from_then_on(room: Escalation) -> None:
    room.incident(severity=Severity.SEV2)
    maintain(planned(room), [SLUG], an_actor(), begins_at=at(5), ends_at=at(60), reason="vendor moves", now=at(2))

    room.look(2)
    after = room.look(5)

    assert room.timers() == ["at(2026-11-02T12:05:01)", "at(2026-11-02T13:00:01)"]
    assert after.maintenance is not None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"ends_at": at(-5)}, "until"),
        ({"begins_at": at(-20), "ends_at": at(-5)}, "until"),
        ({"ends_at": at(0) + timedelta(days=40)}, "until"),
    ],
)
def test_odd_maintenance_is_refused_by_field_with_a_remedy(room: Escalation, wrong: dict[str, Any], field: str) -> None:
    said: dict[str, Any] = {"begins_at": at(0), "ends_at": at(60), "reason": "x"} | wrong

    with pytest.raises(Invalid) as refused:
        maintain(planned(room), [SLUG], an_actor(), **said, now=at(2))

    assert (refused.value.field, bool(refused.value.remedy)) == (field, True)
    assert room.windows.of(SLUG) == ()


def test_maintenance_of_a_stranger_and_an_unknown_window_are_refused(room: Escalation) -> None:
    with pytest.raises(NotFound, match="no stranger"):
        maintain(planned(room), [SLUG, "stranger"], an_actor(), begins_at=at(0), ends_at=at(9), reason="x", now=at(2))
    with pytest.raises(NotFound, match="no maintenance MW-0"):
        end_maintenance(planned(room), "MW-0", an_actor(), now=at(2))
    assert room.windows.of(SLUG) == ()


def test_a_snooze_is_said_once_and_ends_by_itself(room: Escalation) -> None:
    room.incident()

    snooze(room.store, 42, an_actor(), at(30), "the vendor is at it", now=at(2))
    room.look(3)
    room.look(30)
    after = room.look(35)

    assert [entry.fact for entry in room.store.timeline(42)] == [Fact.SNOOZED, Fact.HOLD_ENDED, Fact.ESCALATED]
    assert after.snooze is None
    assert room.timers()[0] == "at(2026-11-02T12:30:01)"


def test_a_snooze_can_be_ended(room: Escalation) -> None:
    room.incident()
    snooze(room.store, 42, an_actor(), at(30), "the vendor is at it", now=at(2))

    end_snooze(room.store, 42, an_actor(), now=at(10))
    after = room.look(15)

    assert (after.pending_since, room.told()) == (at(10), ["Ben Okafor"])


@pytest.mark.parametrize(
    ("consent", "until", "reason", "field"),
    [(False, 30, "", "reason"), (False, 1, "x", "until"), (False, 300, "x", "until"), (True, 130, "x", "until")],
)
def test_an_odd_snooze_is_refused_by_field_with_a_remedy(
    room: Escalation, consent: object, until: float, reason: str, field: str
) -> None:
    room.incident(consent=bool(consent))

    with pytest.raises(Invalid) as refused:
        snooze(room.store, 42, an_actor(), at(until), reason, now=at(2))

    assert (refused.value.field, bool(refused.value.remedy)) == (field, True)


def test_only_what_is_snoozed_can_be_woken(room: Escalation) -> None:
    room.incident()

    with pytest.raises(IllegalTransition, match="not snoozed"):
        end_snooze(room.store, 42, an_actor(), now=at(2))


def test_a_one_shot_schedule_brings_the_room_its_message(room: Escalation) -> None:
    incident = room.incident()
    opened = datetime.now(UTC) - timedelta(minutes=5) + timedelta(seconds=1)
    room.write(lambda _: replace(incident, pending_since=opened))
    room.escalator().converge(42, datetime.now(UTC))

    came = soon(lambda: room.sqs.receive_message(QueueUrl=room.queue, WaitTimeSeconds=2).get("Messages"))

    assert json.loads(came[0]["Body"]) == {"detail": {"incident": "INC-42"}}
    assert soon(lambda: room.waiting() == [])
    assert room.deliver(came[0]["Body"], now=datetime.now(UTC)) == []
    assert room.told() == ["Ben Okafor"]


def soon(look: Callable[[], Any], patience_s: float = 25) -> Any:
    """What the look finds, once it finds something."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.2)
    raise AssertionError("it did not happen")
