"""What `deadair people` says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from deadair.domain.ownership import Person
from deadair.domain.reachability import ALWAYS, WEEKDAYS, Away, Reach
from deadair.domain.standing_in import is_admin
from infra.cli import terminal
from infra.cli.terminal import count, say
from infra.cli.weekly import written

COLUMNS = ("who", "address", "right", "now", "working time", "away")
AT_ANY_TIME = "at any time"
Found = Sequence[tuple[Person, Reach | None]]


def print_list(found: Found, admins: frozenset[str], now: datetime) -> None:
    """A table, by name; then the administrators whom the registry does not name."""
    if not found:
        say("The registry names nobody with an address.", "bold")
        return
    terminal.table(COLUMNS, (_row(person, reach or ALWAYS, admins, now) for person, reach in found), flexible="away")
    say(f"{count(len(found), 'person', 'people')}.", "dim")
    others = sorted(admins - {person.email.strip().casefold() for person, _ in found})
    if others:
        say(f"Administrators whom the registry does not name: {', '.join(others)}.")
    elif not admins:
        say("Nobody is an administrator: deploy with ADMINS=ana@example.com to name some.", "dim")


def _row(person: Person, reach: Reach, admins: frozenset[str], now: datetime) -> tuple[str, ...]:
    state = "away" if reach.away_at(now) else "works" if reach.works_at(now) else "does not work"
    right = "administrator" if is_admin(person, admins) else ""
    return (person.name, person.email, right, state, _hours(reach), ", ".join(map(_days, reach.away)))


def print_one(reach: Reach) -> None:
    """One person, as it was understood."""
    say(reach.email, "bold")
    say(f"  working time  {_hours(reach)}")
    for away in reach.away:
        say(f"  away          {_days(away)}")


def print_list_json(found: Found, admins: frozenset[str]) -> None:
    """The list for machines."""
    terminal.print_json(
        [
            {"name": person.name, "administrator": is_admin(person, admins)} | _fields(reach or Reach(person.email))
            for person, reach in found
        ]
    )


def print_one_json(reach: Reach) -> None:
    """One person for machines."""
    terminal.print_json(_fields(reach))


def _fields(reach: Reach) -> dict[str, Any]:
    return {
        "email": reach.email,
        "timezone": reach.timezone,
        "weekdays": [WEEKDAYS[day] for day in sorted(reach.weekdays)],
        "hours": [written((span,)) for span in reach.hours],
        "away": [
            {"from": away.from_on.isoformat(), "until": away.until_on.isoformat(), "why": away.why}
            for away in reach.away
        ],
    }


def _hours(reach: Reach) -> str:
    if not reach.hours:
        return AT_ANY_TIME
    days = ", ".join(WEEKDAYS[day] for day in sorted(reach.weekdays))
    return f"{written(reach.hours)} {days} ({reach.timezone})"


def _days(away: Away) -> str:
    days = f"{away.from_on} to {away.until_on}" if away.from_on != away.until_on else f"{away.from_on}"
    return days + (f" ({away.why})" if away.why else "")
