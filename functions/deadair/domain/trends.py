"""Incidents over the months: how many of which class, how soon they were seen, what came back, what would have seen it.

Knows months (UTC) and which incidents count. Refuses to know storage, words, colours and pages.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from deadair.domain.fix_held import Unheld, unheld
from deadair.domain.gaps import SEEN_BY, Watched
from deadair.domain.numbers import MEDIAN_PCT, P90_PCT, Figure, quantile
from deadair.domain.outline import Outline
from deadair.domain.pattern import Pattern, patterns, repeating
from deadair.domain.severity import FailureClass

# How much earlier than the first month one has to look: a pattern's days, and a month for a fix that did not hold.
BEFORE = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Month:
    """One month. `by_people`: a person said it before any alarm. `repeats` were a pattern as they began."""

    year: int
    month: int
    counts: dict[FailureClass, int]
    to_detect: Figure
    by_people: int = 0
    repeats: int = 0
    unheld: int = 0

    @property
    def total(self) -> int:
        """All incidents of it."""
        return sum(self.counts.values())

    @property
    def begins_at(self) -> datetime:
        """Its first instant."""
        return datetime(self.year, self.month, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Caught:
    """One class: how its incidents were seen. `slugs` are their integrations, the most often hit first."""

    failure_class: FailureClass
    incidents: int
    by_people: int
    to_detect: Figure
    watched: Watched
    slugs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """Months oldest first, classes the most frequent first; fixes that did not hold, the latest first."""

    since: datetime
    months: tuple[Month, ...]
    classes: tuple[FailureClass, ...] = ()
    caught: tuple[Caught, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    unheld: tuple[Unheld, ...] = ()
    to_detect: Figure = field(default=Figure(0, None, None))

    @property
    def total(self) -> int:
        """All incidents of the time."""
        return sum(month.total for month in self.months)

    @property
    def repeats(self) -> int:
        """How many were a pattern as they began."""
        return sum(month.repeats for month in self.months)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked at; empty: everything. `owner` is an address or a name, in any case of letters."""

    integration: str = ""
    owner: str = ""
    severity: str = ""

    def admits(self, one: Outline) -> bool:
        """Whether an incident is looked at."""
        named = {one.owner.name.casefold(), one.owner.email.casefold()}
        return (
            self.integration in {"", one.integration}
            and self.severity in {"", one.severity.value}
            and (not self.owner or self.owner.strip().casefold() in named)
        )


EVERYTHING = Wanted()


def trends(outlines: Iterable[Outline], since: datetime, now: datetime, wanted: Wanted = EVERYTHING) -> Trends:
    """The months from that of `since` to that of `now`. `outlines` reach back BEFORE `since`, in any order.

    What comes back is found among all of them and then shown for those that are wanted.
    """
    real = [one for one in {one.number: one for one in outlines}.values() if one.is_real]
    shown = [one for one in real if since <= one.started_at and wanted.admits(one)]
    numbers = {one.number for one in shown}
    failed = tuple(one for one in unheld(real) if one.shown_by in numbers)
    again = repeating(real)
    ordered = Counter(one.failure_class for one in shown).most_common()
    return Trends(
        since=since,
        months=tuple(_month(at, shown, again, failed) for at in begins(since, now)),
        classes=tuple(kind for kind, _ in sorted(ordered, key=lambda each: (-each[1], each[0]))),
        caught=tuple(_caught(kind, [one for one in shown if one.failure_class is kind]) for kind, _ in ordered),
        patterns=tuple(one for one in patterns(real, now) if numbers.intersection(one.numbers)),
        unheld=failed,
        to_detect=_figure(shown),
    )


def begins(since: datetime, until: datetime) -> list[datetime]:
    """The first instants of the months that a time touches, in UTC, oldest first."""
    at = month_of(since)
    found = []
    while at <= until:
        found.append(at)
        at = month_of(at + timedelta(days=31))
    return found


def month_of(at: datetime) -> datetime:
    """The first instant of its month, in UTC."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def back(now: datetime, months: int) -> datetime:
    """The first instant of the month with which so many months end now."""
    at = month_of(now)
    for _ in range(months - 1):
        at = month_of(at - timedelta(days=1))
    return at


def _month(begin: datetime, shown: Sequence[Outline], again: frozenset[int], failed: Sequence[Unheld]) -> Month:
    some = [one for one in shown if month_of(one.started_at) == begin]
    return Month(
        year=begin.year,
        month=begin.month,
        counts=dict(Counter(one.failure_class for one in some)),
        to_detect=_figure(some),
        by_people=sum(one.by_hand for one in some),
        repeats=sum(one.number in again for one in some),
        unheld=sum(month_of(one.at) == begin for one in failed),
    )


def _caught(kind: FailureClass, some: Sequence[Outline]) -> Caught:
    slugs = Counter(one.integration for one in some).most_common()
    return Caught(
        failure_class=kind,
        incidents=len(some),
        by_people=sum(one.by_hand for one in some),
        to_detect=_figure(some),
        watched=SEEN_BY[kind][0],
        slugs=tuple(slug for slug, _ in slugs),
    )


def _figure(some: Sequence[Outline]) -> Figure:
    values = [one.to_detect for one in some]
    return Figure(len(values), quantile(values, MEDIAN_PCT), quantile(values, P90_PCT))
