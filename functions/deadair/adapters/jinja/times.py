"""Times of the web pages: `<time>` elements that the page's script moves into the reader's zone.

Knows how an instant reads in UTC, and what the script needs. Refuses to know any clock.
"""

from datetime import UTC, date, datetime

from markupsafe import Markup

# Months by hand: strftime's follow the process's locale, and a page must not.
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


def local_date(on: date | datetime) -> Markup:
    """A `<time>` element with a date alone. Dates have no zone, so the script leaves it as it is."""
    there = on.astimezone(UTC).date() if isinstance(on, datetime) else on
    return Markup('<time datetime="{}">{}</time>').format(there.isoformat(), date_text(there))


def date_text(on: date) -> str:
    """`20 Nov 2026`."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"
