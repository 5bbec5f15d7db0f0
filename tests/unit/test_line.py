"""Claims about what transitions do to an integration, in any order, twice, late and early."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.adapters.dynamodb.incident_items import incident_fields
from deadair.adapters.dynamodb.items import to_item
from deadair.domain.alarm import AlarmState, Evidence, Signal, Transition
from deadair.domain.alarms_together import MOST_ALARMS
from deadair.domain.early import Arrival
from deadair.domain.incident import Incident
from deadair.domain.line import Line, Outcome, rule
from deadair.domain.severity import FailureClass
from deadair.domain.timeline import Entry
from tests.builders import an_alarm, an_arrival, an_integration, at, held

ALARM, OK, NONE = AlarmState.ALARM, AlarmState.OK, AlarmState.INSUFFICIENT_DATA


class Memory:
    """The least that a store does: transitions once, the line, its incidents."""

    def __init__(self) -> None:
        self.line = Line("hubspot-salesforce")
        self.incidents: dict[int, Incident] = {}
        self.entries: dict[str, Entry] = {}
        self.seen: set[str] = set()

    def take(self, transition: Transition) -> Outcome:
        if transition.key in self.seen:
            return Outcome.DUPLICATE
        self.seen.add(transition.key)
        latest = self.incidents.get(self.line.number or 0)
        number = len(self.incidents) + 1
        ruling = rule(Arrival(transition, transition.key), held(), self.line, latest, number=number, now=at(60))
        self.line = ruling.line or self.line
        if ruling.incident:
            self.incidents[ruling.incident.number] = ruling.incident
        self.entries |= {entry.id: entry for entry in ruling.entries}
        return ruling.outcome

    def state(self) -> object:
        """Everything that must not depend on the order of arrival."""
        told = sorted((e.id, e.occurred_at, e.text) for e in self.entries.values())
        shown = [
            ((i.started_at, i.detected_at, i.recovered_at), (i.status, i.signal, i.failure_class, i.finding), i.alarms)
            for i in self.incidents.values()
        ]
        return (told, shown)


def after(transitions: list[Transition]) -> Memory:
    memory = Memory()
    for transition in transitions:
        memory.take(transition)
    return memory


def test_an_alarm_opens_an_incident_for_the_named_owner() -> None:
    memory = after([an_alarm()])

    assert memory.incidents[1].owner.name == "Ana Lima"
    assert memory.incidents[1].failure_class is FailureClass.SILENCE


def test_the_same_transition_three_times_leaves_one_entry() -> None:
    memory = Memory()

    assert [memory.take(an_alarm()) for _ in range(3)] == [Outcome.OPENED, Outcome.DUPLICATE, Outcome.DUPLICATE]
    assert len(memory.entries) == 1


def test_an_ok_without_an_alarm_opens_nothing() -> None:
    memory = Memory()

    assert memory.take(an_alarm(OK)) is Outcome.IGNORED
    assert memory.incidents == {}


def test_an_ok_that_came_before_its_alarm_is_found_again() -> None:
    memory = after([an_alarm(OK, 5), an_alarm(ALARM, 0)])

    assert memory.incidents[1].recovered_at == at(5)
    assert len(memory.entries) == 2


def test_at_the_same_instant_alarm_wins() -> None:
    for order in permutations([an_alarm(ALARM, 0), an_alarm(OK, 0)]):
        assert after(list(order)).incidents[1].recovered_at is None


def test_a_second_alarm_of_the_integration_joins_and_recovery_waits_for_both() -> None:
    errors = "hubspot-salesforce-errors"
    told = [an_alarm(ALARM, 0), an_alarm(ALARM, 1, name=errors), an_alarm(OK, 2)]
    memory = after(told)

    assert len(memory.incidents) == 1
    assert memory.incidents[1].recovered_at is None
    memory.take(an_alarm(OK, 3, name=errors))
    assert memory.incidents[1].recovered_at == at(3)


def test_an_alarm_long_after_the_end_opens_a_new_incident_and_one_before_it_does_not() -> None:
    memory = after([an_alarm(ALARM, 0)])
    memory.incidents[1] = memory.incidents[1].resolve("Ana Lima", "", at(10))

    assert memory.take(an_alarm(ALARM, 9, name="hubspot-salesforce-errors")) is Outcome.APPENDED
    assert memory.take(an_alarm(OK, 11)) is Outcome.RECOVERED
    assert memory.take(an_alarm(ALARM, 41)) is Outcome.OPENED


def test_consent_is_never_under_sev2() -> None:
    row = an_integration("opt-out", consent=True)
    ruling = rule(an_arrival(), held(row), Line("opt-out"), None, number=1, now=at(1))

    assert ruling.incident is not None
    assert ruling.incident.severity == "SEV2"


def test_a_secret_in_the_reason_does_not_reach_the_timeline() -> None:
    told = an_alarm(reason="401, Authorization: Bearer abcdefghijkl0123456789")
    ruling = rule(an_arrival(told), held(), Line("x"), None, number=1, now=at(1))

    assert "abcdefghijkl" not in ruling.entries[0].text
    assert "[redacted]" in ruling.entries[0].text


NAMES = ("hubspot-salesforce-silence", "hubspot-salesforce-errors")
TRANSITIONS = st.lists(
    st.builds(
        lambda state, minutes, name: an_alarm(state, minutes, name=name, signal=Signal.UNKNOWN),
        st.sampled_from([ALARM, OK, NONE]),
        st.integers(0, 6),
        st.sampled_from(NAMES),
    ),
    min_size=1,
    max_size=7,
)


@given(TRANSITIONS, st.data())
def test_any_order_and_any_duplication_ends_the_same(told: list[Transition], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(told + data.draw(st.lists(st.sampled_from(told), max_size=4))))

    assert after(shuffled).state() == after(told).state()


# Which evidence a transition was recorded with is part of it: the same each time it is told.
AUTH = Evidence("9 of 9 calls answered 401 in the last minute", FailureClass.AUTH)
LIMIT = Evidence("8 of 9 calls answered 429 in the last minute", FailureClass.RATE_LIMIT)
EVIDENCE = (None, AUTH, None, LIMIT)
EXPLAINED = st.lists(
    st.builds(
        lambda state, minutes, signal: an_alarm(
            state,
            minutes,
            name=f"crm-{signal}",
            signal=signal,
            evidence=EVIDENCE[(minutes + len(signal)) % len(EVIDENCE)] if state is ALARM else None,
        ),
        st.sampled_from([ALARM, ALARM, OK]),
        st.integers(0, 6),
        st.sampled_from([Signal.ERROR_RATE, Signal.SILENCE, Signal.LATENCY, Signal.FRESHNESS, Signal.UNKNOWN]),
    ),
    min_size=1,
    max_size=7,
)


@given(EXPLAINED, st.data())
def test_evidence_and_class_end_the_same_in_any_order(told: list[Transition], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(told + data.draw(st.lists(st.sampled_from(told), max_size=4))))

    assert after(shuffled).state() == after(told).state()


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_flapping_ends_the_same_in_every_order(order: tuple[int, ...]) -> None:
    told = [an_alarm(state, minute) for minute, state in enumerate([ALARM, OK, ALARM, OK])]

    assert after([told[i] for i in order]).state() == after(told).state()


def test_an_incident_of_a_thousand_alarms_stays_one_item_and_tells_each() -> None:
    wide = "\N{PILE OF POO}" * 1000
    alarms = [an_alarm(name=f"{n}-{wide}", minutes=n / 100, started_at=at(n / 100)) for n in range(1000)]
    memory = after(alarms)
    memory.take(an_alarm(OK, minutes=50, name=alarms[-1].alarm.name))

    (incident,) = memory.incidents.values()
    assert item_size(to_item(incident_fields(replace(incident, fix="ß" * 1000, runbook="r" * 2000)))) < 400 * 1024
    assert len(memory.entries) == 1001
    assert incident.recovered_at is None


def test_an_incident_with_too_many_alarms_is_never_said_to_have_recovered() -> None:
    names = [f"alarm-{n}" for n in range(MOST_ALARMS + 1)]
    memory = after([an_alarm(name=name) for name in names])
    for name in names:
        memory.take(an_alarm(OK, minutes=1, name=name))

    (incident,) = memory.incidents.values()
    assert incident.recovered_at is None
    assert len(memory.entries) == 2 * len(names)


def item_size(value: dict[str, Any]) -> int:
    """What DynamoDB counts: the bytes of names and values, three for each map, one for each pair in it."""
    size = 0
    for name, typed in value.items():
        ((kind, inner),) = typed.items()
        inside = 3 + len(inner) + item_size(inner) if kind == "M" else len(str(inner).encode())
        size += len(name.encode()) + inside
    return size
