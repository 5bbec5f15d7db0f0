"""The diagnosis room on real tables, with a log group, metrics and a registry of its own, as claims work with it."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from deadair.adapters.cloudwatch.logs import LogReader
from deadair.adapters.cloudwatch.metrics import MetricWriter
from deadair.adapters.cloudwatch.sums import Sums
from deadair.adapters.dynamodb.audit import AuditLog
from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.diagnoses import DiagnosisStore
from deadair.adapters.dynamodb.dossiers import read_dossier
from deadair.adapters.dynamodb.health import HealthStore
from deadair.adapters.dynamodb.incidents import IncidentStore, entry_item, incident_item
from deadair.adapters.dynamodb.outlines import OutlineStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.transact import commit, put, put_new
from deadair.adapters.registry_file.model import Row
from deadair.domain.alarm import AlarmIdentity, AlarmState, Signal, Transition
from deadair.domain.alarm_entry import entry_for
from deadair.domain.answering import Held, opened
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.health import Health, Recent
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration
from deadair.domain.sent_signal import SentSignal
from deadair.domain.signal_metrics import minutes_of
from deadair.domain.timeline import Entry, Fact
from deadair.usecases.diagnose import Diagnoser, Looked
from deadair.usecases.first_minutes import FirstMinutes
from deadair.usecases.import_registry import import_registry
from deadair.usecases.look_back import LookBack
from infra.target import Target
from tests.builders import ANA
from tests.stack import a_table_like

OWNER = {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"}
NAMESPACE = "Deadair/looks"


class Diagnosis:
    """A world with one integration and its dependents. `start` is some minutes ago: logs and metrics age."""

    def __init__(self, stack: Target, *, group: str = "", slug: str = "", start: datetime | None = None) -> None:
        self.stack, self.dynamodb = stack, stack.client("dynamodb")
        self.table, self.registry_table = a_table_like(stack, "IncidentsTable"), a_table_like(stack, "RegistryTable")
        self.start = start or datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=60)
        self.slug = slug or f"form-{uuid4().hex[:8]}"
        self.group = group or f"/integrations/{self.slug}"
        self.store = IncidentStore(self.dynamodb, self.table)

    def at(self, minutes: float) -> datetime:
        """Some minutes after the start."""
        return self.start + timedelta(minutes=minutes)

    def row(self, **fields: Any) -> None:
        """The registry: the integration, and what depends on it."""
        mine = {
            "slug": self.slug,
            "name": "Form → CRM",
            "owner": OWNER,
            "dependents": ["crm-alerts"],
            "expected": {"timezone": "UTC", "per_hour": 60},
            "logs": {"where": "CloudWatch", "group": self.group},
            "business_process": "Leads are called within the hour.",
            "campaigns": ["Spring"],
        } | fields
        others = [
            {"slug": "crm-alerts", "name": "CRM → alerts", "owner": OWNER, "dependents": ["opt-outs"]},
            {"slug": "opt-outs", "name": "Opt-outs", "owner": OWNER, "data_classes": ["consent"], "severity": "SEV1"},
        ]
        writer = RegistryWriter(self.dynamodb, self.registry_table)
        import_registry(
            writer, [Row.model_validate(one) for one in (mine, *others)], now=self.at(-60 * 24 * 9), by="cli:test"
        )

    def incident(self, signal: Signal = Signal.ERROR_RATE, *, reason: str = "", **more: Any) -> Incident:
        """An incident that an alarm opened, with its line of the timeline."""
        alarm = self.alarm(signal, 0, reason)
        row = RegistryStore(self.dynamodb, self.registry_table).get(self.slug)
        answers = Held(
            self.slug, row.name if row else self.slug, ANA, integration=row or Integration(self.slug, "x", ANA)
        )
        incident = replace(opened(alarm, answers, 42, self.at(1)), **more)
        line = entry_for(alarm, incident, Fact.OPENED, self.at(1))
        items = [incident_item(incident), entry_item(42, line)]
        commit(self.dynamodb, [put_new(self.table, item) for item in items])
        return incident

    def alarm(self, signal: Signal, minutes: float, reason: str = "") -> Transition:
        """An ALARM of this integration."""
        identity = AlarmIdentity("aws", "210987654321", "eu-central-1", f"{self.slug}-{signal.value}")
        when = self.at(minutes)
        return Transition(
            alarm=identity, state=AlarmState.ALARM, at=when, stamp=when, reason=reason or "Threshold.", signal=signal
        )

    def joins(self, alarm: Transition) -> Incident:
        """A further alarm of the incident."""
        before = self.now()
        after = replace(before.with_transition(alarm), version=before.version + 1)
        line = entry_for(alarm, after, Fact.ALARM_RECORDED, alarm.at)
        return self.store.save(before, after, line)

    def write(self, after: Incident) -> None:
        """Somebody else's write."""
        commit(self.dynamodb, [put(self.table, incident_item(after))])

    def lines(self, *texts: str, minutes: float = 0) -> None:
        """Lines in the log group of the integration."""
        logs = self.stack.client("logs")
        with suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_group(logGroupName=self.group)
        with suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_stream(logGroupName=self.group, logStreamName="one")
        at = int(self.at(minutes).timestamp() * 1000)
        events = [{"timestamp": at + place, "message": text} for place, text in enumerate(texts)]
        logs.put_log_events(logGroupName=self.group, logStreamName="one", logEvents=events)

    def health(self, *recent: Recent, **more: Any) -> None:
        """What the integration's own signals said; the newest first."""
        good = max((one.at for one in recent if one.ok and one.records), default=None)
        told = {"last_signal_at": recent[0].at, "last_success_at": good} | more
        commit(self.dynamodb, [HealthStore(self.dynamodb, self.table).write(Health(self.slug, recent=recent, **told))])

    def records(self, minutes: Sequence[int], each: int = 1) -> None:
        """Records in the metrics, so many in each of these minutes."""
        sent = [SentSignal(f"{self.slug}-{m}", self.at(m), ok=True, records=each, errors=0) for m in minutes]
        MetricWriter(self.stack.client("cloudwatch"), NAMESPACE).write(self.slug, minutes_of(sent, datetime.now(UTC)))

    def diagnoser(self, life: Any = lambda client: client, logs: Any = None) -> Diagnoser:
        """The room's use case in a process of its own; each client as `life(client)`."""
        dynamodb = life(self.dynamodb)
        registry = RegistryStore(dynamodb, self.registry_table)
        return Diagnoser(
            store=DiagnosisStore(dynamodb, self.table),
            health=HealthStore(dynamodb, self.table),
            registry=registry,
            logs=LogReader(logs or life(self.stack.client("logs")), time.monotonic),
            facts=FirstMinutes(
                registry=registry,
                sums=Sums(life(self.stack.client("cloudwatch")), NAMESPACE),
                changes=ChangeStore(dynamodb, self.table),
                audit=AuditLog(dynamodb, self.registry_table),
            ),
            back=LookBack(OutlineStore(dynamodb, self.table)),
        )

    def look(self, minutes: float = 2, *, nudged: bool = False, **more: Any) -> Looked:
        """One look."""
        return self.diagnoser(**more).look(42, self.at(minutes), nudged=nudged)

    def now(self) -> Incident:
        """The incident as it is."""
        return self.store.get(42)

    def found(self) -> Diagnosed:
        """What the last look found."""
        diagnosed = read_dossier(self.dynamodb, self.table, 42).diagnosed
        assert diagnosed is not None
        return diagnosed

    def told(self) -> list[Entry]:
        """The lines that looks left."""
        return [entry for entry in self.store.timeline(42) if entry.fact is Fact.DIAGNOSED]
