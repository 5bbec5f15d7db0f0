"""Claims about workers that are killed while they work: nothing that was accepted is lost."""

import os
import signal
import time
from collections.abc import Iterator

import psutil
import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore
from infra.target import Target
from tests.builders import an_event_body
from tests.stack import Deadair

pytestmark = pytest.mark.stack
ALARMS = 60
KILLS = 6


def workers(stack: Target) -> list[psutil.Process]:
    """The processes in which the functions run: children of the embedded AWS."""
    return [
        child
        for process in psutil.Process(stack.pid).children()
        for child in process.children(recursive=True)
        if child.is_running()
    ]


def killing(stack: Target) -> Iterator[int]:
    """Kill all workers, a few times, some tens of milliseconds apart."""
    for _ in range(KILLS):
        time.sleep(0.08)
        for worker in workers(stack):
            os.kill(worker.pid, signal.SIGKILL)
            yield worker.pid


def test_workers_killed_in_the_midst_of_a_burst_lose_nothing(stack: Target, deadair: Deadair) -> None:
    names = [f"killed-{i}-silence" for i in range(ALARMS)]
    for start in range(0, ALARMS, 10):
        bodies = [an_event_body(name) for name in names[start : start + 10]]
        entries = [{"Id": str(i), "MessageBody": body} for i, body in enumerate(bodies)]
        stack.client("sqs").send_message_batch(QueueUrl=stack.outputs["IntakeQueueUrl"], Entries=entries)

    assert list(killing(stack))
    hurry(stack)
    store = IncidentStore(stack.client("dynamodb"), stack.outputs["IncidentsTable"])
    deadline = time.monotonic() + 90
    opened: list[str] = []
    while time.monotonic() < deadline and len(opened) < ALARMS:
        opened = [i.integration_name for i in store.open_incidents(1000) if i.integration_name in names]
        time.sleep(0.5)
        hurry(stack)

    assert sorted(opened) == sorted(names)
    assert deadair("verify")[0] == 0


def hurry(stack: Target) -> None:
    """Messages that a dead worker held come again after minutes; nobody needs to wait for that here."""
    stack.client("sqs").set_queue_attributes(
        QueueUrl=stack.outputs["IntakeQueueUrl"], Attributes={"VisibilityTimeout": "2"}
    )
