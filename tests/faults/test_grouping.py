"""Faults of grouping: flapping, news in any order around what people do, two people at one incident."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadair.adapters.dynamodb.incidents import incident_writes
from deadair.domain.alarm import AlarmState, Transition
from deadair.domain.errors import IllegalTransition, Stale
from deadair.domain.incident import Incident
from deadair.domain.stages import Status
from deadair.domain.timeline import Actor, Entry, Fact
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.note import note
from deadair.usecases.resolve import resolve
from deadair.usecases.step import entry_of
from infra.target import Target
from tests.builders import ANA, BEN, an_actor, an_alarm, an_incident, at
from tests.faults.a_line import ALine
from tests.rooms.intake_room import Intake

ALARM, OK = AlarmState.ALARM, AlarmState.OK
ROUNDS = 200


@pytest.mark.stack
def test_fault_06_twenty_changes_in_twenty_minutes_are_one_incident_that_flaps(stack: Target, table: str) -> None:
    intake = Intake(stack, table)
    for minute in range(10):
        intake.take(intake.event("OK" if minute % 2 else "ALARM", minute))
    (incident,) = intake.incidents()
    resolve(intake.store, incident.number, an_actor(), now=at(9.5))
    for minute in range(10, 20):
        intake.take(intake.event("OK" if minute % 2 else "ALARM", minute))

    (same,) = intake.incidents()
    assert (same.number, same.flapping, same.reopened) == (incident.number, True, 1)
    told = [entry for entry in intake.store.timeline(same.number) if entry.source == "alarm"]
    assert [entry.occurred_at for entry in told] == [at(minute) for minute in range(20)]
    assert [entry.fact for entry in told].count(Fact.REOPENED) == 1


@given(st.permutations(range(12)))
def test_fault_06_that_it_flaps_does_not_depend_on_the_order_of_its_news(order: list[int]) -> None:
    line = ALine()
    line.take(*[an_alarm(ALARM if minute % 2 == 0 else OK, minute) for minute in order])

    assert line.heads[1].flapping


def test_fault_06_three_alarms_an_hour_do_not_flap() -> None:
    line = ALine()
    line.take(*[an_alarm(ALARM if minute % 20 == 0 else OK, minute) for minute in range(0, 120, 10)])

    assert not line.heads[1].flapping


NAMES = ("hubspot-salesforce-silence", "hubspot-salesforce-errors")


def news(first: int, last: int) -> st.SearchStrategy[list[Transition]]:
    """Some news between two minutes."""
    one = st.builds(
        lambda state, minute, name: an_alarm(state, minute, name=name),
        st.sampled_from([ALARM, ALARM, OK]),
        st.integers(first, last),
        st.sampled_from(NAMES),
    )
    return st.lists(one, max_size=6)


def step(line: ALine, number: int, after: Incident, fact: Fact, now: datetime) -> None:
    line.heads[number] = after
    line.entries[number].append(entry_of(after, Actor(ANA, an_actor().source), fact, "Said.", now=now))


def life(before: list[Transition], between: list[Transition], after: list[Transition]) -> str:
    """News, a resolution at minute 10, news, an acknowledgement and a false alarm at 20, news."""
    line = ALine()
    line.take(an_alarm(ALARM, 0), *before, now=at(10))
    step(line, 1, line.heads[1].resolve("Ana Lima", "Rotated.", at(10)), Fact.RESOLVED, at(10))
    line.take(*between, now=at(20))
    if line.heads[1].is_open:
        step(line, 1, line.heads[1].acknowledge("Ana Lima", at(20)), Fact.ACKNOWLEDGED, at(20))
        step(line, 1, line.heads[1].false_alarm("Ana Lima", at(20)), Fact.FALSE_ALARM, at(20))
    line.take(*after, now=at(60))
    return line.said()


@settings(max_examples=120, deadline=None)
@given(news(0, 10), news(0, 20), news(0, 40), st.data())
def test_n3_around_the_same_steps_of_people_any_order_and_repetition_leave_the_same(
    before: list[Transition], between: list[Transition], after: list[Transition], data: Any
) -> None:
    def mixed(told: list[Transition]) -> list[Transition]:
        again = data.draw(st.lists(st.sampled_from(told), max_size=3)) if told else []
        return list(data.draw(st.permutations([*told, *again])))

    assert life(mixed(before), mixed(between), mixed(after)) == life(before, between, after)


def the_one_opened(intake: Intake, number: int) -> Incident:
    incident = an_incident(number, integration=f"feed-{number}")
    opening = Entry(incident.id, "first", Fact.OPENED, at(0), at(0), "CloudWatch", an_actor().source, "Opened.")
    saved, writes = incident_writes(intake.table, incident, 0, [opening])
    intake.store.commit(writes, incident.id)
    return saved


@pytest.mark.stack
def test_fault_30_of_two_people_one_has_it_and_the_other_sees_who(stack: Target, table: str) -> None:
    intake, ready = Intake(stack, table), Barrier(2)

    def has_it(actor: Actor, number: int) -> str:
        ready.wait()
        return _again(lambda: _acknowledged(intake, number, actor))

    with ThreadPoolExecutor(2) as pool:
        for number in range(10_001, 10_001 + ROUNDS):
            the_one_opened(intake, number)
            deputy = an_actor(BEN, stands_in_for=f"feed-{number}")
            told = list(pool.map(has_it, (an_actor(ANA), deputy), (number, number)))
            incident = intake.store.get(number)
            assert sorted(told) == sorted(["acknowledged", f"{incident.acknowledged_by} has it"])
            assert incident.version == 2


@pytest.mark.stack
def test_fault_30_what_two_people_say_at_once_is_both_told(stack: Target, table: str) -> None:
    intake = Intake(stack, table)
    the_one_opened(intake, 20_002)

    def says(actor: Actor) -> None:
        for line in range(ROUNDS // 10):
            _again(partial(_noted, intake, 20_002, actor, f"{actor.person.name} {line}."))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(says, (an_actor(ANA), an_actor(BEN))))

    told = {entry.text for entry in intake.store.timeline(20_002) if entry.fact is Fact.NOTED}
    assert told == {f"{who.name} {line}." for who in (ANA, BEN) for line in range(ROUNDS // 10)}


def _noted(intake: Intake, number: int, actor: Actor, text: str) -> str:
    return note(intake.store, number, actor, text, now=at(2)).id


def _acknowledged(intake: Intake, number: int, actor: Actor) -> str:
    try:
        acknowledge(intake.store, number, actor, now=at(1))
    except IllegalTransition:
        return f"{intake.store.get(number).acknowledged_by} has it"
    return "acknowledged"


def _again(step: Callable[[], str]) -> str:
    """Take the step once more whenever it was overtaken, as the rooms do."""
    while True:
        with suppress(Stale):
            return step()


@pytest.mark.stack
def test_fault_30_a_step_that_no_longer_applies_changes_nothing(stack: Target, table: str) -> None:
    intake = Intake(stack, table)
    the_one_opened(intake, 20_001)
    over = resolve(intake.store, 20_001, an_actor(), now=at(1))

    with pytest.raises(IllegalTransition) as refused:
        resolve(intake.store, 20_001, an_actor(BEN), now=at(2))
    assert (refused.value.field, refused.value.remedy) == ("status", "reopen 20001")
    assert intake.store.get(20_001) == over
    assert over.status is Status.RESOLVED
