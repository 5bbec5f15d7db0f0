"""Instants as people write them at the terminal, and as they are said back to them.

Knows that an instant without a zone is a guess, and refuses it. Pure.
"""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deadair.domain.errors import Invalid

LENGTH = re.compile(r"(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?")
EXAMPLE = "Write an instant with its zone, such as 2026-11-24T20:00+01:00 or '2026-11-24T20:00 Europe/Berlin'."


def instant(text: str, field: str) -> datetime:
    """An instant in the zone in which it was written: with an offset, `Z`, or a zone's name behind it.

    Raises Invalid for one without a zone, and for what is no time.
    """
    written, _, named = text.strip().partition(" ")
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise Invalid(f"`{text}` is no time.", field=field, remedy=EXAMPLE) from None
    if found.tzinfo is not None and not named:
        return found
    if found.tzinfo is not None or not named:
        raise Invalid(f"`{text}` does not say its time zone once.", field=field, remedy=EXAMPLE)
    try:
        return found.replace(tzinfo=ZoneInfo(named.strip()))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(f"`{named.strip()}` is no time zone.", field=field, remedy=EXAMPLE) from None


def length(text: str, field: str) -> timedelta:
    """A length such as 90m, 2h or 1d12h. Raises Invalid."""
    found = LENGTH.fullmatch(text.strip().casefold())
    if not text.strip() or found is None:
        raise Invalid(f"`{text}` is no length of time.", field=field, remedy="Write one such as 90m, 2h or 1d12h.")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def day(text: str, field: str) -> date:
    """A day such as 2026-11-24. Raises Invalid."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"`{text}` is no day.", field=field, remedy="Write one such as 2026-11-24.") from None


def echoed(at: datetime, zone: tzinfo | None) -> str:
    """The instant in UTC, and in the zone that the caller wrote."""
    utc = f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    local = at.astimezone(zone or UTC)
    if local.utcoffset() == timedelta(0):
        return utc
    return f"{utc} ({local:%Y-%m-%d %H:%M} {zone if isinstance(zone, ZoneInfo) else f'{local:%z}'})"
