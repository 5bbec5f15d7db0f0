"""An open incident whose owner is not there any more goes to the next of its chain, and says so. Pure.

Knows the order of the chain. Refuses to know how somebody is found to be gone.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from deadair.domain.chain import Link
from deadair.domain.escalation import NOT_ESCALATED
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person, same_person
from deadair.domain.permission import inactive, since_when
from deadair.domain.stages import Status
from deadair.domain.telling import Due, entry_of
from deadair.domain.timeline import Fact

# Since when somebody is gone; None: they are there, as far as anybody can say.
GoneSince = Callable[[Person], datetime | None]


def handed_on(incident: Incident, chain: tuple[Link, ...], gone_since: GoneSince, now: datetime) -> Due | None:
    """The incident with the next of the chain as its owner; None: its owner is there, or nobody else is."""
    since = gone_since(incident.owner)
    if since is None:
        return None
    others = (person for _, person in chain if not same_person(person, incident.owner))
    person = next((person for person in others if gone_since(person) is None), None)
    if person is None:
        return None
    since = incident.inactive_since or since
    after = replace(incident, owner=person, inactive_since=since, owner_note=f"{since_when(incident, since)}.")
    if incident.status is Status.OPEN:
        # Whoever has it now has all the time that the first one had.
        after = replace(after, pending_since=now, escalation=NOT_ESCALATED)
    text = f"{inactive(after)} {incident.owner.name} is deactivated in Slack."
    return Due(after, (entry_of(after, Fact.ASSIGNED, now, now, text, person=person.name),))


def without(chain: tuple[Link, ...], gone: list[Person]) -> tuple[Link, ...]:
    """Those of a chain who are there."""
    return tuple(link for link in chain if not any(same_person(link[1], person) for person in gone))
