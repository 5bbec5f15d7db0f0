"""What a row expects, at any instant of any zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.expectation import Expectation, expectation_of

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)


def expects(**expected: object) -> Expectation:
    found = expectation_of({"expected": expected})
    assert found is not None
    return found


def test_a_row_that_says_nothing_has_no_expectation() -> None:
    assert expectation_of({}) is None
    assert expectation_of({"expected": None}) is None


@pytest.mark.parametrize(
    ("local", "per_hour"),
    [
        ("2026-11-16T06:59:59", 0.0),
        ("2026-11-16T07:00:00", 40.0),
        ("2026-11-16T19:59:59", 40.0),
        ("2026-11-16T20:00:00", 0.0),
        ("2026-11-21T12:00:00", 0.0),
    ],
)
def test_hours_are_those_of_the_zone_on_the_weekdays_named(local: str, per_hour: float) -> None:
    expectation = expects(timezone="Europe/Berlin", per_hour=40, weekdays=["mon", "tue"], hours="07:00-20:00")
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Berlin"))

    assert expectation.per_hour(at) == per_hour
    assert expectation.expects(at) == (per_hour > 0)


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    expectation = expects(weekdays=["sun"], hours="22:00-06:00")

    assert expectation.per_hour(datetime(2026, 11, 15, 22, tzinfo=UTC)) is None
    assert expectation.per_hour(datetime(2026, 11, 16, 5, 59, tzinfo=UTC)) is None
    assert expectation.per_hour(datetime(2026, 11, 16, 6, tzinfo=UTC)) == 0.0
    assert expectation.per_hour(datetime(2026, 11, 15, 5, tzinfo=UTC)) == 0.0


def test_the_first_span_of_a_profile_that_fits_counts() -> None:
    expectation = expects(
        profile=[
            {"weekdays": ["mon"], "hours": "12:00-13:00", "per_hour": 0},
            {"weekdays": ["mon"], "hours": "08:00-18:00", "per_hour": 100},
            {"weekdays": [], "per_hour": 5},
        ]
    )

    hourly = [expectation.per_hour(MONDAY + timedelta(hours=hour)) for hour in (3, 8, 12, 13, 18, 30)]

    assert hourly == [5, 100, 0, 100, 5, 5]


def test_a_volume_that_nobody_knows_is_expected_all_the_same() -> None:
    expectation = expects(timezone="Asia/Kathmandu", hours="07:30-08:00")

    assert expectation.per_hour(datetime(2026, 11, 16, 1, 45, tzinfo=UTC)) is None
    assert expectation.expects(datetime(2026, 11, 16, 1, 45, tzinfo=UTC))
    assert not expectation.expects(datetime(2026, 11, 16, 2, 15, tzinfo=UTC))


HALF_HOURS = st.integers(0, 47).map(lambda half: f"{half // 2:02}:{half % 2 * 30:02}")
SPANS = st.fixed_dictionaries(
    {
        "weekdays": st.lists(st.sampled_from(("mon", "tue", "wed", "thu", "fri", "sat", "sun")), unique=True),
        "hours": st.tuples(HALF_HOURS, HALF_HOURS).filter(lambda h: h[0] != h[1]).map("-".join),
        "per_hour": st.sampled_from([0, 1, 60, None]),
    }
)


@given(st.lists(SPANS, min_size=1, max_size=6), st.integers(0, 7 * 24 * 60 - 1))
def test_the_levels_of_a_week_say_the_same_as_its_spans(spans: list[dict[str, object]], minute: int) -> None:
    expectation = expects(profile=spans)
    told = next((span.per_hour for span in expectation.spans if span.covers(minute)), 0.0)

    assert expectation.at_minute(minute) == told
    assert expectation.per_hour(MONDAY + timedelta(minutes=minute)) == told
