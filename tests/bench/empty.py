"""The empty handler: what the local AWS itself costs per message, with nothing of ours in it.

It gets the same events over the same bus through a rule and a queue of its own, with the mapping of the intake:
batches of ten, partial failures, as many workers. Its function has the intake's memory and time-out, and answers
"no failures". It writes nothing, so nothing follows: no stream, no relay, no notifier. Both are timed from the first
event sent until their queue is empty.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from infra.target import Target
from tests.bench.estate import drained, put

SOURCE = "deadair.bench"
CODE = "def handler(event, context):\n    return {'batchItemFailures': []}\n"
# Enough for every worker that the mapping may have to be started.
WARM = 200


@contextmanager
def empty_handler(stack: Target) -> Iterator[str]:
    """The address of a queue behind which a warm function does nothing, fed by events with the source SOURCE."""
    name = f"bench-{uuid4().hex[:8]}"
    sqs = stack.client("sqs")
    queue = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "60"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    mapping = _function(stack, name, arn)
    stack.client("events").put_rule(Name=name, EventPattern=json.dumps({"source": [SOURCE]}))
    stack.client("events").put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])
    try:
        put(stack, SOURCE, [f"warm-{place}" for place in range(WARM)])
        drained(stack, queue)
        yield queue
    finally:
        stack.client("events").remove_targets(Rule=name, Ids=["queue"])
        stack.client("events").delete_rule(Name=name)
        stack.client("lambda").delete_event_source_mapping(UUID=mapping)
        stack.client("lambda").delete_function(FunctionName=name)
        sqs.delete_queue(QueueUrl=queue)


def _function(stack: Target, name: str, queue_arn: str) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("empty.py", CODE)
    stack.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/bench",
        Handler="empty.handler",
        Code={"ZipFile": packed.getvalue()},
        Timeout=10,
        MemorySize=1024,
    )
    mapping: str = stack.client("lambda").create_event_source_mapping(
        EventSourceArn=queue_arn,
        FunctionName=name,
        BatchSize=10,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )["UUID"]
    return mapping
