"""Somebody says: it was not over.

Knows that an integration has one open incident: while another one is open, that is where it goes on.
"""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.taken import Taken, taken
from deadair.domain.incident import Incident
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.its_line import line_again
from deadair.usecases.step import allowed, entry_of, within

LIMIT = 1000


def reopen(store: IncidentStore, number: int, actor: Actor, reason: str = "", *, now: datetime) -> Incident:
    """`reason` says why. Returns the new state; raises Refusals."""
    why = within(reason, LIMIT, what="reason")
    before = store.get(number)
    after = replace(before.reopen(), version=before.version + 1, touched_at=now)
    actor = allowed(before, actor)
    entry = entry_of(after, actor, Fact.REOPENED, f"Reopened: {why}" if why else "Reopened.", now=now)
    line = line_again(store, before)
    saved, writes = taken(store.table, Taken(before, after, entry), changed=line.changed)
    store.commit([*writes, *line.writes], before.id)
    return saved[0]
