"""A look at an incident: the class with its evidence and confidence, and the facts of the first five minutes.

Knows when a look is due and that the same finding is told once. Refuses to hold up anybody: the incident opened and was
told before, and whatever is silent only leaves its part out.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.cloudwatch.logs import Lines, LogReader
from deadair.adapters.dynamodb.diagnoses import DiagnosisStore
from deadair.adapters.dynamodb.dossiers import Dossier, read_dossier
from deadair.adapters.dynamodb.health import HealthStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.transact import LostRace
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.diagnosis import evidence_in
from deadair.domain.errors import Unavailable
from deadair.domain.finding import differs, line_of
from deadair.domain.health import Health
from deadair.domain.heard import heard_in
from deadair.domain.incident import Incident
from deadair.domain.lengths import detected, started
from deadair.domain.log_errors import Told, told_by
from deadair.domain.looking import SIGNALS, Said, Verdict, said_by_logs, takes_over, verdict
from deadair.domain.ownership import Integration
from deadair.usecases.first_minutes import FirstMinutes
from deadair.usecases.look_back import LookBack, lines_of

logger = logging.getLogger("deadair.diagnosis")

# A storm of alarms of one integration is one look a minute.
REST = timedelta(minutes=1)
TURNS = 4
# The last minutes; where they hold no error, the minutes around the start: a nightly run failed hours before its alarm.
LAST, BEFORE_START, AFTER_START = timedelta(minutes=15), timedelta(minutes=5), timedelta(minutes=10)
NO_GROUP = "Its row names no log group."


class Looked(StrEnum):
    """What came of a look."""

    NOT_DUE = "not_due"
    SAME = "same"
    FOUND = "found"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Diagnoser:
    """The neighbours of a look."""

    store: DiagnosisStore
    health: HealthStore
    registry: RegistryStore
    logs: LogReader
    facts: FirstMinutes
    back: LookBack

    def look(self, number: int, now: datetime, *, nudged: bool = False) -> Looked:
        """Look once, if it is due; a nudge is always. Raises NotFound, Unavailable and botocore's errors.

        Whoever loses a race against a person or an alarm reads again: a look never undoes what others wrote.
        """
        for _ in range(TURNS):
            dossier = read_dossier(self.store.client, self.store.table, number)
            if not _is_due(dossier, now, nudged=nudged):
                return Looked.NOT_DUE
            try:
                return self._write(dossier, now)
            except LostRace:
                continue
        raise Unavailable(f"INC-{number} changes faster than it can be looked at.")

    def _write(self, dossier: Dossier, now: datetime) -> Looked:
        incident, earlier = dossier.incident, dossier.diagnosed
        conclusion, found = self._found(dossier, now)
        told = [line_of(found, earlier, incident, now)] if differs(found, earlier) else []
        looked = conclusion.looked if takes_over(conclusion, earlier, incident) else incident.looked
        before = earlier.history if earlier else None
        found = replace(found, history=self.back.at(replace(incident, looked=looked), before))
        told += lines_of(found, before, incident, now)
        if told or looked is not incident.looked:
            after = replace(incident, looked=looked, version=incident.version + 1)
            self.store.save_told(incident, after, found, told)
        else:
            self.store.save(incident.number, found)
        logger.info("looked", extra={"incident": incident.id, "told": bool(told), "edit": found.edit})
        return Looked.FIRST if earlier is None else Looked.FOUND if told else Looked.SAME

    def _found(self, dossier: Dossier, now: datetime) -> tuple[Verdict, Diagnosed]:
        incident, earlier = dossier.incident, dossier.diagnosed
        row, health = self._row(incident), self._health(incident)
        lines, told = self._logs(incident, row, now)
        heard = heard_in(self.store.alarm_lines(incident.number))
        said = [*_signals(incident, health, now), *said_by_logs(told), *heard.said]
        conclusion = verdict(incident, said, heard.words)
        if earlier is not None and not takes_over(conclusion, earlier, incident):
            kept = replace(earlier, log_errors=earlier.log_errors or told.errors)
        else:
            kept = _concluded(conclusion, earlier, told, lines)
        counted = replace(kept, looked_at=now, edit=earlier.edit + 1 if earlier else 1)
        return conclusion, self.facts.gathered(counted, incident, row, health, now)

    def _logs(self, incident: Incident, row: Integration | None, now: datetime) -> tuple[Lines, Told]:
        """The errors of the last minutes, or of those around the start."""
        group = ((row.row.get("logs") or {}).get("group") if row else None) or ""
        if not group:
            return Lines(note=NO_GROUP if row else ""), Told()
        end = min(now, detected(incident) + 2 * LAST)
        lines = self.logs.errors(group, end - LAST, end)
        told = told_by(lines.texts)
        began = started(incident)
        if told.total or lines.note or began > end - LAST:
            return lines, told
        around = self.logs.errors(group, began - BEFORE_START, min(began + AFTER_START, end - LAST))
        return around, told_by(around.texts)

    def _row(self, incident: Incident) -> Integration | None:
        try:
            return self.registry.get(incident.integration)
        except (BotoCoreError, ClientError):
            return None

    def _health(self, incident: Incident) -> Health | None:
        try:
            return self.health.get(incident.integration)
        except (BotoCoreError, ClientError, KeyError, TypeError, ValueError):
            logger.warning("health cannot be read", exc_info=True)
            return None


def _is_due(dossier: Dossier, now: datetime, *, nudged: bool) -> bool:
    earlier = dossier.diagnosed
    if dossier.incident.recorded_afterwards:
        # Logs and signals of now say nothing about then.
        return False
    if earlier is None or earlier.looked_at is None or nudged:
        return True
    return dossier.incident.is_open and now - earlier.looked_at >= REST


def _signals(incident: Incident, health: Health | None, now: datetime) -> list[Said]:
    """What the integration's own signals show now, and what they showed when its alarm was recorded."""
    evidence = evidence_in(health, at=now, now=now) if incident.is_open else None
    told = [Said(SIGNALS, evidence.failure_class, evidence.text)] if evidence else []
    finding = incident.finding
    if finding is None or (evidence and evidence.failure_class is finding.failure_class):
        return told
    return [*told, Said(SIGNALS, finding.failure_class, finding.text)]


def _concluded(conclusion: Verdict, earlier: Diagnosed | None, told: Told, lines: Lines) -> Diagnosed:
    return replace(
        earlier or Diagnosed(failure_class=conclusion.failure_class, confidence=conclusion.confidence),
        failure_class=conclusion.failure_class,
        confidence=conclusion.confidence,
        evidence=conclusion.evidence,
        beneath=conclusion.beneath,
        log_errors=told.errors or (earlier.log_errors if earlier else ()),
        logs_note=lines.note,
    )
