"""People as the registry names them, with what they answer for. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from deadair.domain.chain import contact_of
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person, same_person
from deadair.domain.standing_in import everybody
from deadair.usecases.their_work import is_theirs


@dataclass(slots=True)
class Row:
    """One person. `owns` and `stands_in` count rows; `open` are incidents that they own or have now."""

    person: Person
    owns: int = 0
    stands_in: int = 0
    open: list[Incident] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class People:
    """A page of them. `total` counts what was looked for, `everybody` all."""

    rows: tuple[Row, ...]
    total: int
    everybody: int
    page: int
    pages: int


def people(
    registry: Sequence[Integration], open_incidents: Iterable[Incident], said: str, page: int, size: int
) -> People:
    """By name; `said` are words that their name, address or id must contain."""
    named = everybody(registry)
    words = said.casefold().split()
    left = [one for one in named if all(word in f"{one.name} {one.email}".casefold() for word in words)]
    pages = max(-(-len(left) // size), 1)
    shown = [Row(person) for person in left[(page - 1) * size : page * size]]
    _count(shown, registry)
    for incident in open_incidents:
        for row in shown:
            if is_theirs(incident, row.person):
                row.open.append(incident)
    return People(tuple(shown), len(left), len(named), page, pages)


def _count(shown: Sequence[Row], registry: Iterable[Integration]) -> None:
    """By address and id, which are looked up: a thousand rows times a hundred people are too many to compare."""
    known: dict[str, Row] = {}
    for row in shown:
        for name in _names(row.person):
            known.setdefault(name, row)
    for integration in registry:
        owner = _of(known, integration.owner)
        if owner:
            owner.owns += 1
        for person in (integration.deputy, contact_of(integration)):
            found = _of(known, person) if person else None
            if found and found is not owner:
                found.stands_in += 1


def _names(person: Person) -> list[str]:
    return [name for name in (person.email.strip().casefold(), person.slack_id) if name] or [person.name]


def _of(known: dict[str, Row], person: Person) -> Row | None:
    return next((known[name] for name in _names(person) if name in known), None)


def roles(registry: Iterable[Integration], person: Person) -> dict[str, list[Integration]]:
    """The rows that somebody owns, and those of which they are deputy or the last to be called, by name."""
    found: dict[str, list[Integration]] = {"owns": [], "deputy_of": [], "escalation_of": []}
    for row in sorted(registry, key=lambda one: (one.name.casefold(), one.slug)):
        contact = contact_of(row)
        if same_person(row.owner, person):
            found["owns"].append(row)
        elif row.deputy and same_person(row.deputy, person):
            found["deputy_of"].append(row)
        elif contact and same_person(contact, person):
            found["escalation_of"].append(row)
    return found
