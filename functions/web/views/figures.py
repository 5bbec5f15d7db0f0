"""How numbers and hours read on a page. Pure."""

from datetime import UTC, datetime


def thousands(number: float) -> str:
    """`12,345`, `12.5`, `0`: with commas, and without a fraction that says nothing."""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def utc_clock(at: datetime) -> str:
    """`21:00`, where no element can stand that a script could move into the reader's zone."""
    return f"{at.astimezone(UTC):%H:%M}"
