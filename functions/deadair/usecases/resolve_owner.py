"""An incident that opened while the registry could not say whose it is gets its row, as soon as the registry can.

Knows that it looks again whenever somebody looks at the incident, and that a person's word about the owner stays.
Refuses to fail: whoever looks next tries again.
"""

import logging
from dataclasses import replace
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.incidents import IncidentStore, incident_writes
from deadair.adapters.dynamodb.lines import line_write, read_lines
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.transact import Write
from deadair.domain.alarm import DEADAIR
from deadair.domain.errors import Stale, Unavailable
from deadair.domain.escalation import NOT_ESCALATED
from deadair.domain.incident import Incident
from deadair.domain.line import Past
from deadair.domain.ownership import Integration, Person, claims
from deadair.domain.stages import Status
from deadair.domain.timeline import Actor, Fact, Source
from deadair.usecases.find_holder import UNCLAIMED
from deadair.usecases.step import entry_of

logger = logging.getLogger(__name__)
REGISTRY = Actor(Person(DEADAIR), Source.SYSTEM)


def resolve_owner(store: IncidentStore, registry: RegistryStore, number: int, now: datetime) -> Incident:
    """The incident, with its row where there is one now. Raises NotFound."""
    before = store.get(number)
    if not before.owner_pending or before.merged_into is not None:
        return before
    try:
        rows = registry.rows()
        row = _row_of(before, rows)
        if row is None and before.named in registry.unreadable:
            return before
        return _given(store, before, row, now) if row else _unclaimed(store, before)
    except (Stale, Unavailable, ClientError, BotoCoreError):
        logger.warning("whose it is cannot be said yet", exc_info=True, extra={"incident": before.id})
        return before


def _row_of(incident: Incident, rows: list[Integration]) -> Integration | None:
    first = sorted(incident.alarms.items(), key=lambda one: (one[1].first_alarm_at, one[0]))
    found = (claims(incident.named, alarm.name, rows) for _, alarm in first)
    return next((row[0] for row in found if row), None)


def _unclaimed(store: IncidentStore, before: Incident) -> Incident:
    note = UNCLAIMED if before.owner_note else ""
    return store.save(before, replace(before, owner_pending=False, owner_note=note, version=before.version + 1))


def _given(store: IncidentStore, before: Incident, row: Integration, now: datetime) -> Incident:
    after = _of_row(before, row, now)
    consent = " It carries consent." if row.consent else ""
    text = f"The registry answers: this is {row.name}, and {after.owner.name} has it.{consent}"
    entry = entry_of(after, REGISTRY, Fact.ASSIGNED, text, now=now)
    saved, writes = incident_writes(store.table, after, before.version, [entry])
    store.commit([*writes, *_line(store, after, row)], before.id)
    return saved


def _of_row(before: Incident, row: Integration, now: datetime) -> Incident:
    """With what the row says. An owner whom somebody named stays."""
    named = not before.owner_note
    owner = before.owner if named or not row.owner.name else row.owner
    note = "" if named or row.owner.name else "The registry names no owner."
    given = replace(
        before,
        integration=row.slug,
        integration_name=row.name,
        tier=row.severity,
        consent=row.consent,
        runbook=row.runbook,
        systems=row.systems,
        owner=owner,
        owner_note=note,
        owner_pending=False,
        version=before.version + 1,
    )
    if before.status is not Status.OPEN or owner == before.owner:
        return given
    return replace(given, pending_since=now, escalation=NOT_ESCALATED)


def _line(store: IncidentStore, after: Incident, row: Integration) -> list[Write]:
    """Further alarms of the integration join it, unless another incident of the integration is open."""
    line = read_lines(store.client, store.table, [row.slug])[row.slug]
    if line.number == after.number or not after.is_open:
        return []
    latest = store.get_many([line.number]).get(line.number) if line.number is not None else None
    if latest is not None and latest.is_open:
        return []
    ended = (Past(latest.number, latest.resolved_at),) if latest and latest.resolved_at else ()
    moved = replace(line, number=after.number, past=(*line.past, *ended), version=line.version + 1)
    return [line_write(store.table, moved, line)]
