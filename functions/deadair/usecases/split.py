"""Somebody says: these alarms are another break.

Knows that an alarm has a line of its own, which the intake asks before that of its integration: there its further news
find the new incident. Everything is written in one transaction.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.lines import line_write, read_lines
from deadair.adapters.dynamodb.taken import Taken, taken
from deadair.domain.grouping import chosen, split_off
from deadair.domain.incident import Incident
from deadair.domain.ownership import own_line
from deadair.domain.timeline import Actor, Entry, Fact
from deadair.usecases.step import allowed, entry_of, with_data

NAMES_SAID = 10


def split(store: IncidentStore, number: int, alarms: Iterable[str], actor: Actor, *, now: datetime) -> Incident:
    """`alarms` are shown names or keys. Returns the new incident; raises Refusals."""
    before = store.get(number)
    keys = chosen(before, alarms)
    actor = allowed(before, actor)
    split_off(before, keys, 0, now)  # so that a refusal takes no number
    rest, new = split_off(before, keys, store.next_number(), now)
    names = ", ".join(sorted(alarm.name for alarm in new.alarms.values())[:NAMES_SAID])
    left = _line(rest, actor, f"Split: {names} goes on as {new.id}.", ("into", new.number), now)
    begun = _line(new, actor, f"Split from {before.id}: {names}.", ("from", number), now)
    saved, writes = taken(store.table, Taken(before, rest, left), Taken(None, new, begun))
    for line in read_lines(store.client, store.table, map(own_line, keys)).values():
        after = replace(line, number=new.number, version=line.version + 1)
        writes.append(line_write(store.table, after, line))
    store.commit(writes, before.id)
    return saved[1]


def _line(incident: Incident, actor: Actor, text: str, other: tuple[str, int], now: datetime) -> Entry:
    return with_data(entry_of(incident, actor, Fact.SPLIT, text, now=now), **{other[0]: str(other[1])})
