"""The last day of an integration as bars: what came each hour, against what was expected.

Pure. Records stand on the line, errors on top of them; the expected band lies behind. An hour in which something was
expected and nothing came is dead air. Refuses to know words, colours and clocks of readers.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deadair.adapters.cloudwatch.series import HourOfRecords
from deadair.domain.expectation import NOTHING, Expectation
from deadair.domain.ownership import understanding

WIDTH, HEIGHT = 960, 200
STEP = WIDTH / 24
# The expectation of an hour is looked at this often: clocks and opening hours change at quarters.
LOOKS = 4
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour. `expected` is None when something is expected and nobody knows how much, or nobody says.

    `state` is `quiet` (nothing expected, nothing came), `dead` (expected, nothing came), `low` (under the floor) or
    `carries`. `whole` is False for the hour that has only begun. Heights are pixels above the line.
    """

    at: datetime
    until: datetime
    records: float
    errors: float
    expected: float | None
    state: str
    whole: bool
    x: float
    records_y: float
    errors_y: float
    band: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Chart:
    """The day. `top` is the number at the upper edge."""

    bars: tuple[Bar, ...]
    top: float
    total: float
    errors: float

    @property
    def dead(self) -> int:
        """In how many whole hours nothing came that was expected."""
        return sum(bar.state == "dead" for bar in self.bars)


def health_chart(
    hours: Sequence[HourOfRecords], expectation: Expectation | None, floor_pct: float | None, now: datetime
) -> Chart:
    """The chart of some hours, oldest first."""
    due = [_due(expectation, hour.at) for hour in hours]
    top = _round_up(max([1.0, *(one.number or 0.0 for one in due), *(hour.records + hour.errors for hour in hours)]))
    frame = _Frame(HEIGHT / top, floor_pct or 0.0, now)
    bars = [_bar(at, hour, due[at], frame) for at, hour in enumerate(hours)]
    return Chart(tuple(bars), top, sum(h.records for h in hours), sum(h.errors for h in hours))


def as_data(chart: Chart) -> list[dict[str, Any]]:
    """The hours for programs."""
    return [
        {
            "from": bar.at.isoformat().replace("+00:00", "Z"),
            "records": bar.records,
            "errors": bar.errors,
            "expected": bar.expected,
            "state": bar.state,
            "whole": bar.whole,
        }
        for bar in chart.bars
    ]


@dataclass(frozen=True, slots=True)
class _Due:
    """What an hour should bring: a number or None for nobody knows, and whether anything is expected at all."""

    number: float | None
    anything: bool


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all bars share."""

    scale: float
    floor_pct: float
    now: datetime


def _due(expectation: Expectation | None, at: datetime) -> _Due:
    if expectation is None:
        return _Due(None, anything=False)
    levels = [expectation.per_hour(at + look * HOUR / LOOKS) for look in range(LOOKS)]
    numbers = [level for level in levels if level is not None]
    if len(numbers) < LOOKS:
        return _Due(None, anything=True)
    return _Due(sum(numbers) / LOOKS, any(level != NOTHING for level in numbers))


def _bar(place: int, hour: HourOfRecords, due: _Due, frame: _Frame) -> Bar:
    until = hour.at + HOUR
    whole = until <= frame.now
    floor = (due.number or 0.0) * frame.floor_pct / 100
    return Bar(
        at=hour.at,
        until=until,
        records=hour.records,
        errors=hour.errors,
        expected=due.number,
        state=_state(hour, due=due.anything, floor=floor, whole=whole),
        whole=whole,
        x=place * STEP,
        records_y=hour.records * frame.scale,
        errors_y=hour.errors * frame.scale,
        band=(floor * frame.scale, due.number * frame.scale) if due.number else None,
    )


def _state(hour: HourOfRecords, *, due: bool, floor: float, whole: bool) -> str:
    if not hour.records:
        return "dead" if due and whole else "quiet"
    return "low" if whole and hour.records < floor else "carries"


def _round_up(number: float) -> float:
    """1, 2 or 5 and zeros, or a quarter between: the number at the edge should be easy to read."""
    size = 10 ** math.floor(math.log10(number))
    return float(next(step * size for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * size >= number))


def floor_of(row: Mapping[str, Any]) -> float | None:
    """The share of the expected volume under which it is silence, when the row says one. Raises OddRow."""
    with understanding("thresholds"):
        share = (row.get("thresholds") or {}).get("floor_pct")
        return float(share) if share else None
