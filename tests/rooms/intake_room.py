"""The intake room on real tables, as its claims work with it."""

import json
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from alarm_intake.consumer import Consumer
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.items import from_item
from deadair.adapters.dynamodb.keys import outcome
from deadair.adapters.dynamodb.ledger import Ledger
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.incident import Incident
from deadair.domain.ownership import Scope
from deadair.usecases.record_transitions import Recorder
from infra.target import Target
from tests.builders import FALLBACK, an_event_body, at
from tests.stack import a_table_like


class Intake:
    """The room on real tables, with a fresh alarm name for each claim."""

    def __init__(self, stack: Target, table: str) -> None:
        self.dynamodb, self.s3 = stack.client("dynamodb"), stack.client("s3")
        self.table, self.bucket = table, stack.outputs["KnowledgeBucket"]
        self.registry = RegistryStore(self.dynamodb, stack.outputs["RegistryTable"])
        self.store = IncidentStore(self.dynamodb, self.table)
        self.name = f"alarm-{uuid4().hex[:8]}-silence"
        self._ids = count()

    def consumer(
        self, client: Any = None, registry: Any = None, scope: Scope | None = None, *, s3: Any = None
    ) -> Consumer:
        dynamodb, objects = client or self.dynamodb, s3 or self.s3
        ledger = Ledger(dynamodb, self.table, objects, self.bucket)
        recorder = Recorder(ledger, IncidentStore(dynamodb, self.table), registry or self.registry, FALLBACK)
        fetch = lambda key: objects.get_object(Bucket=self.bucket, Key=key)["Body"].read()  # noqa: E731
        return Consumer(ledger, recorder, scope or Scope(), fetch)

    def record(self, body: str, message_id: str = "") -> dict[str, Any]:
        return {"messageId": message_id or f"{self.name}-{next(self._ids)}", "body": body, "attributes": {}}

    def event(self, state: str = "ALARM", minutes: float = 0, **more: Any) -> str:
        return an_event_body(more.pop("name", self.name), state, at(minutes), **more)

    def because(self, reason: str, state: str, minutes: float, **more: Any) -> str:
        event = json.loads(self.event(state, minutes, **more))
        event["detail"]["state"]["reason"] = reason
        return json.dumps(event)

    def take(self, *bodies: str) -> list[dict[str, Any]]:
        records = [self.record(body) for body in bodies]
        assert self.consumer().consume(records, at(60)) == []
        return [self.outcome(record["messageId"]) for record in records]

    def outcome(self, message_id: str) -> dict[str, Any]:
        return from_item(self.dynamodb.get_item(TableName=self.table, Key=outcome(message_id))["Item"])

    def items(self) -> list[dict[str, Any]]:
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.table)
        return [from_item(item) for page in pages for item in page["Items"]]

    def incidents(self, name: str = "") -> list[Incident]:
        return [i for i in self.store.open_incidents(1000) if i.integration_name == (name or self.name)]


@pytest.fixture(scope="module")
def table(stack: Target) -> str:
    """An incidents table for the claims of one file."""
    return a_table_like(stack, "IncidentsTable")


@pytest.fixture
def intake(stack: Target, table: str) -> Intake:
    """The room on that table, with an alarm of the claim's own."""
    return Intake(stack, table)
