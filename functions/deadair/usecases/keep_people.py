"""When people can be reached, as operators say it: days away, working hours, and back again.

Knows whom the registry names. Refuses to know strangers: a wrong address would be believed and help nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deadair.adapters.dynamodb.people import PeopleStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain import standing_in
from deadair.domain.errors import Invalid, NotFound
from deadair.domain.ownership import Integration, Person
from deadair.domain.reachability import Away, Reach, overlap

LIMIT = 200
LONGEST_AWAY = timedelta(days=366)
# What is over for this long is of no use to anybody.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Desk:
    """The neighbours of these use cases."""

    people: PeopleStore
    registry: RegistryStore


def named_in(rows: Iterable[Integration]) -> list[Person]:
    """Everybody whom the registry names with an address, once, by name."""
    return [person for person in standing_in.everybody(rows) if person.email]


def everybody(desk: Desk) -> list[tuple[Person, Reach | None]]:
    """Whom the registry names, and what is known of their time; None: nothing."""
    people = named_in(desk.registry.rows())
    known = desk.people.of(person.email for person in people)
    return [(person, known.get(person.email.casefold())) for person in people]


def go_away(desk: Desk, email: str, from_on: date, until_on: date, why: str, *, now: datetime) -> Reach:
    """Somebody is not there on these days, the last one included. Raises Refusals."""
    _must_be_named(desk.registry, email)
    if until_on < from_on:
        raise Invalid("It would end before it begins.", field="until", remedy="Give a last day after the first.")
    if until_on - from_on > LONGEST_AWAY:
        raise Invalid("That is more than a year.", field="until", remedy="Name another owner in the registry.")
    if len(why) > LIMIT:
        raise Invalid(f"The reason has {len(why)} characters.", field="why", remedy=f"Use at most {LIMIT}.")
    today = now.astimezone(UTC).date()
    if until_on < today - timedelta(days=1):
        raise Invalid("Those days are over.", field="until", remedy="Give days to come.")
    away = Away(from_on, until_on, why.strip())

    def with_days(reach: Reach) -> Reach:
        kept = (one for one in reach.away if one.until_on > today - KEPT and one != away)
        return replace(reach, away=tuple(sorted((*kept, away), key=lambda one: (one.from_on, one.until_on))))

    return desk.people.change(email, with_days)


def come_back(desk: Desk, email: str, *, now: datetime) -> Reach:
    """Somebody is there again: days that last or are to come are taken back."""
    _must_be_named(desk.registry, email)
    today = now.astimezone(UTC).date()
    return desk.people.change(
        email, lambda reach: replace(reach, away=tuple(one for one in reach.away if one.until_on < today))
    )


def keep_hours(
    desk: Desk, email: str, timezone: str, weekdays: frozenset[int], hours: tuple[tuple[int, int], ...]
) -> Reach:
    """Somebody's working time; without hours they can be reached at any time. Raises Refusals."""
    _must_be_named(desk.registry, email)
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(
            f"`{timezone}` is no time zone.", field="timezone", remedy="Write one such as Europe/Berlin."
        ) from None
    if overlap(hours):
        raise Invalid("The hours overlap.", field="hours", remedy="Write stretches that follow one another.")
    return desk.people.change(
        email, lambda reach: replace(reach, timezone=timezone, weekdays=weekdays, hours=tuple(sorted(hours)))
    )


def _must_be_named(registry: RegistryStore, email: str) -> None:
    if email.strip().casefold() not in {person.email.casefold() for person in named_in(registry.rows())}:
        raise NotFound(
            f"The registry names nobody with the address {email}.",
            field="person",
            remedy="See `deadair people list`.",
        )
