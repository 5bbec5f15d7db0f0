"""Claims about workers that are killed while they work: nothing that was accepted is lost."""

import random
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.incident import Incident
from deadair.domain.timeline import Source
from infra.target import Target
from tests.builders import an_event_body, at
from tests.stack import Deadair, kill_workers

pytestmark = pytest.mark.stack
ALARMS = 40
KILLS = 25
BETWEEN_S = 0.2
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
def test_fault_25_workers_killed_at_random_in_a_burst_lose_nothing_and_do_nothing_twice(
    stack: Target, deadair: Deadair
) -> None:
    burst = uuid4().hex[:8]
    names = [f"killed-{burst}-{i}-silence" for i in range(ALARMS)]
    bodies = [an_event_body(name, state, at(minute)) for name in names for minute, state in ((5, "OK"), (0, "ALARM"))]
    for start in range(0, len(bodies), 10):
        entries = [{"Id": str(i), "MessageBody": body} for i, body in enumerate(bodies[start : start + 10])]
        stack.client("sqs").send_message_batch(QueueUrl=stack.outputs["IntakeQueueUrl"], Entries=entries)

    killed = 0
    for _ in range(KILLS):
        time.sleep(random.uniform(0.01, BETWEEN_S))
        killed += kill_workers(stack)
    assert killed
    store = IncidentStore(stack.client("dynamodb"), stack.outputs["IncidentsTable"])
    deadline = time.monotonic() + PATIENCE_S
    mine: list[Incident] = []
    while time.monotonic() < deadline and len(mine) < ALARMS:
        found = [i for i in store.open_incidents(1000) if i.integration_name in names]
        mine = [incident for incident in found if incident.recovered_at is not None]
        time.sleep(0.2)

    assert sorted(incident.integration_name for incident in mine) == sorted(names)
    for incident in mine:
        told = [entry.details["state"] for entry in store.timeline(incident.number) if entry.source is Source.ALARM]
        assert told == ["ALARM", "OK"]
    assert deadair("verify")[0] == 0
