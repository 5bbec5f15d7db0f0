"""What somebody does next: incidents that are open, action items, postmortems to write and to read.

Knows where each is found. Refuses to weigh people: nothing here counts how much somebody did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.actions import ActionStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.items import postmortem_from
from deadair.adapters.dynamodb.many import read_many
from deadair.domain.action_item import ActionItem
from deadair.domain.incident import Incident
from deadair.domain.outline import Outline
from deadair.domain.ownership import Person, same_person
from deadair.domain.reminding import Waiting

# What nobody wrote in a quarter is found on its own page.
LOOKED_BACK = timedelta(days=92)
# Postmortems of so many of the newest incidents are looked at: three calls.
LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class Work:
    """`open` are incidents that they own or have; `items` the earliest day first; `waiting` the newest first."""

    open: tuple[Incident, ...] = ()
    items: tuple[ActionItem, ...] = ()
    waiting: tuple[Waiting, ...] = ()


def their_work(
    incidents: IncidentStore, actions: ActionStore, outlines: Sequence[Outline], person: Person, now: datetime
) -> Work:
    """All of it. `outlines` are incidents of the last months. Errors are botocore's; Unavailable."""
    return Work(
        tuple(one for one in incidents.open_incidents() if is_theirs(one, person)),
        tuple(actions.of_person(person)),
        tuple(_waiting(incidents, outlines, person, now)),
    )


def is_theirs(incident: Incident, person: Person) -> bool:
    """Whether somebody owns an incident or has it."""
    holder = incident.holder
    return same_person(incident.owner, person) or (holder is not None and same_person(holder, person))


def _waiting(incidents: IncidentStore, outlines: Sequence[Outline], person: Person, now: datetime) -> list[Waiting]:
    over = [one for one in outlines if one.is_real and one.resolved_at and one.started_at >= now - LOOKED_BACK]
    newest = sorted(over, key=lambda one: one.number, reverse=True)[:LOOKED_AT]
    items = read_many(incidents.client, incidents.table, [keys.postmortem(one.number) for one in newest])
    known = {postmortem.incident: postmortem for postmortem in map(postmortem_from, items)}
    found = []
    for one in newest:
        postmortem = known.get(one.id)
        if postmortem is None:
            continue
        reader = postmortem.waits_for
        if reader is not None and same_person(reader, person):
            found.append(Waiting(one.number, one.integration_name, draft=False, answered=len(postmortem.answers)))
        elif reader is None and not postmortem.is_published and same_person(one.owner, person):
            found.append(Waiting(one.number, one.integration_name, answered=len(postmortem.answers)))
    return found
