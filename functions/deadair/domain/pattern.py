"""Patterns: the same integration failing in the same way again and again.

Knows how often makes a pattern, and that drills, false alarms and what was merged never count. Refuses to know why it
comes back: see `fix_held` for what was done against it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from deadair.domain.outline import Outline
from deadair.domain.severity import FailureClass

DAYS = 90
# From the third time on it is no coincidence any more.
ENOUGH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The incidents of one integration and failure class that began within so many days, by number, oldest first.

    `first_at` and `last_at` are when the first and the last of them began; None of none.
    """

    integration: str
    failure_class: FailureClass
    integration_name: str = ""
    numbers: tuple[int, ...] = ()
    days: int = DAYS
    first_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.numbers)

    @property
    def is_pattern(self) -> bool:
        """Whether they are enough to be called one."""
        return self.count >= ENOUGH

    def others(self, number: int) -> tuple[int, ...]:
        """All but one of them, oldest first."""
        return tuple(each for each in self.numbers if each != number)


def seen_before(
    outlines: Iterable[Outline], integration: str, failure_class: FailureClass, now: datetime, days: int = DAYS
) -> Pattern:
    """How often an integration failed in that way within so many days, what is open now included.

    Incidents count by when they began, so one that was recorded afterwards counts at its own place.
    """
    line = (integration, failure_class)
    return _pattern(line, [one for one in _within(outlines, now, days) if one.line == line], days)


def patterns(outlines: Iterable[Outline], now: datetime, days: int = DAYS) -> tuple[Pattern, ...]:
    """Every pattern of the last so many days, the most frequent first, of equal ones the latest."""
    lines: dict[tuple[str, FailureClass], list[Outline]] = defaultdict(list)
    for one in _within(outlines, now, days):
        lines[one.line].append(one)
    found = [_pattern(line, some, days) for line, some in lines.items() if len(some) >= ENOUGH]
    return tuple(sorted(found, key=lambda one: (one.count, one.last_at or now, one.integration), reverse=True))


def _within(outlines: Iterable[Outline], now: datetime, days: int) -> list[Outline]:
    """The real ones of that time, each once."""
    since = now - timedelta(days=days)
    return list({one.number: one for one in outlines if one.is_real and since <= one.started_at}.values())


def _pattern(line: tuple[str, FailureClass], some: list[Outline], days: int) -> Pattern:
    ordered = sorted(some, key=lambda one: (one.started_at, one.number))
    return Pattern(
        integration=line[0],
        failure_class=line[1],
        integration_name=ordered[-1].integration_name if ordered else "",
        numbers=tuple(one.number for one in ordered),
        days=days,
        first_at=ordered[0].started_at if ordered else None,
        last_at=ordered[-1].started_at if ordered else None,
    )


def repeating(outlines: Iterable[Outline], days: int = DAYS) -> frozenset[int]:
    """The numbers of those that were a pattern as they began: the third or later within so many days."""
    lines: dict[tuple[str, FailureClass], dict[int, Outline]] = defaultdict(dict)
    for one in outlines:
        if one.is_real:
            lines[one.line][one.number] = one
    found: set[int] = set()
    for line in lines.values():
        ordered = sorted(line.values(), key=lambda one: (one.started_at, one.number))
        for first, later in zip(ordered, ordered[ENOUGH - 1 :], strict=False):
            if later.started_at - first.started_at <= timedelta(days=days):
                found.add(later.number)
    return frozenset(found)
