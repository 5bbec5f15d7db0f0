"""A step of a person as one transaction: each incident that it changes, its entry, and what is needed to take it back.

Knows that all of it is written or nothing. Refuses to decide anything, and to read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from deadair.adapters.dynamodb.incidents import incident_item, incident_writes
from deadair.adapters.dynamodb.step_writes import head_changed, step_writes
from deadair.adapters.dynamodb.steps import Changed, Turn
from deadair.adapters.dynamodb.transact import Write
from deadair.domain.incident import Incident
from deadair.domain.timeline import Entry


@dataclass(frozen=True, slots=True)
class Taken:
    """What a step made of one incident; `before` None: it opened it."""

    before: Incident | None
    after: Incident
    entry: Entry


def taken(
    table: str, *steps: Taken, changed: Sequence[Changed] = (), turn: Turn | None = None
) -> tuple[list[Incident], list[Write]]:
    """The incidents as they will be, and all writes. `changed` are other items; their writes are somebody else's.

    The first incident is the one that the step is of.
    """
    saved, writes, heads = [], [], []
    for one in steps:
        after, own = incident_writes(table, one.after, one.before.version if one.before else 0, [one.entry])
        saved.append(after)
        writes += own
        heads.append(head_changed(incident_item(one.before) if one.before else {}, incident_item(after)))
    entries = [(one.after.number, one.entry) for one in steps]
    return saved, writes + step_writes(table, entries, [*heads, *changed], turn)
