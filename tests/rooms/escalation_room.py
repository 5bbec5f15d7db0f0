"""The escalation room on real tables and a real Scheduler, with a queue of its own, as its claims work with it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.incidents import IncidentStore, incident_item
from deadair.adapters.dynamodb.maintenance import MaintenanceStore
from deadair.adapters.dynamodb.people import PeopleStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.scheduler.timers import Place, Timers
from deadair.domain.incident import Incident
from deadair.domain.severity import Severity
from deadair.domain.timeline import Entry
from deadair.usecases.escalate import Escalator
from escalation.consumer import Work, consume
from escalation.events import Message
from infra.target import Target
from tests.builders import ANA, BEN, FALLBACK, an_incident, at
from tests.stack import a_table_like

SLUG = "hubspot-salesforce"
CAT = {"name": "Cat Stone", "email": "cat@example.com", "slack_id": "U0CAT"}
Wrap = Callable[[Any], Any]


class Kept:
    """The real Scheduler, whose schedules of a past noon fire at once: it keeps when each was to fire."""

    def __init__(self, client: Any) -> None:
        self.client, self.exceptions, self.meta = client, client.exceptions, client.meta
        self.made: dict[str, str] = {}

    def create_schedule(self, **request: Any) -> Any:
        answer = self.client.create_schedule(**request)
        self.made[request["Name"]] = request["ScheduleExpression"]
        return answer


class Escalation:
    """One room in a world of its own."""

    def __init__(self, stack: Target) -> None:
        self.dynamodb, self.scheduler, self.sqs = (stack.client(name) for name in ("dynamodb", "scheduler", "sqs"))
        self.table, self.registry = a_table_like(stack, "IncidentsTable"), a_table_like(stack, "RegistryTable")
        self.store = IncidentStore(self.dynamodb, self.table)
        self.people = PeopleStore(self.dynamodb, self.table)
        self.windows = MaintenanceStore(self.dynamodb, self.table)
        self.errors = StandingErrors(self.dynamodb, self.table)
        self.group = f"escalation-{uuid4().hex[:8]}"
        self.scheduler.create_schedule_group(Name=self.group)
        self.kept = Kept(self.scheduler)
        self.queue = self.sqs.create_queue(QueueName=self.group)["QueueUrl"]
        self.row()

    def row(self, **more: Any) -> None:
        """The row of the integration, as the registry has it from now on."""
        people = {
            "owner": {"name": ANA.name, "email": ANA.email, "slack_id": ANA.slack_id},
            "deputy": {"name": BEN.name, "email": BEN.email, "slack_id": BEN.slack_id},
            "escalation": CAT,
        }
        row = {"slug": SLUG, "name": "HubSpot → Salesforce", **people} | more
        self.dynamodb.put_item(TableName=self.registry, Item=keys.row(SLUG) | {"row": {"S": json.dumps(row)}})

    def incident(self, number: int = 42, **more: Any) -> Incident:
        """An incident that opened a minute after noon."""
        incident = an_incident(number, **{"severity": Severity.SEV1} | more)
        self.dynamodb.put_item(TableName=self.table, Item=incident_item(incident))
        return incident

    def write(self, change: Callable[[Incident], Incident], number: int = 42) -> None:
        """Somebody else writes the incident."""
        before = self.store.get(number)
        self.store.save(before, replace(change(before), version=before.version + 1))

    def escalator(self, wrap: Wrap = lambda client: client, registry: Any = None) -> Escalator:
        """The room wired anew, its clients as `wrap` makes them."""
        dynamodb = wrap(self.dynamodb)
        queue = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])
        arn = queue["Attributes"]["QueueArn"]
        place = Place(self.group, arn, arn, "arn:aws:iam::000000000000:role/timers")
        return Escalator(
            store=IncidentStore(dynamodb, self.table),
            registry=registry or RegistryStore(dynamodb, self.registry),
            errors=StandingErrors(dynamodb, self.table),
            timers=Timers(wrap(self.kept), place),
            fallback=FALLBACK,
        )

    def look(self, minutes: float, number: int = 42) -> Incident:
        """A message names the incident, so many minutes after noon. Returns its state."""
        self.escalator().converge(number, at(minutes))
        return self.store.get(number)

    def deliver(self, *bodies: str, now: datetime, wrap: Wrap = lambda client: client) -> list[str]:
        """A batch for the room."""
        escalator = self.escalator(wrap)
        batch = [Message.model_validate({"messageId": str(i), "body": body}) for i, body in enumerate(bodies)]
        return consume(batch, Work(escalator.converge, lambda: None, lambda: now))

    def reachable(self, email: str, **known: Any) -> None:
        """What is known of a person from now on."""
        self.people.change(email, lambda before: replace(before, **known))

    def said(self, number: int = 42) -> list[Entry]:
        """What the room wrote, in the order of the timeline."""
        return [entry for entry in self.store.timeline(number) if entry.source.value == "system"]

    def timers(self) -> list[str]:
        """When the schedules that were made fire, in order."""
        return sorted(self.kept.made.values())

    def waiting(self) -> list[str]:
        """The names of the schedules that have not fired."""
        listed = self.scheduler.list_schedules(NamePrefix="INC-", MaxResults=100)["Schedules"]
        return [one["Name"] for one in listed if one["GroupName"] == self.group]

    def told(self) -> list[str]:
        """The names of who was told, in order."""
        return [told.person.name for told in self.store.get(42).escalation.told]
