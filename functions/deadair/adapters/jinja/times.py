"""Instants and durations as people read them.

Knows how an instant reads in UTC, and the `<time>` element that the pages' script moves into the reader's zone.
Refuses to know any clock.
"""

from datetime import UTC, date, datetime, timedelta

from markupsafe import Markup

# Months by hand: strftime's follow the process's locale, and a page must not.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def utc(at: datetime) -> str:
    """`20 Nov 2026, 21:47 UTC`."""
    there = at.astimezone(UTC)
    return f"{date_text(there)}, {there:%H:%M} UTC"


def utc_date(on: date | datetime) -> str:
    """`20 Nov 2026`; of an instant, the date in UTC."""
    return date_text(on.astimezone(UTC) if isinstance(on, datetime) else on)


def duration(length: timedelta | float | None) -> str:
    """The two largest units of a length in seconds or a timedelta: `4 h 12 min`, `35 s`; an unknown one is `–`."""
    if length is None:
        return "–"
    rest = max(int(length.total_seconds() if isinstance(length, timedelta) else length), 0)
    parts: list[tuple[int, str]] = []
    for size, unit in UNITS:
        count, rest = divmod(rest, size)
        if (count or parts) and len(parts) < 2:
            parts.append((count, unit))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


def local_time(at: datetime, form: str = "long") -> Markup:
    """A `<time>` element in UTC, which the script rewrites in the reader's zone. The title keeps the full UTC.

    `form` is `long` (`20 Nov 2026, 21:47 UTC`), `short` (without the year) or `clock` (`21:47:03`).
    """
    there = at.astimezone(UTC)
    texts = {
        "long": f"{date_text(there)}, {there:%H:%M} UTC",
        "short": f"{there.day} {MONTHS[there.month - 1]}, {there:%H:%M} UTC",
        "clock": f"{there:%H:%M:%S}",
    }
    element = '<time datetime="{}" data-local="{}" title="{}">{}</time>'
    full = f"{date_text(there)}, {there:%H:%M:%S} UTC"
    return Markup(element).format(there.strftime("%Y-%m-%dT%H:%M:%SZ"), form, full, texts[form])


def local_date(on: date | datetime) -> Markup:
    """A `<time>` element with a date alone. Dates have no zone, so the script leaves it as it is."""
    there = on.astimezone(UTC).date() if isinstance(on, datetime) else on
    return Markup('<time datetime="{}">{}</time>').format(there.isoformat(), date_text(there))


def date_text(on: date) -> str:
    """`20 Nov 2026`."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"
