"""When a person can be reached: their working hours in their own time zone, and the days on which they are away.

Knows that of whom nothing is said can always be reached. Refuses to know incidents.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONDAY_TO_FRIDAY = frozenset(range(5))
DAY_MIN = 24 * 60
# With a day of work a week, the longest of our deadlines ends within this; a search that finds nothing ends here.
FARTHEST = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which somebody is not there, the last one included, in their own time zone."""

    from_on: date
    until_on: date
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known of a person's time. `hours` are minutes of the day, end behind start; empty: at any time."""

    email: str = ""
    timezone: str = "UTC"
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    hours: tuple[tuple[int, int], ...] = ()
    away: tuple[Away, ...] = field(default=())

    @property
    def zone(self) -> ZoneInfo:
        """Their clock."""
        return ZoneInfo(self.timezone)

    def away_at(self, now: datetime) -> Away | None:
        """The days away that this instant lies in; of several the one that lasts longest."""
        today = now.astimezone(self.zone).date()
        lasting = [away for away in self.away if away.from_on <= today <= away.until_on]
        return max(lasting, key=lambda away: (away.until_on, away.why), default=None)

    def back_at(self, now: datetime) -> datetime | None:
        """When they are back, None when they are not away: the first day behind all that follow one another."""
        back = now
        while (away := self.away_at(back)) is not None:
            back = datetime.combine(away.until_on + timedelta(days=1), time(), self.zone).astimezone(UTC)
        return back if back != now else None

    def works_at(self, now: datetime) -> bool:
        """Whether it is their working time."""
        return self.next_work(now) == now

    def next_work(self, now: datetime) -> datetime:
        """The first instant from now on that is working time; now itself when nobody said otherwise."""
        begins, _ = next(self._spans(now), (now, now))
        return max(begins, now)

    def after_work(self, since: datetime, minutes: float) -> datetime:
        """When so many working minutes will have passed."""
        left = timedelta(minutes=minutes)
        for start, end in self._spans(since):
            begins = max(start, since)
            if end - begins >= left:
                return begins + left
            left -= end - begins
        return since + timedelta(minutes=minutes)

    def _spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of working time that end after `since`, days away left out; none where nobody said any."""
        if not self.hours or not self.weekdays:
            return
        day, zone = since.astimezone(self.zone).date() - timedelta(days=1), self.zone
        last = day + FARTHEST + timedelta(days=sum((a.until_on - a.from_on).days + 1 for a in self.away))
        while day < last:
            if day.weekday() in self.weekdays and not any(a.from_on <= day <= a.until_on for a in self.away):
                for start, end in self.hours:
                    span = (_instant(day, start, zone), _instant(day, end, zone))
                    if span[1] > since and span[1] > span[0]:
                        yield span
            day += timedelta(days=1)


ALWAYS = Reach()


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """A minute of a local day; beyond a day it lies in the next one."""
    days, of_day = divmod(minute, DAY_MIN)
    local = datetime.combine(day + timedelta(days=days), time(of_day // 60, of_day % 60), zone)
    return local.astimezone(UTC)


def overlap(hours: tuple[tuple[int, int], ...]) -> bool:
    """Whether two of these stretches of a day share a minute."""
    ordered = sorted(hours)
    return any(before[1] > after[0] for before, after in pairwise(ordered)) or (
        bool(ordered) and ordered[-1][1] - DAY_MIN > ordered[0][0]
    )
