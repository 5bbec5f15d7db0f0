"""Times that people type into forms: read by the clock that the form names, and said again by it.

Knows that a form says whose clock it means, so that nobody who moves meanwhile is read wrongly. Refuses to know what
happened then.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from deadair.domain.errors import Invalid
from deadair.domain.typed_time import echo, parse_time
from deadair.usecases.own_clock import Clock, clock_named
from web.call import Call

# Room for every address that says it, and no more.
LONGEST = 40


def typed_time(call: Call, field: str) -> datetime | None:
    """The instant that a field says; None where it is empty. Raises Invalid."""
    text = call.request.fields.get(field, "").strip()
    if not text:
        return None
    clock = clock_of(call)
    at = parse_time(text, call.now, clock.zone)
    if at is None:
        raise Invalid("That is no time.", field=field, remedy=f"Write it in {clock.name}, as in 2026-11-20 10:42.")
    return at


def clock_of(call: Call) -> Clock:
    """The clock that the form names, else the person's own. Raises Invalid for a name that is none."""
    named = call.request.fields.get("zone", "")
    clock = clock_named(named) if named else call.clock
    if clock is None:
        raise Invalid("That is no time zone.", field="zone", remedy="Load the page again.")
    return clock


def carried(**times: datetime | None) -> dict[str, str]:
    """Instants for the address of the page that says them again."""
    return {name: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for name, at in times.items() if at is not None}


def said_again(query: Mapping[str, str], clock: Clock, now: datetime, *names: str) -> list[str]:
    """Those instants by somebody's clock; none unless all are there."""
    found = [_instant(query.get(name, "")) for name in names]
    return [echo(at, now, clock.zone) for at in found if at is not None] if all(found) else []


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text[:LONGEST])
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None
