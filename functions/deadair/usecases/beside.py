"""What a postmortem says besides the incident itself: its row, what was found, what changed nearby, what is to be done.

Knows where each is read, and that a metric that cannot be had holds nothing up. Refuses to render.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from deadair.adapters.cloudwatch.incident_series import IncidentSeries
from deadair.adapters.dynamodb.actions import ActionStore
from deadair.adapters.dynamodb.audit import AuditLog
from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.diagnoses import read_diagnosis
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.jinja.postmortem import Templates
from deadair.domain.action_item import ActionItem
from deadair.domain.diagnosed import Diagnosed, NearChange
from deadair.domain.errors import Unavailable
from deadair.domain.incident import Incident
from deadair.domain.lengths import started
from deadair.domain.ownership import Integration
from deadair.usecases.near_changes import near_changes

logger = logging.getLogger(f"deadair.{__name__}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is known besides an incident. `row` is None when the registry has none."""

    row: Integration | None = None
    found: Diagnosed | None = None
    changes: tuple[NearChange, ...] = ()
    actions: tuple[ActionItem, ...] = ()


NOTHING = Beside()


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Where it is read. What is None is not asked: then there is nothing of it. `known`: see `once`."""

    registry: RegistryStore | None = None
    audit: AuditLog | None = None
    series: IncidentSeries | None = None
    templates: Templates | None = None
    known: dict[tuple[int, int], Beside] | None = None

    def once(self) -> Self:
        """The same for a single look: what it has read of an incident's state is not read again."""
        return replace(self, known={})

    def beside(self, store: IncidentStore, incident: Incident, now: datetime) -> Beside:
        """Everything but the metric. Raises botocore's errors: then it is tried again."""
        if self.known is None:
            return self._read(store, incident, now)
        name = incident.number, incident.version
        if name not in self.known:
            self.known[name] = self._read(store, incident, now)
        return self.known[name]

    def _read(self, store: IncidentStore, incident: Incident, now: datetime) -> Beside:
        row = self.registry.get(incident.integration) if self.registry else None
        found = read_diagnosis(store.client, store.table, incident.number)
        changes = found.changes if found else ()
        if row and self.audit:
            kept = ChangeStore(store.client, store.table)
            changes = near_changes(kept, self.audit, row, around=started(incident), now=now)
        actions = ActionStore(store.client, store.table).of_incident(incident.number)
        return Beside(row=row, found=found, changes=changes, actions=tuple(actions))

    def chart(self, incident: Incident, row: Integration | None, now: datetime) -> dict[str, Any] | None:
        """The failing metric around the incident; None when there is nothing to show, or CloudWatch is silent."""
        if self.series is None:
            return None
        try:
            return self.series.of(incident, row, now)
        except Unavailable:
            logger.warning("the metric cannot be read", extra={"incident": incident.id}, exc_info=True)
            return None


NOWHERE = Around()
