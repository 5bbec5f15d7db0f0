"""Weekdays and hours as people write them at the terminal. Pure."""

import re

from deadair.domain.errors import Invalid
from deadair.domain.reachability import DAY_MIN, WEEKDAYS

HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def days_of(text: str) -> frozenset[int]:
    """The days of `mon-fri` or `mon,tue,thu`, Monday being 0. Raises Invalid."""
    found: set[int] = set()
    for part in text.casefold().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            raise Invalid(f"`{part}` is no weekday.", field="weekdays", remedy="Write mon-fri or mon,tue,thu.")
        begins = WEEKDAYS.index(first)
        found |= {(begins + day) % 7 for day in range((WEEKDAYS.index(last or first) - begins) % 7 + 1)}
    return frozenset(found)


def hours_of(text: str) -> tuple[int, int]:
    """The minutes of `09:00-17:00`; an end before the start lies on the next day. Raises Invalid."""
    found = HOURS.fullmatch(text.strip())
    if found is None:
        raise Invalid(f"`{text}` are no hours.", field="hours", remedy="Write them such as 09:00-17:00.")
    numbers = [int(part) for part in found.groups()]
    start, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if max(start, end) > DAY_MIN or start == end:
        raise Invalid(f"`{text}` are no hours.", field="hours", remedy="Write them such as 09:00-17:00.")
    return start, end if end > start else end + DAY_MIN


def written(spans: tuple[tuple[int, int], ...]) -> str:
    """The hours as they are written."""
    return ", ".join("-".join(f"{minute % DAY_MIN // 60:02}:{minute % 60:02}" for minute in span) for span in spans)
