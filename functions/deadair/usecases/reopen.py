"""Somebody says: it was not over.

Knows that an integration has one open incident: while another one is open, that is where it goes on.
"""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore, incident_writes
from deadair.adapters.dynamodb.lines import line_write, read_lines
from deadair.adapters.dynamodb.transact import Write
from deadair.domain.errors import IllegalTransition
from deadair.domain.incident import Incident
from deadair.domain.line import Line, Past
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import entry_of, within

LIMIT = 1000


def reopen(store: IncidentStore, number: int, actor: Actor, reason: str = "", *, now: datetime) -> Incident:
    """`reason` says why. Returns the new state; raises Refusals."""
    why = within(reason, LIMIT, what="reason")
    before = store.get(number)
    after = replace(before.reopen(), version=before.version + 1, touched_at=now)
    entry = entry_of(after, actor, Fact.REOPENED, f"Reopened: {why}" if why else "Reopened.", now=now)
    saved, writes = incident_writes(store.table, after, before.version, [entry])
    store.commit([*writes, *_line_again(store, before)], before.id)
    return saved


def hold_line(store: IncidentStore, before: Incident) -> list[Write] | None:
    """What keeps its line as it is while the incident reopens; None: another incident has come after it."""
    if before.split_from is not None:
        return []
    line = _line_of(store, before)
    if line.number is None:
        return []
    if _goes_on_as(store, line.number) != before.number:
        return None
    return [line_write(store.table, replace(line, version=line.version + 1), line)]


def _goes_on_as(store: IncidentStore, number: int) -> int:
    """The incident itself, or what it was merged into."""
    into = store.get_many([number])[number].merged_into
    return number if into is None else _goes_on_as(store, into)


def _line_of(store: IncidentStore, incident: Incident) -> Line:
    name = f"{incident.integration}#{incident.signal.value}" if incident.is_ahead else incident.integration
    return read_lines(store.client, store.table, [name])[name]


def _line_again(store: IncidentStore, before: Incident) -> list[Write]:
    """What its alarms say next is about it again, not about an incident that came after it and is over, too."""
    if before.is_open or before.split_from is not None:
        return []
    line = _line_of(store, before)
    if line.number in (None, before.number):
        return []
    latest = store.get_many([line.number])[line.number]
    if latest.is_open:
        told = f"{latest.id} is open for the same integration."
        raise IllegalTransition(told, field="incident", remedy=f"note {latest.number} what is not over")
    past = tuple(one for one in line.past if one.number != before.number)
    ended = (Past(latest.number, latest.resolved_at),) if latest.resolved_at else ()
    after = replace(line, number=before.number, past=(*past, *ended), version=line.version + 1)
    return [line_write(store.table, after, line)]
