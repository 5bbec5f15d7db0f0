"""Claims about the end of the expected hours: an OK for want of anything to expect is no recovery, in any order."""

import json
from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarm_intake.consumer import read_message
from deadair.domain.alarm import RESTS, AlarmState, Signal, Transition
from deadair.domain.diagnosis import RESTING, Point, low_since, rests
from tests.builders import an_alarm, an_event, at
from tests.unit.test_line import after

NOW = datetime(2026, 11, 3, tzinfo=UTC)
CARRIERS = ("rests.json", "rests-notification.json", "rests-lambda-action.json")
ALARM, OK, NONE = AlarmState.ALARM, AlarmState.OK, AlarmState.INSUFFICIENT_DATA


def read(body: str) -> Transition:
    found = read_message(body, NOW, lambda _key: b"")
    assert isinstance(found, Transition)
    return found


def with_points(*values: float, name: str = "rests.json") -> Transition:
    event = json.loads(an_event(name))
    data = json.loads(event["detail"]["state"]["reasonData"])
    data |= {"recentDatapoints": list(values), "evaluatedDatapoints": []}
    event["detail"]["state"]["reasonData"] = json.dumps(data)
    return read(json.dumps(event))


@pytest.mark.parametrize("carrier", CARRIERS)
def test_whoever_carries_it_the_end_of_the_hours_is_no_recovery(carrier: str) -> None:
    found = read(an_event(carrier))

    assert (found.state, found.signal) == (NONE, Signal.SILENCE)
    assert RESTING in found.notes


def test_all_carriers_tell_the_same_transition() -> None:
    assert len({read(an_event(carrier)).key for carrier in CARRIERS}) == 1


@pytest.mark.parametrize("values", [(0.0, 5.0, RESTS), (1.0, RESTS), (3.0,), (RESTS, 0.0, 2.0)])
def test_records_that_reached_the_floor_are_a_recovery(values: tuple[float, ...]) -> None:
    assert with_points(*values).state is OK


@pytest.mark.parametrize("values", [(RESTS,), (0.0, RESTS), (RESTS, RESTS), (RESTS, 0.0, 0.9)])
def test_nothing_but_rest_is_none(values: tuple[float, ...]) -> None:
    assert with_points(*values).state is NONE


def test_a_billion_free_bytes_are_no_rest() -> None:
    assert not rests(Signal.UNKNOWN, [Point(RESTS)], 5e8)


def test_the_timeline_says_it_calmly() -> None:
    memory = after([read(an_event("silence-of-zeros.json")), read(an_event("rests.json"))])

    (incident,) = memory.incidents.values()
    texts = [entry.text for entry in memory.entries.values()]
    assert incident.recovered_at is None
    assert texts[1] == (
        "deadair-form-marketo-silence rests: outside its expected hours nothing is expected; this is no recovery."
    )


def test_what_came_early_is_told_in_the_same_words() -> None:
    told = [read(an_event("silence-of-zeros.json")), read(an_event("rests.json"))]

    assert after(told[::-1]).state() == after(told).state()


def resting(minutes: float) -> Transition:
    return an_alarm(NONE, minutes, notes=(RESTING,), rests=True)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_an_evening_between_two_silences_is_no_recovery_in_any_order(order: tuple[int, ...]) -> None:
    told = [an_alarm(ALARM, 0), resting(10), an_alarm(ALARM, 20), resting(30)]
    memory = after([told[i] for i in order])

    assert memory.state() == after(told).state()
    assert memory.incidents[1].recovered_at is None


@given(st.lists(st.sampled_from([ALARM, OK, NONE]), min_size=1, max_size=6), st.data())
def test_rests_among_all_else_end_the_same_in_any_order(states: list[AlarmState], data: st.DataObject) -> None:
    told = [resting(n) if state is NONE else an_alarm(state, n) for n, state in enumerate(states)]
    shuffled = data.draw(st.permutations(told + data.draw(st.lists(st.sampled_from(told), max_size=3))))

    assert after(shuffled).state() == after(told).state()


def test_a_silence_of_real_zeros_is_silence_since_its_oldest_zero() -> None:
    found = read(an_event("silence-of-zeros.json"))

    assert found.signal is Signal.SILENCE
    assert found.started_at == datetime(2026, 11, 2, 10, tzinfo=UTC)


def test_a_sentence_alone_tells_since_when_as_well() -> None:
    event = json.loads(an_event("silence-of-zeros.json"))
    event["detail"]["state"]["reasonData"] = None

    assert read(json.dumps(event)).started_at == datetime(2026, 11, 2, 10, tzinfo=UTC)


def test_an_older_silence_that_ended_is_not_the_beginning_of_this_one() -> None:
    points = [Point(0, at(0)), Point(4, at(5)), Point(0, at(10)), Point(None, at(15))]

    assert low_since(points, 1) == at(10)
    assert low_since(points[:2], 1) is None


@pytest.mark.parametrize("digits", ["1" * 100_000, "[" * 100_000, "0.0 (" * 50_000, "1.0 (99/99/99 99:99:99)"])
def test_an_absurd_sentence_is_read_in_no_time(digits: str) -> None:
    event = json.loads(an_event("rests.json"))
    event["detail"]["state"] |= {"reason": digits, "reasonData": None}

    assert read(json.dumps(event)).state is OK
