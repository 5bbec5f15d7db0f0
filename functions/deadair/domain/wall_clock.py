"""A clock time as people type it, `10:42`, `3pm`, `yesterday 23:10`, `Fri 9:00`, and the instants that it names.

Knows days, and clocks that are put forward and back: an hour that is skipped means the moment after as many minutes,
an hour that comes twice the one that is nearer. Refuses to know lengths and written-out dates.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMED = {"yesterday": -1, "today": 0, "tomorrow": 1}
CLOCK = re.compile(
    r"(?:(today|yesterday|tomorrow|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?),?\s+(?:at\s+)?)?"
    r"(\d{1,2})(?:[:.h](\d{2})(?::(\d{2}))?)?\s*(?:(am|pm)|(z|utc))?(?:,?\s+(today|yesterday|tomorrow))?",
    re.IGNORECASE | re.ASCII,
)
LAST_HOUR, LAST_MINUTE, NOON = 23, 59, 12


@dataclass(frozen=True, slots=True)
class WallClock:
    """A time of day, the day where one was named (in small letters), and whether it was said to be UTC."""

    at: time
    day: str = ""
    utc: bool = False

    def before(self, latest: datetime, now: datetime, zone: tzinfo) -> datetime:
        """The last time that the clock showed this, not after `latest`; of a day that is still to come the first."""
        found = self._instants((-1, 0), -7, now, zone)
        return max((at for at in found if at <= latest), default=found[0])

    def after(self, now: datetime, zone: tzinfo) -> datetime:
        """The next time that the clock will show this; of a day that is over the last."""
        found = self._instants((0, 1), 7, now, zone)
        return min((at for at in found if at > now), default=found[-1])

    def _instants(self, days: tuple[int, ...], week: int, now: datetime, zone: tzinfo) -> list[datetime]:
        """Every instant that may be meant, in UTC, in order: on days from today, or on the weekday and a week off."""
        where = UTC if self.utc else zone
        today = now.astimezone(where).date()
        if self.day in NAMED:
            days = (NAMED[self.day],)
        elif self.day:
            away = DAYS.index(self.day[:3]) - today.weekday()
            days = (away - 7, away, away + 7) if week < 0 else (away, away + 7)
        return sorted(at for distance in days for at in instants(today + timedelta(distance), self.at, where))


def read_clock(text: str) -> WallClock | None:
    """The clock time that the whole of a text is; None when it is none."""
    found = CLOCK.fullmatch(text.strip())
    if not found or not (found[3] or found[5]) or (found[1] and found[7]):
        return None
    hour, minute, second = (int(part or 0) for part in found.group(2, 3, 4))
    if found[5]:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if found[5].lower() == "pm" else 0)
    if hour > LAST_HOUR or max(minute, second) > LAST_MINUTE:
        return None
    return WallClock(time(hour, minute, second), (found[1] or found[7] or "").lower(), found[6] is not None)


def instants(day: date, at: time, zone: tzinfo) -> list[datetime]:
    """When a zone's clocks show this on that day, in UTC: once, or twice where they are put back in between."""
    wall = datetime.combine(day, at, zone)
    first, second = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return [first, second] if first < second else [first]


def zone_name(at: datetime) -> str:
    """What the zone of an instant is called then: `CET`, `UTC`, `UTC+05:45` where it has no letters."""
    name = at.strftime("%Z")
    return f"UTC{at.isoformat()[-6:]}" if name[:1] in {"+", "-"} else name
