"""Times as people type them: `10:42`, `yesterday 23:10`, `10m ago`, RFC 3339.

Knows zones. A clock time that has not come yet today was yesterday's. Refuses to guess: None is "that is no time".
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from deadair.domain.wall_clock import read_clock, zone_name

AGO = re.compile(r"(?:(\d{1,3})\s*d[a-z]*)?\s*(?:(\d{1,3})\s*h[a-z]*)?\s*(?:(\d{1,4})\s*m[a-z]*)?\s*ago", re.IGNORECASE)
# A watch and a server may differ by so much without anybody meaning the future.
AHEAD = timedelta(minutes=5)


def parse_time(text: str, now: datetime, zone: tzinfo = UTC) -> datetime | None:
    """The instant that a text names (aware, UTC), seen from `now` in the person's `zone`; None when it is no time."""
    words = text.strip()
    clock = read_clock(words)
    return clock.before(now + AHEAD, now, zone) if clock else _ago(words, now) or _written_out(words, zone)


def leading_time(text: str, now: datetime, zone: tzinfo = UTC) -> tuple[datetime | None, str]:
    """The longest time at the start of a text, and the words after it."""
    words = text.split()
    for count in range(min(len(words), 6), 0, -1):
        found = parse_time(" ".join(words[:count]), now, zone)
        if found is not None:
            return found, " ".join(words[count:])
    return None, text


def echo(at: datetime, now: datetime, zone: tzinfo = UTC) -> str:
    """The time with its zone, and with its day unless that is today."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    day = "" if local.date() == today else f"{local.date()} "
    return f"{day}{local:%H:%M} {zone_name(local)}"


def _ago(text: str, now: datetime) -> datetime | None:
    found = AGO.fullmatch(text)
    if not found or not any(found.groups()):
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return now - timedelta(days=days, hours=hours, minutes=minutes)


def _written_out(text: str, zone: tzinfo) -> datetime | None:
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d", text, re.ASCII):
        return None
    try:
        at = datetime.fromisoformat(text.replace(" UTC", "+00:00"))
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
