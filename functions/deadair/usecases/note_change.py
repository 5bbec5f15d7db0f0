"""Somebody says what was changed: it stands beside the integration's other changes, and on the timeline.

Knows that both are written together. Refuses to say that the change is the cause: the diagnosis weighs it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.step_writes import made
from deadair.adapters.dynamodb.taken import Taken, taken
from deadair.domain.change import TEXT_LIMIT, Kind, Teller, a_change
from deadair.domain.errors import Invalid
from deadair.domain.incident import Incident
from deadair.domain.permission import Act
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import allowed, entry_of, with_data, within

# A clock that is a little ahead of ours is no slip.
SOON = timedelta(minutes=5)


def note_change(
    changes: ChangeStore,
    store: IncidentStore,
    number: int,
    actor: Actor,
    text: str,
    *,
    now: datetime,
    occurred_at: datetime | None = None,
) -> Incident:
    """`occurred_at` is when it was changed, if not now. Returns the new state; raises Refusals."""
    said = " ".join(within(text, TEXT_LIMIT, what="text").split())
    if not said:
        raise Invalid("It does not say what was changed.", field="text", remedy=f"change {number} what was changed")
    at = occurred_at or now
    if at > now + SOON:
        raise Invalid("That time has not come yet.", field="at", remedy="Give a time in the past.")
    before = store.get(number)
    actor = allowed(before, actor, Act.NOTE)
    after = replace(before, version=before.version + 1, touched_at=now)
    line = entry_of(after, actor, Fact.CHANGE_NOTED, f"Changed: {said}", now=now, occurred_at=at)
    own = f"{before.id}/{line.id}"
    by, source = actor.person.name, Teller.PERSON
    change = a_change(before.integration, at, Kind.OTHER, said, by=by, source=source, own_id=own)
    kept = changes.writes(change, now)
    step = Taken(before, after, with_data(line, change=change.id))
    saved, writes = taken(store.table, step, changed=[made(write["Put"]["Item"]) for write in kept])
    store.commit([*writes, *kept], before.id)
    return saved[0]
