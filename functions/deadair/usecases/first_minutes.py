"""What people ask in the first five minutes, gathered: last good record, records missed, who is affected, what changed.

Knows where each answer is found, and that one that cannot be had must not hold up the others: what was known stays.
Refuses to know classes.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.cloudwatch.sums import Sums
from deadair.adapters.dynamodb.audit import AuditLog
from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.affected import affected_by
from deadair.domain.diagnosed import Diagnosed, NearChange
from deadair.domain.errors import OddRow, Unavailable
from deadair.domain.expectation import expectation_of
from deadair.domain.health import Health
from deadair.domain.incident import Incident
from deadair.domain.lengths import detected, started
from deadair.domain.missed import LONGEST, Missed, missed
from deadair.domain.ownership import Integration
from deadair.usecases.near_changes import near_changes

logger = logging.getLogger("deadair.diagnosis")

T = TypeVar("T")
# So far back, in such periods, the last good record is looked for in the metrics.
LOOKED_BACK = ((timedelta(hours=3), 1), (LONGEST, 60))
# With single minutes for a day, and coarser beyond: an answer of CloudWatch has a bounded size.
FINE, FINE_MIN, COARSE_MIN = timedelta(days=1), 1, 15
PROCESS_LIMIT = 300


@dataclass(frozen=True, slots=True)
class FirstMinutes:
    """The neighbours that are asked."""

    registry: RegistryStore
    sums: Sums
    changes: ChangeStore
    audit: AuditLog

    def gathered(
        self, found: Diagnosed, incident: Incident, row: Integration | None, health: Health | None, now: datetime
    ) -> Diagnosed:
        """`found` with its facts up to date; those that cannot be had now stay as they are in it."""
        if row is None:
            return replace(found, missed_why="no row of the registry says what is expected")
        counted = _had(lambda: self._missed(incident, row, health, now), Missed(found.missed_records, found.missed_why))
        return replace(
            found,
            last_good_at=_had(lambda: self._last_good(incident, health), None) or found.last_good_at,
            missed_records=counted.records,
            missed_why=counted.why,
            affected=_had(lambda: self._affected(row), found.affected),
            process=str(row.row.get("business_process") or "")[:PROCESS_LIMIT],
            campaigns=tuple(row.row.get("campaigns") or ()),
            changes=_had(lambda: self._changes(incident, row, now), found.changes),
        )

    def _last_good(self, incident: Incident, health: Health | None) -> datetime | None:
        """The newest record that got through before the first alarm."""
        until = detected(incident)
        told = [one.at for one in health.recent if one.ok and one.records and one.at <= until] if health else []
        if health and health.last_success_at and health.last_success_at <= until:
            told.append(health.last_success_at)
        if told:
            return max(told)
        for back, period_min in LOOKED_BACK if health else ():
            sums = self.sums.of(incident.integration, "Successes", until - back, until, period_min)
            good = [at for at, total in sums.items() if total > 0]
            if good:
                return max(good)
        return None

    def _missed(self, incident: Incident, row: Integration, health: Health | None, now: datetime) -> Missed:
        start, end = started(incident), incident.recovered_at or incident.resolved_at or now
        return missed(
            expectation_of(row.row),
            start,
            max(start, end),
            self._arrived(row.slug, start, end) if health and end - start <= LONGEST else None,
            sends=health is not None,
        )

    def _arrived(self, slug: str, start: datetime, end: datetime) -> float | None:
        period = FINE_MIN if end - start <= FINE else COARSE_MIN
        try:
            return sum(self.sums.of(slug, "Records", start, end, period).values())
        except (BotoCoreError, ClientError):
            logger.warning("CloudWatch does not answer", exc_info=True)
            return None

    def _affected(self, row: Integration) -> tuple[str, ...]:
        return affected_by(row.slug, {one.slug: one for one in self.registry.rows()})

    def _changes(self, incident: Incident, row: Integration, now: datetime) -> tuple[NearChange, ...]:
        return near_changes(self.changes, self.audit, row, around=started(incident), now=now)


def _had(ask: Callable[[], T], otherwise: T) -> T:
    """The answer; `otherwise` where a neighbour is silent or a row cannot be understood."""
    try:
        return ask()
    except (BotoCoreError, ClientError, Unavailable, OddRow):
        logger.warning("a fact could not be had", exc_info=True)
        return otherwise
