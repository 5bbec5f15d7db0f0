"""Days as people type them: `12 Dec`, `Friday`, `tomorrow`, `in 2 weeks`, `2026-12-12`. One without a year is to come.

Knows calendars. Refuses to guess: None is "that is no day"; `3/4` is none, because it means two days.
"""

import re
from datetime import date, timedelta

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}))?", re.ASCII)
DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?\s+([a-z]{3,9})\.?(?:,?\s+(\d{4}))?", re.ASCII)
MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?", re.ASCII)
AHEAD = re.compile(r"(?:in\s+)?(\d{1,3})\s*(d|days?|w|weeks?)", re.ASCII)
BY = re.compile(r"(?<!\S)(?:by|due|until)(?::|\s)\s*", re.IGNORECASE)
WORDS = 4
# Behind 29 February the next one is at most eight years away.
YEARS_AHEAD = 9


def parse_day(text: str, today: date) -> date | None:
    """The day that a text names, seen from `today` on the person's clock; None when it is no day."""
    said = " ".join(text.split()).casefold().rstrip(".,;!") or text
    if said in {"today", "tomorrow"}:
        return today + timedelta(days=said == "tomorrow")
    return _ahead(said, today) or _weekday(said, today) or _written(" ".join(text.split()).casefold(), today)


def by_day(text: str, today: date) -> tuple[date | None, str]:
    """The day behind the last `by` (or `due`, `until`) that has one, and the text without it."""
    for found in reversed(list(BY.finditer(text))):
        after = text[found.end() :].split()
        for count in range(min(len(after), WORDS), 0, -1):
            day = parse_day(" ".join(after[:count]), today)
            if day is not None:
                return day, " ".join([*text[: found.start()].split(), *after[count:]])
    return None, text


def _ahead(said: str, today: date) -> date | None:
    found = AHEAD.fullmatch(said)
    if not found:
        return None
    return today + timedelta(days=int(found[1]) * (7 if found[2].startswith("w") else 1))


def _weekday(said: str, today: date) -> date | None:
    """The next one; said on that very day, the one in a week."""
    bare = said.removeprefix("next ")
    place = next((i for i, (short, full) in enumerate(zip(WEEKDAYS, DAYS, strict=True)) if bare in {short, full}), None)
    return None if place is None else today + timedelta(days=(place - today.weekday() - 1) % 7 + 1)


def _written(said: str, today: date) -> date | None:
    if found := ISO.fullmatch(said.rstrip(".,;!")):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := DOTTED.fullmatch(said):
        return _dated(int(found[1]), int(found[2]), found[3], today)
    bare = said.rstrip(".,;!")
    if found := DAY_FIRST.fullmatch(bare):
        return _dated(int(found[1]), _month(found[2]), found[3], today)
    if found := MONTH_FIRST.fullmatch(bare):
        return _dated(int(found[2]), _month(found[1]), found[3], today)
    return None


def _month(word: str) -> int:
    """1 to 12; 0 for no month."""
    known = [place for place, (short, full) in enumerate(zip(MONTHS, NAMES, strict=True), 1) if word in {short, full}]
    return known[0] if known else 9 if word == "sept" else 0


def _dated(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _day(int(year), month, day)
    years = range(today.year, today.year + YEARS_AHEAD)
    return next((found for y in years if (found := _day(y, month, day)) and found >= today), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
