"""Claims about an ALARM from before the end that is heard after it: who ended it did not know, so somebody is woken."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadair.adapters.dynamodb.incidents import incident_item
from deadair.domain.alarm import AlarmState, Transition
from deadair.domain.due import due
from deadair.domain.handling import Handling
from deadair.domain.incident import Incident
from deadair.domain.late_alarms import still_ringing
from deadair.domain.stages import Status
from deadair.domain.timeline import Fact
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.false_alarm import false_alarm
from deadair.usecases.merge import merge
from deadair.usecases.resolve import resolve
from deadair.usecases.sweep import sweep
from infra.target import Target
from tests.builders import an_actor, an_alarm, an_event_body, an_incident, at
from tests.faults.a_line import ALine
from tests.rooms.escalation_room import SLUG, Escalation
from tests.rooms.intake_room import Intake
from tests.unit.escalating import a_world, facts, on_time, sev1, told

ALARM, OK = AlarmState.ALARM, AlarmState.OK
OTHER = "hubspot-salesforce-errors"
HEARD = 10.1
Step = Transition | str


def lived(*steps: Step) -> Incident:
    """What is left when these happen in this order; whatever comes after the resolution is heard seconds after it."""
    line, now = ALine(), at(9.9)
    line.take(an_alarm(ALARM, 0), now=at(1))
    for step in steps:
        if isinstance(step, Transition):
            line.take(step, now=now)
        else:
            line.heads[1], now = line.heads[1].resolve("Ana Lima", step, at(10)), at(HEARD)
    return line.heads[1]


def after_grace(incident: Incident, **world: Any) -> Incident:
    return due(incident, replace(a_world(incident), **world), at(30)).incident


def shown(incident: Incident) -> tuple[Any, ...]:
    alarms = [(alarm.name, alarm.state, alarm.at) for alarm in incident.alarms.values()]
    return incident.status, incident.resolved_at, incident.reopened, alarms


def test_n3_any_order_of_a_late_alarm_its_ok_and_the_end_leaves_the_same_after_the_grace() -> None:
    steps: list[Step] = [an_alarm(ALARM, 9, name=OTHER), an_alarm(OK, 9.5, name=OTHER), "Rotated."]

    left = {str(shown(after_grace(lived(*order)))) for order in permutations(steps)}

    assert left == {str(shown(lived(*steps)))}
    assert lived(*steps).status is Status.RESOLVED


def late_news() -> st.SearchStrategy[list[Transition]]:
    one = st.builds(
        lambda state, minute, name: an_alarm(state, minute, name=name),
        st.sampled_from([ALARM, ALARM, OK]),
        st.integers(0, 10),
        st.sampled_from(["hubspot-salesforce-silence", OTHER, "hubspot-salesforce-slow"]),
    )
    return st.lists(one, max_size=6)


@settings(max_examples=100, deadline=None)
@given(late_news(), st.data())
def test_n3_whatever_is_heard_after_the_end_in_any_order_it_is_the_same_after_the_grace(
    news: list[Transition], data: Any
) -> None:
    again = data.draw(st.lists(st.sampled_from(news), max_size=3)) if news else []
    mixed = data.draw(st.permutations([*news, *again]))

    one, other = lived("Rotated.", *news), lived("Rotated.", *mixed)

    assert after_grace(one) == after_grace(other)
    # Whoever resolved it knew of the first alarm, and of nothing else.
    unknown = {alarm.name for alarm in one.alarms.values() if alarm.state is ALARM} - {"hubspot-salesforce-silence"}
    assert (after_grace(one).status is Status.OPEN) == bool(unknown)


def test_the_owner_has_all_their_time_again_and_one_entry_says_why() -> None:
    late = replace(lived("Rotated.", an_alarm(ALARM, 9.97, name=OTHER)), tier=sev1().tier)

    after, said = on_time(late, a_world(late), until=17, begin=HEARD)

    assert facts(said) == [Fact.REOPENED, Fact.ESCALATED]
    assert said[0].occurred_at == after.pending_since == at(HEARD + 1)
    assert said[0].text == (
        f"Reopened: still in ALARM: {OTHER} (since 12:09:58 UTC). It began before the end and was heard only after it."
    )
    assert (after.status, after.reopened, after.resolved_at, after.acknowledged_by) == (Status.OPEN, 1, None, "")
    assert told(after) == ["Ben Okafor"]


def test_an_alarm_that_was_known_to_be_ok_at_the_end_and_rang_before_it_wakes_somebody() -> None:
    known = [an_alarm(ALARM, 3, name=OTHER), an_alarm(OK, 5, name=OTHER)]

    assert after_grace(lived(*known, "Rotated.", an_alarm(ALARM, 9, name=OTHER))).is_open


def test_what_was_known_to_ring_at_the_end_stays_as_whoever_ended_it_left_it() -> None:
    for late in (an_alarm(ALARM, 9), an_alarm(ALARM, 9, name=OTHER)):
        known = lived(an_alarm(ALARM, 8, name=OTHER), "It is only slow.", late)
        assert not after_grace(known).is_open


def test_within_the_grace_it_is_only_looked_at_again_when_it_is_over() -> None:
    late = lived("Rotated.", an_alarm(ALARM, 9, name=OTHER))

    found = due(late, a_world(late), at(10.5))

    assert (found.incident, found.entries, found.next_at) == (late, (), at(HEARD + 1))


@pytest.mark.parametrize(("heard_after", "reopen_min", "wakes"), [(59, 30, True), (61, 30, False), (61, 90, True)])
def test_what_is_heard_long_after_the_end_is_old_news(heard_after: int, reopen_min: int, *, wakes: bool) -> None:
    line = ALine()
    line.take(an_alarm(ALARM, 0), now=at(1))
    line.heads[1] = line.heads[1].resolve("Ana Lima", "", at(10))
    line.take(an_alarm(ALARM, 9, name=OTHER), now=at(10 + heard_after))

    world = replace(a_world(line.heads[1]), handling=Handling(reopen_min=reopen_min))
    assert due(line.heads[1], world, at(200)).incident.is_open is wakes


def test_what_another_incident_of_its_line_came_after_stays_over() -> None:
    assert not after_grace(lived("Rotated.", an_alarm(ALARM, 9, name=OTHER)), passed=True).is_open


def test_what_was_merged_goes_on_elsewhere() -> None:
    late = lived("Rotated.", an_alarm(ALARM, 9, name=OTHER))
    merged = sev1(alarms=late.alarms).merge_into(7, "Ana Lima", at(10))

    assert still_ringing(replace(merged, alarms=late.alarms)) == []


class Rooms:
    """The intake and the escalation on the same tables."""

    def __init__(self, stack: Target) -> None:
        self.escalation = Escalation(stack)
        self.escalation.row(alarm_patterns=[f"{SLUG}-*"])
        self.intake = Intake(stack, self.escalation.table)
        self.intake.registry = self.escalation.escalator().registry

    def hear(self, name: str, minutes: float, heard: datetime, state: str = "ALARM") -> int:
        body = an_event_body(f"{SLUG}-{name}", state, at(minutes))
        assert self.intake.consumer().consume([self.intake.record(body)], heard) == []
        return self.intake.store.of_integration(SLUG)[0].number


@pytest.fixture
def rooms(stack: Target) -> Rooms:
    """Both rooms, with one row."""
    return Rooms(stack)


@pytest.mark.stack
@pytest.mark.parametrize("ends", ["resolved", "a false alarm"])
def test_n4_an_alarm_in_flight_while_somebody_ends_its_incident_brings_it_back(rooms: Rooms, ends: str) -> None:
    room, store = rooms.escalation, rooms.intake.store
    number = rooms.hear("silence", 0, at(0.1))
    acknowledge(store, number, an_actor(), now=at(2))
    if ends == "resolved":
        resolve(store, number, an_actor(), "Rotated.", now=at(10))
    else:
        false_alarm(store, number, an_actor(), "A test of the vendor.", now=at(10))
    rooms.hear("errors", 9.97, at(10.08))

    assert not room.look(10.1, number).is_open
    after = room.look(11.2, number)

    assert "at(2026-11-02T12:11:06)" in room.timers()
    assert (after.status, after.reopened, after.pending_since) == (Status.OPEN, 1, at(11.2))
    assert next(entry.fact for entry in room.said(number)) is Fact.REOPENED
    assert rooms.hear("errors", 12, at(12.1), "OK") == number
    room.look(12.2, number)
    assert [entry.fact for entry in room.said(number)].count(Fact.REOPENED) == 1


@pytest.mark.stack
def test_the_sweep_finds_what_no_schedule_looked_at_again(rooms: Rooms) -> None:
    number = rooms.hear("silence", 0, at(0.1))
    resolve(rooms.intake.store, number, an_actor(), "", now=at(10))
    rooms.hear("errors", 9, at(10.1))
    asked: list[int] = []

    sweep(rooms.intake.store, rooms.escalation.errors, asked.extend)

    assert asked == [number]


@pytest.mark.stack
def test_what_opened_meanwhile_is_not_joined_by_an_older_one(rooms: Rooms) -> None:
    first = rooms.hear("silence", 0, at(0.1))
    resolve(rooms.intake.store, first, an_actor(), "", now=at(10))
    rooms.hear("errors", 9, at(10.1))
    second = rooms.hear("silence", 10 + 31, at(10) + timedelta(minutes=31))

    assert second != first
    assert not rooms.escalation.look(42, first).is_open


@pytest.mark.stack
def test_what_the_latest_of_the_line_was_merged_into_is_brought_back(rooms: Rooms) -> None:
    store = rooms.intake.store
    number = rooms.hear("silence", 0, at(0.1))
    store.client.put_item(TableName=store.table, Item=incident_item(an_incident(7, integration="another-feed")))
    merge(store, number, 7, an_actor(), now=at(5))
    store.save(store.get(7), replace(store.get(7), integration=SLUG, version=store.get(7).version + 1))
    resolve(store, 7, an_actor(), "", now=at(10))
    rooms.hear("errors", 9, at(10.1))

    assert rooms.escalation.look(11.2, 7).is_open
