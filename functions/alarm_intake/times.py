"""Instants as alarms write them, which is in every way there is.

Knows odd offsets, leap seconds and absurd years. Refuses to fail: what is no time is None.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

# CloudWatch began in May 2009; an alarm that claims to be older does not know its own time.
EARLIEST = datetime(2009, 5, 1, tzinfo=UTC)
# An ISO 8601 instant with everything that it may have.
LONGEST = 40
# Clocks of healthy senders differ by less.
SKEW = timedelta(minutes=5)


def read_instant(value: Any) -> datetime | None:
    """An aware UTC instant from text, or None when it is not a time that an alarm can have."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    text, leap = (value.replace(":60", ":59", 1), timedelta(seconds=1)) if ":60" in value else (value, timedelta(0))
    try:
        at = datetime.fromisoformat(text.strip()) + leap
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at >= EARLIEST else None


def not_after(stamp: datetime, received_at: datetime) -> datetime:
    """The instant, but never later than its receipt by more than a clock may be wrong."""
    return min(stamp, received_at + SKEW)
