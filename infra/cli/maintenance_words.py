"""What `deadair maintenance` says."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from deadair.adapters.dynamodb.items import instant
from deadair.usecases.maintain import Maintained
from infra.cli import terminal
from infra.cli.terminal import count, say
from infra.cli.times import echoed

COLUMNS = ("window", "state", "from (UTC)", "until (UTC)", "integrations", "by", "why")


def print_added(done: Maintained, zones: tuple[tzinfo | None, tzinfo | None]) -> None:
    """The window as it was understood, in the caller's own zone too."""
    window = done.window
    say(f"{window.id}: notices about {', '.join(done.slugs)} wait.", "bold")
    say(f"  from   {echoed(window.begins_at, zones[0])}")
    say(f"  until  {echoed(window.ends_at, zones[1])}")
    say(f"  why    {window.why}")
    if done.incidents:
        say(f"Held now: {', '.join(incident.id for incident in done.incidents)}.")
    say(f"Next: deadair maintenance end {window.id}", "dim")


def print_ended(done: Maintained) -> None:
    """What was ended."""
    say(f"{done.window.id} is over for {', '.join(done.slugs)}.", "bold")
    if done.incidents:
        say(f"No longer held: {', '.join(incident.id for incident in done.incidents)}.")


def print_list(found: Sequence[Maintained], now: datetime) -> None:
    """A table, the next end first."""
    if not found:
        say("No maintenance is planned.", "bold")
        return
    terminal.table(COLUMNS, (_row(one, now) for one in found), flexible="why")
    say(f"{count(len(found), 'window')}.", "dim")


def _row(one: Maintained, now: datetime) -> tuple[str, ...]:
    window = one.window
    state = "lasts" if window.covers(now) else "to come" if now < window.begins_at else "over"
    times = (f"{at:%Y-%m-%d %H:%M}" for at in (window.begins_at, window.ends_at))
    return (window.id, state, *times, ", ".join(one.slugs), window.by, window.why)


def print_list_json(found: Sequence[Maintained]) -> None:
    """The list for machines."""
    terminal.print_json([_fields(one) for one in found])


def print_done_json(done: Maintained) -> None:
    """One window for machines."""
    terminal.print_json(_fields(done) | {"incidents": [incident.id for incident in done.incidents]})


def _fields(one: Maintained) -> dict[str, Any]:
    window = one.window
    return {
        "id": window.id,
        "integrations": list(one.slugs),
        "from": instant(window.begins_at),
        "until": instant(window.ends_at),
        "reason": window.why,
        "by": window.by,
    }
