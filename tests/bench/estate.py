"""What the benches work on: a registry of the size asked for, events of alarms that it claims, quiet before each phase.

Knows how to feed the line and to see that it has come to rest. Refuses to measure.
"""

import json
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.registry_file.model import Row
from deadair.usecases.import_registry import import_registry
from infra.target import Target
from tests.builders import an_event_body

SOURCE = "deadair.local"
PATIENCE_S = 120.0
LOOK_S = 0.01
# What leads to incidents and messages. Other rooms look again after minutes, so their queues are seldom empty.
QUEUES = ("IntakeQueueUrl", "NotifierQueueUrl", "PostmortemWriterQueueUrl")
COUNTS = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
# Longer than the relay and the bus take from a table's stream to a queue.
AT_REST_S = 0.5


def register(stack: Target, count: int) -> list[str]:
    """Rows of that many new integrations, each with a pattern of its own; their slugs."""
    run = uuid4().hex[:6]
    slugs = [f"bench-{run}-{place:04d}" for place in range(count)]
    rows = [
        Row.model_validate(
            {
                "slug": slug,
                "name": slug.replace("-", " ").capitalize(),
                "owner": {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"},
                "source": "HubSpot",
                "destination": "Salesforce",
                "kind": "batch",
                "alarm_patterns": [f"{slug}-*"],
            }
        )
        for place, slug in enumerate(slugs)
    ]
    writer = RegistryWriter(stack.client("dynamodb"), stack.outputs["RegistryTable"])
    import_registry(writer, rows, now=datetime.now(UTC), by="bench")
    return slugs


def put(stack: Target, source: str, names: list[str]) -> None:
    """Events about alarms of those names, ten in a call, as many as EventBridge takes."""
    for start in range(0, len(names), 10):
        put_events(stack, [an_event_body(name) for name in names[start : start + 10]], source)


def put_events(stack: Target, bodies: list[str], source: str = SOURCE) -> None:
    """At most ten events onto the default bus. Raises RuntimeError when it refuses one."""
    answer = stack.client("events").put_events(Entries=[_entry(source, body) for body in bodies])
    if answer["FailedEntryCount"]:
        raise RuntimeError(f"the bus refused {answer['FailedEntryCount']} events")


def _entry(source: str, body: str) -> dict[str, Any]:
    event = json.loads(body)
    detail = json.dumps(event["detail"])
    return {"Source": source, "DetailType": event["detail-type"], "Resources": [], "Detail": detail}


def waiting(stack: Target, queue: str) -> int:
    """Messages that are in a queue, or with a function."""
    found = stack.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=COUNTS)["Attributes"]
    return sum(int(found[name]) for name in COUNTS)


def drained(stack: Target, queue: str, look_s: float = LOOK_S, *, patience_s: float = PATIENCE_S) -> None:
    """Return when nothing is left in the queue. A look costs the local AWS little; raises TimeoutError."""
    until = time.monotonic() + patience_s
    while left := waiting(stack, queue):
        if time.monotonic() > until:
            raise TimeoutError(f"{left} messages are still in {queue}")
        time.sleep(look_s)


def at_rest(stack: Target, *, patience_s: float = PATIENCE_S) -> None:
    """Return when every queue stayed empty for a moment, so that one phase does not pay for the one before."""
    queues, empty_since = [stack.outputs[name] for name in QUEUES], time.monotonic()
    until = empty_since + patience_s
    while time.monotonic() - empty_since < AT_REST_S:
        if sum(waiting(stack, queue) for queue in queues):
            empty_since = time.monotonic()
        if empty_since > until:
            raise TimeoutError("the line does not come to rest")
        time.sleep(0.05)


def open_incidents(stack: Target, **more: Any) -> Any:
    """A page of the open incidents, newest first, as every reader of the list asks for it."""
    return stack.client("dynamodb").query(
        TableName=stack.outputs["IncidentsTable"],
        IndexName="by_state",
        KeyConditionExpression="state_pk = :open",
        ExpressionAttributeValues={":open": {"S": "OPEN"}},
        ScanIndexForward=False,
        **more,
    )


def count_open(stack: Target) -> int:
    """How many incidents the list shows as open."""
    total = 0
    more: dict[str, Any] = {}
    while True:
        page = open_incidents(stack, Select="COUNT", **more)
        total += int(page["Count"])
        if "LastEvaluatedKey" not in page:
            return total
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
