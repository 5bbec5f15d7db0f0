"""Somebody says: these two are one break.

Knows that both incidents change in one transaction, and that the lines need not: news that find a merged incident
follow it to where it went. Refuses to retry a lost race: the person is to see the current state first.
"""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore, incident_writes
from deadair.domain.grouping import merged
from deadair.domain.incident import Incident
from deadair.domain.timeline import Actor, Entry, Fact
from deadair.usecases.step import entry_of


def merge(store: IncidentStore, number: int, into: int, actor: Actor, *, now: datetime) -> Incident:
    """The incident `number` goes on as `into`. Returns the first, which has ended; raises Refusals."""
    source, target = store.get(number), store.get(into)
    ended, together = merged(source, target, actor.person.name, now)
    there = _line(ended, actor, f"Merged into {target.id}, {target.title}.", ("into", into), now)
    here = _line(together, actor, f"{source.id}, {source.title}, was merged into this one.", ("from", number), now)
    ended, writes = incident_writes(store.table, ended, source.version, [there])
    writes += incident_writes(store.table, together, target.version, [here])[1]
    store.commit(writes, f"{source.id} or {target.id}")
    return ended


def _line(incident: Incident, actor: Actor, text: str, other: tuple[str, int], now: datetime) -> Entry:
    return replace(entry_of(incident, actor, Fact.MERGED, text, now=now), data=((other[0], str(other[1])),))
