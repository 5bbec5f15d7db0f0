"""Somebody says: these two are one break.

Knows that both incidents change in one transaction, and that the lines need not: news that find a merged incident
follow it to where it went. Refuses to retry a lost race: the person is to see the current state first.
"""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.taken import Taken, taken
from deadair.domain.grouping import merged
from deadair.domain.incident import Incident
from deadair.domain.timeline import Actor, Entry, Fact
from deadair.usecases.step import allowed, entry_of, with_data


def merge(store: IncidentStore, number: int, into: int, actor: Actor, *, now: datetime) -> Incident:
    """The incident `number` goes on as `into`. Returns the first, which has ended; raises Refusals."""
    source, target = store.get(number), store.get(into)
    ended, together = merged(source, target, actor.person.name, now)
    mine, theirs = allowed(source, actor), allowed(target, actor)
    there = _line(ended, mine, f"Merged into {target.id}, {target.title}.", ("into", into), now)
    here = _line(together, theirs, f"{source.id}, {source.title}, was merged into this one.", ("from", number), now)
    saved, writes = taken(store.table, Taken(source, ended, there), Taken(target, together, here))
    store.commit(writes, f"{source.id} or {target.id}")
    return saved[0]


def _line(incident: Incident, actor: Actor, text: str, other: tuple[str, int], now: datetime) -> Entry:
    return with_data(entry_of(incident, actor, Fact.MERGED, text, now=now), **{other[0]: str(other[1])})
