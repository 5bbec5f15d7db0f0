"""Who may do what to an incident, and to a row of the registry.

Knows that its owner and whoever stands in do the work, that everybody may say what they know, and that everybody may
take it over and say why. A row is changed, and its notices held back, by the people whom it names and by
administrators. Dead letters may be sent once more by every member: that repeats what came in, under their name.
Refuses to know doors, commands and how somebody was found to be who they are.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from deadair.domain.errors import NotAllowed
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person, same_person
from deadair.domain.standing_in import people_of
from deadair.domain.timeline import Actor, Source

# Deadair's own steps, what alarms say, and whoever holds the account's own keys; the timeline says which.
UNASKED = frozenset({Source.SYSTEM, Source.ALARM, Source.CLI})


class Act(StrEnum):
    """What somebody wants: to work on it, to say what they know, or to take it over."""

    WORK = "work"
    NOTE = "note"
    TAKE = "take"


def check(incident: Incident, actor: Actor, act: Act) -> None:
    """Raises NotAllowed, which says whose it is, when this person may not do that."""
    if actor.rights.barred:
        raise NotAllowed(actor.rights.barred)
    if not may(incident, actor, act) and not may_override(actor):
        raise refusal(incident)


def may(incident: Incident, actor: Actor, act: Act) -> bool:
    """Whether it is theirs to do, without any override. A reason to take it over is asked for by whoever writes it."""
    if act is not Act.WORK or actor.source in UNASKED or is_anybodys(incident):
        return True
    if incident.integration in actor.rights.stands_in_for:
        return True
    return any(same_person(actor.person, person) for person in answerable(incident))


def may_override(actor: Actor) -> bool:
    """Whether an administrator said why they act on what is not theirs."""
    return actor.rights.admin and bool(actor.rights.override)


def is_anybodys(incident: Incident) -> bool:
    """Whether everybody may work on it: nobody of its chain can be reached, or nobody knows whose it is."""
    unknown = bool(incident.owner_note) and incident.inactive_since is None
    return unknown or incident.owner_pending or incident.escalation.unreachable is not None or not incident.owner.name


def answerable(incident: Incident) -> list[Person]:
    """The owner, whoever has it, and whoever was told of it."""
    told = [one.person for one in incident.escalation.told]
    holder = incident.holder
    return [incident.owner, *([holder] if holder else []), *told]


def refusal(incident: Incident) -> NotAllowed:
    """Whose it is. The remedy is a command; a door that has no commands says its own."""
    if incident.inactive_since is not None:
        return NotAllowed(whose(incident), field="owner", remedy=f"who {incident.integration}", incident=incident)
    return NotAllowed(
        whose(incident),
        field="owner",
        remedy=f"assign {incident.number} me why you take it",
        incident=incident,
    )


def whose(incident: Incident) -> str:
    """To whom it belongs, or who has it instead of an owner who has left."""
    if incident.inactive_since is not None:
        return inactive(incident)
    return f"{incident.id} belongs to {incident.owner.name} ({incident.integration_name})."


def inactive(incident: Incident) -> str:
    """That the owner whom the registry names is not there any more, since when, and who has it instead."""
    said = since_when(incident, incident.inactive_since or incident.opened_at)
    return f"{said}. Escalated to {incident.owner.name}."


def since_when(of: Incident | Integration, since: datetime) -> str:
    """That nobody who is there owns it, and since which day."""
    name = of.integration_name if isinstance(of, Incident) else of.name
    return f"{name} has no active owner since {since.day} {since:%b}"


def check_row(row: Integration, actor: Actor) -> None:
    """Raises NotAllowed, which says whose row it is, when this person may not change it or hold its notices back."""
    if actor.rights.barred:
        raise NotAllowed(actor.rights.barred)
    if not may_change(row, actor):
        raise NotAllowed(whose_row(row), field="integration", remedy="Ask them, or an administrator.")


def may_change(row: Integration, actor: Actor) -> bool:
    """Whether a row is theirs to change: it names them, or they administer. One that names nobody waits for those."""
    if actor.source in UNASKED:
        return True
    return not actor.rights.barred and (actor.rights.admin or names(row, actor.person))


def names(row: Integration, person: Person) -> bool:
    """Whether somebody is the row's owner, deputy or escalation contact."""
    return any(same_person(person, one) for one in people_of(row))


def whose_row(row: Integration) -> str:
    """Who answers for a row."""
    people = ", ".join(dict.fromkeys(person.name for person in people_of(row)))
    return f"{row.name} belongs to {people}." if people else f"{row.name} belongs to nobody yet."


def signed(who: str, rows: Iterable[Integration], actor: Actor) -> str:
    """How somebody signs a change of these rows: as an administrator, where one of them is not theirs."""
    if actor.source in UNASKED or all(names(row, actor.person) for row in rows):
        return who
    return f"{who} (administrator)"
