"""Alarm → visible incident: one at a time, and 500 at once beside an empty handler on the same local AWS."""

import io
import json
import time
import zipfile
from typing import Any
from uuid import uuid4

from infra.target import Target
from tests.bench.figures import Figure, percentile
from tests.builders import an_event_body

SINGLE = 100
BURST = 500
PATIENCE_S = 180
SOURCE, EMPTY_SOURCE = "deadair.local", "deadair.bench"
EMPTY = "def handler(event, context):\n    return {'batchItemFailures': []}\n"


def measure(stack: Target) -> list[Figure]:
    """Latency, throughput, and the ratio to doing nothing."""
    _one(stack)  # the functions are cold before this
    latencies = [_one(stack) * 1000 for _ in range(SINGLE)]
    empty_s = _empty(stack)
    burst_s = _burst(stack)
    return [
        Figure("alarm → visible incident, p50", percentile(latencies, 0.5), "ms", "150 ms"),
        Figure("alarm → visible incident, p99", percentile(latencies, 0.99), "ms", "500 ms"),
        Figure(f"empty handler, {BURST} messages", BURST / empty_s, "/s"),
        Figure(f"{BURST} distinct integrations", BURST / burst_s, "incidents/s", "≥ 60"),
        Figure("time per message against the empty handler", burst_s / empty_s, "×", "≤ 2"),
    ]


def _one(stack: Target) -> float:
    name = f"bench-{uuid4().hex[:12]}-silence"
    began = time.perf_counter()
    _put(stack, SOURCE, [name])
    while not _visible(stack, name):
        if time.perf_counter() - began > PATIENCE_S:
            raise TimeoutError(name)
    return time.perf_counter() - began


def _visible(stack: Target, name: str) -> bool:
    """Whether the newest open incident is the one of that alarm: what a reader of the list would see."""
    newest = _open(stack, Limit=1)["Items"]
    return bool(newest) and newest[0]["integration_name"]["S"] == name


def _open(stack: Target, **more: Any) -> Any:
    return stack.client("dynamodb").query(
        TableName=stack.outputs["IncidentsTable"],
        IndexName="by_state",
        KeyConditionExpression="state_pk = :open",
        ExpressionAttributeValues={":open": {"S": "OPEN"}},
        ScanIndexForward=False,
        **more,
    )


def _burst(stack: Target) -> float:
    before = _count(stack)
    run = uuid4().hex[:8]
    began = time.perf_counter()
    _put(stack, SOURCE, [f"burst-{run}-{i}-silence" for i in range(BURST)])
    while _count(stack) < before + BURST:
        if time.perf_counter() - began > PATIENCE_S:
            raise TimeoutError(f"{_count(stack) - before} of {BURST}")
        time.sleep(0.1)
    return time.perf_counter() - began


def _count(stack: Target) -> int:
    total, more = 0, {}
    while True:
        page = _open(stack, Select="COUNT", **more)
        total += page["Count"]
        if "LastEvaluatedKey" not in page:
            return total
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _empty(stack: Target) -> float:
    """The same events over the same bus through a function that does nothing, behind a queue of the same kind."""
    queue = stack.client("sqs").create_queue(QueueName=f"bench-{uuid4().hex[:8]}")["QueueUrl"]
    arn = stack.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    mapping = _empty_function(stack, arn)
    stack.client("events").put_rule(Name="bench-empty", EventPattern=json.dumps({"source": [EMPTY_SOURCE]}))
    stack.client("events").put_targets(Rule="bench-empty", Targets=[{"Id": "queue", "Arn": arn}])
    _warm(stack, queue)
    began = time.perf_counter()
    _put(stack, EMPTY_SOURCE, [f"empty-{i}" for i in range(BURST)])
    _drained(stack, queue)
    took = time.perf_counter() - began
    stack.client("lambda").delete_event_source_mapping(UUID=mapping)
    return took


def _warm(stack: Target, queue: str) -> None:
    _put(stack, EMPTY_SOURCE, [f"warm-{i}" for i in range(10)])
    time.sleep(1)
    _drained(stack, queue)


def _empty_function(stack: Target, queue_arn: str) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("empty.py", EMPTY)
    name = f"bench-{uuid4().hex[:8]}"
    stack.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/bench",
        Handler="empty.handler",
        Code={"ZipFile": packed.getvalue()},
        Timeout=30,
        MemorySize=512,
    )
    mapping: str = stack.client("lambda").create_event_source_mapping(
        EventSourceArn=queue_arn,
        FunctionName=name,
        BatchSize=10,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )["UUID"]
    return mapping


def _put(stack: Target, source: str, names: list[str]) -> None:
    """Events about alarms of those names, ten in a call, as many as EventBridge takes."""
    for start in range(0, len(names), 10):
        entries = []
        for name in names[start : start + 10]:
            event = json.loads(an_event_body(name))
            detail = json.dumps(event["detail"])
            entries.append({"Source": source, "DetailType": event["detail-type"], "Resources": [], "Detail": detail})
        stack.client("events").put_events(Entries=entries)


def _drained(stack: Target, queue: str) -> None:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    began = time.perf_counter()
    while True:
        left = stack.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
        if not any(int(left[name]) for name in names):
            return
        if time.perf_counter() - began > PATIENCE_S:
            raise TimeoutError(str(left))
        time.sleep(0.02)
