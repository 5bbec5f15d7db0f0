"""What happened over the last months, kept in the process: trends and patterns need all of it, and read it seldom.

Knows months, how long each is kept, and that several can be read at once. Refuses to count. What is open now and what
ended lately is read together, so that nothing is lost between the two lists.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from deadair.adapters.dynamodb.outlines import OutlineStore
from deadair.domain.fix_held import Unheld, unheld
from deadair.domain.outline import Outline
from deadair.domain.pattern import DAYS, Pattern, patterns
from deadair.domain.trends import begins, month_of

# A step that was taken just now shows that soon; corrections of what is months old may take longer.
LATELY_KEPT, LONG_AGO_KEPT = timedelta(seconds=15), timedelta(minutes=5)
AT_ONCE = 6
# Its first instant, in UTC.
Month = datetime


@dataclass(frozen=True, slots=True)
class Lately:
    """What comes back, in 90 days: patterns, the most frequent first, and fixes that did not hold, the latest first."""

    patterns: tuple[Pattern, ...] = ()
    unheld: tuple[Unheld, ...] = ()


@dataclass
class OverTime:
    """One per process; safe to call from several threads. Its errors are botocore's."""

    store: OutlineStore
    _kept: dict[Month, tuple[datetime, list[Outline]]] = field(default_factory=dict)
    _open: list[Outline] = field(default_factory=list)
    _lately: tuple[datetime | None, Lately] = (None, Lately())
    _lock: Lock = field(default_factory=Lock)

    def since(self, since: datetime, now: datetime) -> list[Outline]:
        """Every incident that began since then, open and past, drills among them, the newest first."""
        with self._lock:
            wanted = begins(since, now)
            self._refresh(wanted, now)
            found = [*(one for month in wanted for one in self._kept[month][1]), *self._open]
        # One that was opened again is in a month that was read before that, too: what is open is the later word.
        unique = {one.number: one for one in found}
        return sorted((one for one in unique.values() if one.started_at >= since), key=_newest, reverse=True)

    def lately(self, now: datetime, kept: timedelta = LATELY_KEPT) -> Lately:
        """What comes back; found out anew when it was found longer ago than `kept`."""
        known_at, known = self._lately
        if known_at is None or not timedelta(0) <= now - known_at < kept:
            known = self._found(now)
            self._lately = now, known
        return known

    def _found(self, now: datetime) -> Lately:
        # A fix of a month before the period may have failed in it.
        outlines = self.since(now - timedelta(days=DAYS + 30), now)
        begin = now - timedelta(days=DAYS)
        return Lately(patterns(outlines, now), tuple(one for one in unheld(outlines) if one.at >= begin))

    def _refresh(self, wanted: list[Month], now: datetime) -> None:
        this = month_of(now)
        due = [month for month in wanted if self._is_due(month, this, now)]
        if this in due:
            self._open, gone = self._now_open()
            due += [month for month in wanted if month in gone and month not in due]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for month, outlines in zip(due, pool.map(self._month, due), strict=True):
                self._kept[month] = now, outlines

    def _is_due(self, month: Month, this: Month, now: datetime) -> bool:
        read_at, _ = self._kept.get(month, (None, []))
        return read_at is None or now - read_at >= (LATELY_KEPT if month == this else LONG_AGO_KEPT)

    def _now_open(self) -> tuple[list[Outline], set[Month]]:
        """What is open now, and the months of what was open a moment ago and is not any more."""
        found = self.store.unresolved()
        numbers = {one.number for one in found}
        return found, {month_of(one.detected_at) for one in self._open if one.number not in numbers}

    def _month(self, month: Month) -> list[Outline]:
        return self.store.past(month, month_of(month + timedelta(days=31)))


def _newest(one: Outline) -> tuple[datetime, int]:
    return one.started_at, one.number
