"""Times to come as people type them: `30m`, `2h`, `1h 30m`, `until 14:00`.

Knows lengths and clocks. A clock time that is over today is tomorrow's. Refuses to guess: None is "that is no time".
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from deadair.domain.typed_time import parse_time
from deadair.domain.wall_clock import read_clock

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
PART = r"\d{1,4}\s*(?:m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?)"
LENGTH = re.compile(rf"(?:for\s+)?((?:{PART}\s*)+)(?![\w])[,:]?\s*", re.IGNORECASE | re.ASCII)
ONE = re.compile(r"(\d{1,4})\s*([mhdw])", re.IGNORECASE)
UNTIL = re.compile(r"(?:until|till)\s+", re.IGNORECASE)


def parse_length(text: str) -> timedelta | None:
    """The length that the whole of a text names; None when it is none."""
    found = LENGTH.fullmatch(text.strip())
    return _length(found[1]) if found else None


def leading_until(text: str, now: datetime, zone: tzinfo = UTC) -> tuple[datetime | None, str]:
    """The instant to come that a text begins with (aware, UTC), and the words after it."""
    bare = text.strip()
    found = LENGTH.match(bare)
    if found:
        return now + _length(found[1]), bare[found.end() :].strip()
    until = UNTIL.match(bare)
    return _clock(bare[until.end() :], now, zone) if until else (None, text)


def _clock(text: str, now: datetime, zone: tzinfo) -> tuple[datetime | None, str]:
    words = text.split()
    for count in range(min(len(words), 4), 0, -1):
        said = " ".join(words[:count])
        clock = read_clock(said)
        at = clock.after(now, zone) if clock else parse_time(said, now, zone)
        if at is not None:
            return at, " ".join(words[count:])
    return None, text


def _length(text: str) -> timedelta:
    return sum((int(count) * UNITS[unit.lower()] for count, unit in ONE.findall(text)), timedelta())
