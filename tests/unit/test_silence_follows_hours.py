"""Silence is loud inside the expected hours and rests outside them, whatever the clocks do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from deadair.domain.alarm import RESTS
from deadair.domain.expectation import WEEKDAYS, Expectation, expectation_of
from deadair.domain.watch import Watch
from deadair.domain.window import STANDS
from infra.local.alarm_rules import State
from infra.local.metric_math import compute
from tests.unit.watching import MINUTE, Records, a_watch, judged, period_of, returned, series_of, window_of

DAY = timedelta(days=1)
# The instants at which clocks change, one of each direction in each hemisphere, a half-hour change and Ramadan's.
CHANGES = {
    "Europe/Berlin, forward": ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    "Europe/Berlin, back": ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "America/New_York, forward": ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    "Australia/Sydney, forward": ("Australia/Sydney", datetime(2026, 10, 3, 16, tzinfo=UTC)),
    "Australia/Sydney, back": ("Australia/Sydney", datetime(2026, 4, 4, 16, tzinfo=UTC)),
    "Australia/Lord_Howe, forward": ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    "Australia/Lord_Howe, back": ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    "Africa/Casablanca, Ramadan": ("Africa/Casablanca", datetime(2026, 2, 15, 2, tzinfo=UTC)),
    "Asia/Kolkata, never": ("Asia/Kolkata", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    "Asia/Kathmandu, never": ("Asia/Kathmandu", datetime(2026, 10, 25, 1, tzinfo=UTC)),
}
OFFICE = {"weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "hours": "07:30-20:00"}
NIGHT = {"weekdays": ["sat", "sun"], "hours": "22:15-05:45"}


def nothing(_: datetime) -> float | None:
    return None


def healthy(expectation: Expectation) -> Records:
    """In every expected minute what is expected of it, and at least one record; else not even a zero."""
    return lambda at: max(1.0, (expectation.per_hour(at) or 0.0) / 60) if expectation.expects(at) else None


def until(end: datetime, records: Records) -> Records:
    return lambda at: records(at) if at < end else None


def week_of(change: datetime) -> datetime:
    return (change - timedelta(days=change.weekday() + 1)).replace(hour=0, minute=0)


def over_the_week(change: datetime, row: dict[str, Any], records: Records) -> Iterator[tuple[datetime, State, Watch]]:
    """A week of evaluations; the definition is renewed each day, but the one before the change stands two days more."""
    start = week_of(change)
    renewed = [start + DAY * day for day in range(9) if not change - DAY < start + DAY * day <= change + DAY]
    made = [max(at for at in renewed if at <= start + DAY * day) for day in range(8)]
    for day, made_at in enumerate(made):
        watch = a_watch("silence", made_at, **row)
        for verdict in judged(watch, start + DAY * day, start + DAY * (day + 1), records):
            yield verdict.at, verdict.state, watch


def wholly_expected(expectation: Expectation, end: datetime, window: timedelta) -> bool:
    return all(expectation.expects(end - minute * MINUTE) for minute in range(1, int(window / MINUTE) + 1))


@pytest.mark.parametrize("span", [OFFICE, NIGHT], ids=["office", "night"])
@pytest.mark.parametrize("named", CHANGES)
@pytest.mark.parametrize("since", [None, 2], ids=["all week", "from Wednesday"])
def test_in_the_week_of_a_change_silence_is_told_inside_the_hours_and_never_outside(
    named: str, span: dict[str, Any], since: int | None
) -> None:
    zone, change = CHANGES[named]
    row = {"expected": {"timezone": zone, "per_hour": 60, **span}, "thresholds": {"silence_min": 60}}
    expectation = expectation_of(row)
    assert expectation is not None
    silent_from = week_of(change) + DAY * (since or 0) + timedelta(hours=9)
    records = nothing if since is None else until(silent_from, healthy(expectation))

    told = set()
    for at, state, watch in over_the_week(change, row, records):
        if state is State.ALARM:
            assert wholly_expected(expectation, at, window_of(watch)), f"{at} is outside"
            assert since is None or at > silent_from
            told.add(at.astimezone(expectation.zone).date())

    assert {day.weekday() for day in told} >= ({3, 4, 5} if span is OFFICE else {6})


@pytest.mark.parametrize("named", CHANGES)
def test_in_the_week_of_a_change_a_healthy_integration_raises_no_alarm(named: str) -> None:
    zone, change = CHANGES[named]
    row = {
        "expected": {"timezone": zone, "profile": [OFFICE | {"per_hour": 600}, {"per_hour": 60}]},
        "thresholds": {"silence_min": 20, "floor_pct": 90},
    }
    expectation = expectation_of(row)
    assert expectation is not None

    states = {state for _, state, _ in over_the_week(change, row, healthy(expectation))}

    assert states == {State.OK}


@pytest.mark.parametrize("never_had_data", [True, False])
def test_silence_is_told_within_its_window_and_one_period(*, never_had_data: bool) -> None:
    row = {"expected": {"timezone": "Europe/Berlin", **OFFICE}, "thresholds": {"silence_min": 60}}
    expectation = expectation_of(row)
    assert expectation is not None
    opens = datetime(2026, 11, 18, 6, 30, tzinfo=UTC)
    ends = opens if never_had_data else opens + timedelta(hours=3)
    records = nothing if never_had_data else until(ends, healthy(expectation))
    watch = a_watch("silence", opens - DAY, **row)

    first = next(v.at for v in judged(watch, opens - DAY / 4, opens + DAY, records) if v.state is State.ALARM)

    assert ends + timedelta(minutes=60) <= first <= ends + timedelta(minutes=60) + period_of(watch)


def test_at_closing_time_an_alarm_rests_and_says_so() -> None:
    row = {"expected": {"timezone": "Europe/Berlin", **OFFICE}, "thresholds": {"silence_min": 60}}
    watch = a_watch("silence", datetime(2026, 11, 18, tzinfo=UTC), **row)
    closes = datetime(2026, 11, 18, 19, tzinfo=UTC)

    states = {v.at: v.state for v in judged(watch, closes - DAY / 4, closes + DAY / 4, nothing)}

    assert states[closes] is State.ALARM
    assert states[closes + period_of(watch)] is State.OK
    assert returned(watch, [closes], nothing) == {closes: RESTS}


@pytest.mark.parametrize("records", [nothing, lambda _: 0.0], ids=["FILL leaves it empty", "FILL fills it"])
@pytest.mark.parametrize("pct", [None, 50])
def test_however_cloudwatch_reads_a_metric_without_any_value_silence_rests_outside_and_sounds_inside(
    pct: float | None, records: Records
) -> None:
    row = {
        "expected": {"timezone": "Europe/Berlin", "per_hour": 600, **OFFICE},
        "thresholds": {"silence_min": 60, "floor_pct": pct},
    }
    watch = a_watch("silence", datetime(2026, 11, 18, tzinfo=UTC), **row)
    noon, midnight = datetime(2026, 11, 18, 12, tzinfo=UTC), datetime(2026, 11, 19, 0, tzinfo=UTC)
    series = series_of(watch, [noon, midnight], records)
    whole_night = series_of(watch, [midnight], records)
    if_of = watch.definition["Metrics"][-1]["Expression"]

    assert series["e"] == {noon: 0.0, midnight: RESTS}
    assert series["v"].keys() == {noon, midnight}, "IF never meets an empty series"
    assert whole_night["v"].keys() == {midnight}, "nor by a division by 0"
    assert compute(if_of, series | {"v": {}}, [noon, midnight]) == series["e"], "and were it one, the guide says so"


def test_without_an_expectation_something_is_always_expected() -> None:
    watch = a_watch("silence", datetime(2026, 11, 18, tzinfo=UTC), thresholds={"silence_min": 30})
    start = datetime(2026, 11, 21, 3, tzinfo=UTC)

    states = {v.state for v in judged(watch, start, start + timedelta(hours=2), nothing)}

    assert states == {State.ALARM}


def test_fewer_records_than_the_floor_are_silence_and_the_floor_follows_the_hour() -> None:
    row = {
        "expected": {"profile": [{"hours": "08:00-18:00", "per_hour": 600}, {"per_hour": 12}]},
        "thresholds": {"silence_min": 30, "floor_pct": 50},
    }
    day = datetime(2026, 11, 18, tzinfo=UTC)
    watch = a_watch("silence", day, **row)

    by_night = {v.state for v in judged(watch, day + timedelta(hours=1), day + timedelta(hours=7), lambda _: 1.0)}
    by_day = {v.state for v in judged(watch, day + timedelta(hours=9), day + timedelta(hours=17), lambda _: 4.0)}
    enough = {v.state for v in judged(watch, day + timedelta(hours=9), day + timedelta(hours=17), lambda _: 5.0)}

    assert (by_night, by_day, enough) == ({State.OK}, {State.ALARM}, {State.OK})


TIMES = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
SPAN = st.fixed_dictionaries(
    {
        "weekdays": st.lists(st.sampled_from(WEEKDAYS), unique=True),
        "hours": st.tuples(TIMES, TIMES).filter(lambda hours: hours[0] != hours[1]).map("-".join),
        "per_hour": st.one_of(st.none(), st.sampled_from([0, 0.5, 12, 90, 600, 40000])),
    }
)
ROWS = st.fixed_dictionaries(
    {
        "timezone": st.sampled_from(sorted({zone for zone, _ in CHANGES.values()} | {"UTC", "Pacific/Chatham"})),
        "profile": st.lists(SPAN, min_size=1, max_size=6),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    expected=ROWS,
    window_min=st.sampled_from([1, 5, 29, 31, 60, 75, 240, 600, 1440, 10080]),
    pct=st.sampled_from([None, 1, 37.5, 100]),
    made_h=st.integers(0, 366 * 24),
    phase_min=st.integers(0, 359),
)
def test_whatever_is_expected_in_whatever_zone_silence_never_sounds_outside_and_does_inside(
    expected: dict[str, Any], window_min: int, pct: float | None, made_h: int, phase_min: int
) -> None:
    row = {"expected": expected, "thresholds": {"silence_min": window_min, "floor_pct": pct}}
    expectation = expectation_of(row)
    assert expectation is not None
    assume(any(level.per_hour != 0 for level in expectation.levels))
    made = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=made_h)
    watch = a_watch("silence", made, **row)
    window, period = window_of(watch), period_of(watch)
    start, end = made + phase_min * MINUTE, made + STANDS - period

    alarms = {v.at for v in judged(watch, start, end, nothing) if v.state is State.ALARM}
    assert all(wholly_expected(expectation, at, window) for at in alarms)
    assert not any(v.state is State.ALARM for v in judged(watch, start, end, healthy(expectation)))

    clocks = expectation.offsets(made - timedelta(minutes=window_min), made + STANDS)
    lost = timedelta(minutes=max(clocks) - min(clocks))
    assume(not watch.note or not lost)
    for opens, closes in stretches(expectation, start, end):
        if closes - opens >= window + period + 2 * lost:
            first = min((at for at in alarms if opens + window <= at), default=None)
            assert first is not None
            assert first <= opens + window + period + lost, f"silent from {opens}"


def stretches(expectation: Expectation, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Where something is expected throughout, by minutes, between two instants."""
    minutes = [start + minute * MINUTE for minute in range(int((end - start) / MINUTE))]
    edges = [start] if expectation.expects(start) else []
    edges += [b for a, b in pairwise(minutes) if expectation.expects(a) != expectation.expects(b)]
    edges += [end] if len(edges) % 2 else []
    return zip(edges[::2], edges[1::2], strict=True)
