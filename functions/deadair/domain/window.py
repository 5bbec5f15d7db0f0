"""How a silence alarm looks at its window: in which periods, and in which hours of the UTC week. Pure.

Knows how long CloudWatch can look back and how long a definition stands. Refuses to know the alarm's other fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from deadair.domain.expectation import WEEK_MIN, Expectation, expectation_of
from deadair.domain.hours import Floors, Hours, utc_hours
from deadair.domain.hours_math import fitting

# A window is looked at in at most so many periods. CloudWatch takes a day of periods under an hour, a week of others.
PERIODS_MIN = (1, 5, 15, 60, 360)
MOST_PERIODS = 30
# How long an alarm may stand before it must have been looked at again: the daily reconcile may fail twice.
STANDS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Followed:
    """How a silence alarm looks: so many periods, all within `hours` (by the beginning of a period)."""

    period_min: int
    periods: int
    longest: int
    hours: Hours


def followed_hours(row: Mapping[str, Any], window_min: float, pct: float | None, now: datetime) -> Followed:
    """The periods of a silence alarm and the hours that it follows."""
    expectation = expectation_of(row)
    offsets = _offsets(expectation, window_min, now)
    longest = utc_hours(expectation, offsets, Floors(1)).longest()
    period_min, periods = _periods(window_min, longest)
    open_hours = utc_hours(expectation, offsets, Floors(period_min, pct)).starts(period_min)
    never_sooner = (periods - 1) * period_min + 1
    return Followed(period_min, periods, longest, fitting(open_hours.without_short(never_sooner)))


def _offsets(expectation: Expectation | None, window_min: float, now: datetime) -> tuple[int, ...]:
    if expectation is None:
        return (0,)
    return expectation.offsets(now - timedelta(minutes=window_min), now + STANDS)


def _periods(window_min: float, longest: int) -> tuple[int, int]:
    """The length of a period in minutes, and how many make the window.

    A window that no expected stretch can hold is cut to the longest of them, less the one period that an evaluation
    between two full periods needs: an alarm that can never go off would be silent itself.
    """
    window = min(window_min, longest) if longest else window_min
    period = next(length for length in PERIODS_MIN if ceil(window / length) <= MOST_PERIODS)
    wanted = ceil(window / period)
    if longest in (0, WEEK_MIN):
        return period, wanted
    return period, min(wanted, max(1, (longest - period) // period))
