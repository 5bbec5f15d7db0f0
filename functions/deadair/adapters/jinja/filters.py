"""Filters for times, lengths of time and readings.

Knows how people read an instant, a duration and a number. Refuses to know time zones: a page shows UTC and carries
the instant in `datetime=`, from which a script may show the reader's own zone.
"""

from datetime import UTC, datetime, timedelta

from markupsafe import Markup

MINUTE, HOUR, DAY = 60, 3600, 86400
HUNDREDTH = 0.01


def utc(moment: datetime | str | None, missing: str = "—") -> Markup:
    """A `<time>` element for an instant (aware, or ISO text with an offset)."""
    if not moment:
        return Markup.escape(missing)
    at = _aware(moment)
    return Markup('<time datetime="{}">{}</time>').format(at.strftime("%Y-%m-%dT%H:%M:%SZ"), utc_text(at))


def utc_text(moment: datetime | str | None, missing: str = "—") -> str:
    """The same in plain text: `2026-11-20 21:47 UTC`."""
    return f"{_aware(moment):%Y-%m-%d %H:%M} UTC" if moment else missing


def duration(length: timedelta | float | None, missing: str = "—") -> str:
    """A length of time in its two greatest units: `45 s`, `12 min`, `1 h 5 min`, `3 d 4 h`. Seconds if a number."""
    if length is None:
        return missing
    seconds = round(length.total_seconds() if isinstance(length, timedelta) else length)
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    minutes, hours = round(seconds / MINUTE), round(seconds / HOUR)
    if seconds < MINUTE:
        return f"{sign}{seconds} s"
    if minutes < HOUR // MINUTE:
        return f"{sign}{minutes} min"
    if minutes < DAY // MINUTE:
        return sign + _two(minutes, 60, "h", "min")
    return sign + _two(hours, 24, "d", "h")


def reading(value: float) -> str:
    """A number of a metric: `1,204`, `0.25`, `0.0031`; no more places than a person compares."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.2f}".rstrip("0").rstrip(".") if abs(value) >= HUNDREDTH else f"{value:.2g}"


def _two(amount: int, base: int, great: str, small: str) -> str:
    whole, rest = divmod(amount, base)
    return f"{whole} {great} {rest} {small}" if rest else f"{whole} {great}"


def _aware(moment: datetime | str) -> datetime:
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(UTC)
