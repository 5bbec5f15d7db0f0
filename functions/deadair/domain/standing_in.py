"""Who stands in for whom, as the registry says it; and what somebody may do by that.

Knows rows and the addresses of administrators. Refuses to know incidents and doors.
"""

from collections.abc import Iterable

from deadair.domain.chain import contact_of
from deadair.domain.ownership import Integration, Person, same_person
from deadair.domain.rights import Rights

# More is cut: the rest of the line is about the step itself.
REASON_LIMIT = 500


def people_of(row: Integration) -> list[Person]:
    """The owner of a row, its deputy and its escalation contact, as far as it names them."""
    return [person for person in (row.owner, row.deputy, contact_of(row)) if person is not None and person.name]


def everybody(rows: Iterable[Integration]) -> list[Person]:
    """Everybody whom rows name, each once, by name; of several ways to write one person, one with their Slack id."""
    known: dict[str, Person] = {}
    for person in (one for row in rows for one in people_of(row)):
        key = person.email.strip().casefold() or person.slack_id or person.name
        if key not in known or (person.slack_id and not known[key].slack_id):
            known[key] = person
    return sorted(known.values(), key=lambda person: (person.name.casefold(), person.email))


def rights_of(person: Person, rows: Iterable[Integration], admins: frozenset[str], override: str = "") -> Rights:
    """What this person may do. `admins` are addresses in lower case; `override` is what they say to insist."""
    mine = frozenset(row.slug for row in rows if any(same_person(person, one) for one in people_of(row)))
    return Rights(is_admin(person, admins), mine, override.strip()[:REASON_LIMIT])


def is_named(person: Person, rows: Iterable[Integration]) -> bool:
    """Whether any row names this person."""
    return any(same_person(person, one) for row in rows for one in people_of(row))


def is_admin(person: Person, admins: frozenset[str]) -> bool:
    """Whether somebody is one of the administrators. Only an address tells, and no other that folds to it."""
    return bool(person.email) and person.email.isascii() and person.email.strip().casefold() in admins


def addresses_in(text: str) -> frozenset[str]:
    """The addresses of a list with commas, in lower case."""
    return frozenset(one for part in text.split(",") if (one := part.strip().casefold()))


def known_as(person: Person, rows: Iterable[Integration]) -> Person:
    """The person as the registry names them, with the id and the address that are known; themselves if it does not."""
    named = next((one for row in rows for one in people_of(row) if same_person(one, person)), None)
    if named is None:
        return person
    return Person(named.name, named.email or person.email, person.slack_id or named.slack_id)
