"""Claims about the rhythm of an integration: it carries what its row expects, and crosses none of its thresholds."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.traffic.rhythm import Run
from tests.local.traffic.rows import NOON, a_rhythm, minute

DAY = 24 * 60


def records(runs: list[Run]) -> int:
    return sum(run.tries for run in runs)


@pytest.mark.parametrize("per_hour", [1, 8, 40, 299, 400, 15000])
def test_a_day_holds_what_the_row_expects(per_hour: int) -> None:
    rhythm = a_rhythm(expected={"timezone": "UTC", "per_hour": per_hour})
    first = minute(NOON)

    day = records(list(rhythm.runs(first, first + DAY - 1)))

    assert day == pytest.approx(24 * per_hour, rel=0.05, abs=2)


@given(per_hour=st.integers(1, 299), slug=st.text("abcdefgh", min_size=3, max_size=8))
@settings(deadline=None, max_examples=40)
def test_two_records_are_never_further_apart_than_two_of_their_slots(per_hour: int, slug: str) -> None:
    """Chance alone must not look like silence."""
    rhythm = a_rhythm(slug, expected={"timezone": "UTC", "per_hour": per_hour})
    first = minute(NOON)
    filled = [number for number, run in enumerate(rhythm.runs(first, first + 6 * 60)) if run.tries]

    assert all(later - earlier <= 2 * 60 / per_hour + 1 for earlier, later in pairwise(filled))


def test_nothing_is_carried_outside_the_expected_hours() -> None:
    rhythm = a_rhythm(
        expected={"timezone": "Europe/Berlin", "per_hour": 600, "weekdays": ["wed"], "hours": "09:00-10:00"}
    )
    nine = minute(datetime(2026, 11, 18, 8, 0, tzinfo=UTC))

    day = list(rhythm.runs(nine - 8 * 60, nine + 16 * 60))

    assert {run.at.hour for run in day if run.tries} == {8}
    assert (rhythm.expects(nine), rhythm.expects(nine - 1), rhythm.expects(nine + 60)) == (True, False, False)


def test_an_unknown_volume_is_a_modest_one() -> None:
    rhythm = a_rhythm(expected={"timezone": "UTC"})

    assert records(list(rhythm.runs(minute(NOON), minute(NOON) + 59))) == pytest.approx(60, abs=2)


def test_the_same_minute_always_looks_the_same() -> None:
    first = minute(NOON)

    assert list(a_rhythm().runs(first, first + 60)) == list(a_rhythm().runs(first, first + 60))
    assert list(a_rhythm("other").runs(first, first + 60)) != list(a_rhythm().runs(first, first + 60))


def test_a_stretch_told_in_steps_holds_the_same_records() -> None:
    rhythm, first = a_rhythm(expected={"timezone": "UTC", "per_hour": 4000}), minute(NOON)

    assert records(list(rhythm.runs(first, first + 89, 30))) == records(list(rhythm.runs(first, first + 89)))


def test_a_healthy_day_stays_below_every_threshold_and_limit() -> None:
    limits = [{"calls": 5, "per": "second"}, {"calls": 3000, "per": "day"}]
    rhythm = a_rhythm(
        expected={"timezone": "UTC", "per_hour": 12000},
        thresholds={"error_rate_pct": 0.1, "latency_p95_ms": 800},
        rate_limits=limits,
    )
    first = minute(NOON)
    day = list(rhythm.runs(first, first + DAY - 1))

    assert all(run.errors <= run.tries * 0.0005 for run in day)
    assert max(run.latency_ms for run in day) < 800
    assert sum(run.calls for run in day) <= 3000 / 2
    assert max(run.calls for run in day) <= 5 * 60 / 2


def test_a_run_ends_in_its_own_minute_at_the_second_of_its_integration() -> None:
    rhythm, first = a_rhythm(), minute(NOON)
    (run,) = rhythm.runs(first, first)

    assert minute(run.at) == first
    assert run.at.second == rhythm.second
    sent = run.at.timestamp()
    assert (rhythm.last_minute(sent), rhythm.last_minute(sent - 1)) == (first, first - 1)
    assert run.at - timedelta(seconds=rhythm.second) == run.at.replace(second=0)
