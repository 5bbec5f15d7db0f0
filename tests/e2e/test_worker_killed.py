"""Claims about workers that are killed while they work: nothing that was accepted is lost."""

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore
from infra.target import Target
from tests.builders import an_event_body
from tests.stack import Deadair, kill_workers

pytestmark = pytest.mark.stack
ALARMS = 60
KILLS = 6
BETWEEN_S = 0.08
PATIENCE_S = 60


@pytest.fixture
def _impatient(stack: Target) -> Iterator[None]:
    """What a dead worker held comes again after seconds, not after the minute that is right for a living one.

    SQS takes the timeout when it hands a message out, so this must be said before any is sent.
    """
    sqs, queue, name = stack.client("sqs"), stack.outputs["IntakeQueueUrl"], "VisibilityTimeout"
    usual = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])["Attributes"][name]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={name: "3"})
    yield
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={name: usual})


@pytest.mark.usefixtures("_impatient")
def test_workers_killed_in_the_midst_of_a_burst_lose_nothing(stack: Target, deadair: Deadair) -> None:
    burst = uuid4().hex[:8]
    names = [f"killed-{burst}-{i}-silence" for i in range(ALARMS)]
    for start in range(0, ALARMS, 10):
        bodies = [an_event_body(name) for name in names[start : start + 10]]
        entries = [{"Id": str(i), "MessageBody": body} for i, body in enumerate(bodies)]
        stack.client("sqs").send_message_batch(QueueUrl=stack.outputs["IntakeQueueUrl"], Entries=entries)

    killed = 0
    for _ in range(KILLS):
        time.sleep(BETWEEN_S)
        killed += kill_workers(stack)
    assert killed
    store = IncidentStore(stack.client("dynamodb"), stack.outputs["IncidentsTable"])
    deadline = time.monotonic() + PATIENCE_S
    opened: list[str] = []
    while time.monotonic() < deadline and len(opened) < ALARMS:
        opened = [i.integration_name for i in store.open_incidents(1000) if i.integration_name in names]
        time.sleep(0.2)

    assert sorted(opened) == sorted(names)
    assert deadair("verify")[0] == 0
