"""What an integration normally does: how many records an hour, in which hours of which time zone.

Knows weekdays, hours over midnight, profiles and clocks that change. Refuses to know alarms and charts.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from deadair.domain.ownership import understanding

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MIN = 24 * 60
WEEK_MIN = 7 * DAY_MIN
# Nothing is expected. None says that something is, and nobody knows how much.
NOTHING = 0.0
# Clocks change at most twice a year; nowhere twice in an hour.
CLOCK_STEP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Hours on some weekdays (0 is Monday), in minutes of the day. `end` beyond a day goes over midnight."""

    weekdays: frozenset[int]
    start: int
    end: int
    per_hour: float | None

    def covers(self, minute: int) -> bool:
        """Whether a minute of the local week lies inside. The weekday is that of the start."""
        day, of_day = divmod(minute, DAY_MIN)
        yesterday = (day - 1) % 7
        today = day in self.weekdays and self.start <= of_day < self.end
        return today or (yesterday in self.weekdays and of_day + DAY_MIN < self.end)


@dataclass(frozen=True, slots=True)
class Level:
    """From this minute of the week on, until the next level begins, so much is expected an hour."""

    begins: int
    per_hour: float | None


@dataclass(frozen=True)
class Expectation:
    """Spans in a time zone; the first that covers an instant counts, what none covers expects nothing."""

    zone: ZoneInfo
    spans: tuple[Span, ...]

    def per_hour(self, instant: datetime) -> float | None:
        """Records an hour at an aware instant. None: expected, volume unknown; 0.0: nothing expected."""
        local = instant.astimezone(self.zone)
        return self.at_minute(local.weekday() * DAY_MIN + local.hour * 60 + local.minute)

    def expects(self, instant: datetime) -> bool:
        """Whether anything is expected at an aware instant."""
        return self.per_hour(instant) != NOTHING

    def at_minute(self, minute: int) -> float | None:
        """Records an hour at a minute of the local week; Monday begins with 0."""
        levels = self.levels
        return levels[bisect_right(levels, minute % WEEK_MIN, key=lambda level: level.begins) - 1].per_hour

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The local week as levels, the first at minute 0; two neighbours differ."""
        edges = sorted(
            {0} | {(day * DAY_MIN + at) % WEEK_MIN for s in self.spans for day in s.weekdays for at in (s.start, s.end)}
        )
        found: list[Level] = []
        for edge in edges:
            level = Level(edge, next((span.per_hour for span in self.spans if span.covers(edge)), NOTHING))
            if not found or found[-1].per_hour != level.per_hour:
                found.append(level)
        return tuple(found)

    def offsets(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """Every distance to UTC, in minutes, that the zone's clocks have between two aware instants."""
        steps = int((end - start) / CLOCK_STEP) + 1
        moments = [start + step * CLOCK_STEP for step in range(steps)] + [end]
        return tuple(sorted({_offset(moment.astimezone(self.zone)) for moment in moments}))


def expectation_of(row: Mapping[str, Any]) -> Expectation | None:
    """What a row (JSON types) expects; None when it does not say. Raises OddRow for what no import wrote."""
    expected = row.get("expected")
    if not expected:
        return None
    with understanding("expected hours"):
        parts: Sequence[Mapping[str, Any]] = expected.get("profile") or (expected,)
        return Expectation(ZoneInfo(expected.get("timezone") or "UTC"), tuple(_span(part) for part in parts))


def _span(part: Mapping[str, Any]) -> Span:
    days = frozenset(WEEKDAYS.index(day) for day in part.get("weekdays") or WEEKDAYS)
    start, end = _minutes(part.get("hours") or "00:00-24:00")
    per_hour = part.get("per_hour")
    return Span(days, start, end, None if per_hour is None else float(per_hour))


def _minutes(hours: str) -> tuple[int, int]:
    start, end = (int(at[:2]) * 60 + int(at[3:]) for at in hours.split("-"))
    return start, end if end > start else end + DAY_MIN


def _offset(local: datetime) -> int:
    offset = local.utcoffset()
    assert offset is not None  # noqa: S101 - it is aware
    return int(offset.total_seconds() // 60)
