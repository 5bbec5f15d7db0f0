"""Times of the web pages: `<time>` elements that the page's script moves into the reader's zone.

Knows how an instant reads in UTC, and what the script needs. Refuses to know any clock.
"""

import re
from datetime import UTC, date, datetime

from markupsafe import Markup, escape

from deadair.domain.visible import visible

# Months by hand: strftime's follow the process's locale, and a page must not.
IN_UTC = re.compile(r"\b([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC)\b", re.ASCII)
# CloudWatch's list of datapoints, each with its time in UTC.
DATAPOINTS = re.compile(r"\[(-?[0-9.E-]{1,30}) \([0-9/: ]{10,20}\)(, [^\]\n]{1,2000})?\]", re.ASCII)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
    shown = (there.strftime("%Y-%m-%dT%H:%M:%SZ"), form, full, texts[form])
    return Markup(element).format(*shown)  # noqa: S704 - a constant with placeholders, which `format` fills escaped


def read_aloud(text: str) -> Markup:
    """A text, escaped: times in it that say UTC move as all others do, and of a list of datapoints the newest stays."""
    short = DATAPOINTS.sub(lambda found: f"[{found[1]}{', …' if found[2] else ''}]", visible(text))
    parts = IN_UTC.split(short)
    return Markup().join(moved(part) if place % 2 else escape(part) for place, part in enumerate(parts))


def moved(text: str) -> Markup:
    """`2026-11-20 10:42 UTC` as an element; a text that is no such time stays, escaped."""
    try:
        return local_time(datetime.strptime(text, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC), "short")
    except ValueError:
        return escape(text)


def local_date(on: date | datetime) -> Markup:
    """A `<time>` element with a date alone. Dates have no zone, so the script leaves it as it is."""
    there = on.astimezone(UTC).date() if isinstance(on, datetime) else on
    return Markup('<time datetime="{}">{}</time>').format(there.isoformat(), date_text(there))


def date_text(on: date) -> str:
    """`20 Nov 2026`."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"
