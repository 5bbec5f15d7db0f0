"""What `deadair people` says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from deadair.domain.ownership import Person
from deadair.domain.reachability import ALWAYS, WEEKDAYS, Away, Reach
from infra.cli import terminal
from infra.cli.terminal import count, say
from infra.cli.weekly import written

COLUMNS = ("who", "address", "now", "working time", "away")
AT_ANY_TIME = "at any time"


def print_list(found: Sequence[tuple[Person, Reach | None]], now: datetime) -> None:
    """A table, by name."""
    if not found:
        say("The registry names nobody with an address.", "bold")
        return
    terminal.table(COLUMNS, (_row(person, reach or ALWAYS, now) for person, reach in found), flexible="away")
    say(f"{count(len(found), 'person', 'people')}.", "dim")


def _row(person: Person, reach: Reach, now: datetime) -> tuple[str, ...]:
    state = "away" if reach.away_at(now) else "works" if reach.works_at(now) else "does not work"
    return (person.name, person.email, state, _hours(reach), ", ".join(map(_days, reach.away)))


def print_one(reach: Reach) -> None:
    """One person, as it was understood."""
    say(reach.email, "bold")
    say(f"  working time  {_hours(reach)}")
    for away in reach.away:
        say(f"  away          {_days(away)}")


def print_list_json(found: Sequence[tuple[Person, Reach | None]]) -> None:
    """The list for machines."""
    terminal.print_json([{"name": person.name} | _fields(reach or Reach(person.email)) for person, reach in found])


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
