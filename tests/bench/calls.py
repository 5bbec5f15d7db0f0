"""AWS calls and write units per event, counted at the client while the intake works on the real tables."""

import math
from collections import Counter
from typing import Any
from uuid import uuid4

from alarm_intake.consumer import Consumer
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.ledger import Ledger
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.ownership import Scope
from deadair.usecases.record_transitions import Recorder
from infra.target import Target
from tests.bench.figures import Figure
from tests.builders import FALLBACK, an_event_body, at

BATCH = 10
KB = 1024


class Counting:
    """A real client that counts calls and write units (a unit is a KB; in a transaction it counts twice)."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.calls: Counter[str] = Counter()
        self.units = 0

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.client, name)
        if name == "get_paginator":
            return real

        def call(**request: Any) -> Any:
            self.calls[name] += 1
            self.units += _units(name, request)
            return real(**request)

        return call


def _units(name: str, request: dict[str, Any]) -> int:
    if name == "transact_write_items":
        return sum(2 * _size(next(iter(write.values())).get("Item", {})) for write in request["TransactItems"])
    if name == "batch_write_item":
        return sum(_size(put["PutRequest"]["Item"]) for puts in request["RequestItems"].values() for put in puts)
    return _size(request.get("Item", {})) if name in {"put_item", "update_item"} else 0


def _size(item: Any) -> int:
    return max(1, math.ceil(len(str(item).encode()) / KB))


def measure(stack: Target) -> list[Figure]:
    """Calls and units of one event alone, of ten together, of one repeated."""
    found = []
    for label, bodies in _cases().items():
        client = Counting(stack.client("dynamodb"))
        consumer = _consumer(stack, client)
        _take(consumer, [an_event_body(f"warm-{uuid4().hex[:6]}")])
        client.calls.clear()
        client.units = 0
        _take(consumer, bodies)
        each = len(bodies)
        found.append(Figure(f"{label}: AWS calls per event", client.calls.total() / each, "calls"))
        found.append(Figure(f"{label}: write units per event (indexes not counted)", client.units / each, "units"))
    return found


def _cases() -> dict[str, list[str]]:
    name = f"calls-{uuid4().hex[:8]}"
    return {
        "opening, alone": [an_event_body(f"{name}-one")],
        "opening, ten together": [an_event_body(f"{name}-{i}") for i in range(BATCH)],
        "recovering, alone": [an_event_body(f"{name}-one", "OK", at(1))],
        "a duplicate, alone": [an_event_body(f"{name}-one")],
    }


def _consumer(stack: Target, client: Any) -> Consumer:
    table, bucket = stack.outputs["IncidentsTable"], stack.outputs["KnowledgeBucket"]
    ledger = Ledger(client, table, stack.client("s3"), bucket)
    registry = RegistryStore(client, stack.outputs["RegistryTable"])
    recorder = Recorder(ledger, IncidentStore(client, table), registry, FALLBACK)
    return Consumer(ledger, recorder, Scope(), lambda key: b"")


def _take(consumer: Consumer, bodies: list[str]) -> None:
    records = [{"messageId": f"bench-{uuid4().hex}", "body": body, "attributes": {}} for body in bodies]
    consumer.consume(records, at(60))
