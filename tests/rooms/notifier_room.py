"""The notifier with everything real around it, told facts as SQS tells them."""

import json
import re
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.paces import Paces
from deadair.domain.alarm import digest
from deadair.domain.incident import Incident
from tests.builders import ANA, BEN
from tests.rooms.slack_rooms import CHANNEL, Neighbours, a_process

PATIENCE_S = 60
SENDER = f"deadair-{uuid4().hex[:6]}@example.com"


@dataclass
class Notifier:
    """The room, told facts as SQS tells them."""

    module: Any
    near: Neighbours

    def tell(self, *incidents: Incident | str, body: str | None = None, deliveries: int = 1) -> list[str]:
        """Deliver one message per incident in one batch. Returns the incidents that must come again."""
        ids = {uuid4().hex: incident for incident in incidents}
        records = [
            {
                "messageId": message_id,
                "receiptHandle": "handle",
                "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:no-such-queue",
                "attributes": {"ApproximateReceiveCount": str(deliveries)},
                "body": body or a_fact(incident),
            }
            for message_id, incident in ids.items()
        ]
        failed = self.module.handler({"Records": records}, None)["batchItemFailures"]
        return [str(getattr(ids[f["itemIdentifier"]], "id", ids[f["itemIdentifier"]])) for f in failed]

    def cards(self, incident: Incident) -> list[dict[str, Any]]:
        """The messages about it in the channel itself."""
        return [m for m in self.near.messages(incident) if m["channel"] == CHANNEL and not m.get("thread_ts")]

    def thread(self, incident: Incident) -> list[str]:
        """The lines under its card, without what differs from run to run."""
        told = [m for m in self.near.messages(incident) if m["channel"] == CHANNEL and m.get("thread_ts")]
        lines = [line for m in told for b in m["blocks"] for line in b["text"]["text"].split("\n")]
        return [re.sub(r"<!date[^>]*> · ", "", line) for line in lines]

    def told(self, incident: Incident) -> list[dict[str, Any]]:
        """The direct messages about it."""
        return [m for m in self.near.messages(incident) if m["channel"] != CHANNEL]

    def letters(self, incident: Incident) -> list[dict[str, Any]]:
        """The e-mails about it."""
        address = f"{self.near.target.endpoint}/_ministack/ses/messages"
        with urllib.request.urlopen(address, timeout=10) as answer:
            sent = [one for account in json.load(answer)["messages"].values() for one in account]
        return [one for one in sent if incident.id in one["Subject"].split()]

    def wakings(self) -> list[str]:
        """The messages that the room sent itself and that are due."""
        sqs, queue = self.near.target.client("sqs"), self.module.settings().own_queue
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages", [])
        return [message["Body"] for message in found]

    def waiting(self) -> int:
        """How many messages that the room sent itself are not due yet."""
        sqs, queue = self.near.target.client("sqs"), self.module.settings().own_queue
        name = "ApproximateNumberOfMessagesDelayed"
        return int(sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])["Attributes"][name])

    def becomes(self, incident: Incident, **more: Any) -> Incident:
        """The incident as other rooms would have written it, one version later."""
        before = self.near.store.get(incident.number)
        after = replace(before, version=before.version + 1, **more)
        self.near.store.save(before, after)
        return after

    def calls(self) -> dict[str, int]:
        """How often each method of Slack was called."""
        return dict(self.near.state()["calls"])

    def during(self, work: Callable[[], Any]) -> dict[str, int]:
        """Which methods of Slack some work called, and how often."""
        before = self.calls()
        work()
        return {name: n - before.get(name, 0) for name, n in self.calls().items() if n > before.get(name, 0)}


def a_fact(incident: Incident | str) -> str:
    """The body of a message about an incident."""
    number = incident if isinstance(incident, str) else incident.id
    return json.dumps({"source": "deadair", "detail-type": "incident.opened.v1", "detail": {"incident": number}})


@contextmanager
def a_notifier(neighbours: Neighbours) -> Iterator[Notifier]:
    """The room in a fresh process, with a queue of its own that it may send to."""
    queue = neighbours.target.client("sqs").create_queue(QueueName=f"notifier-{uuid4().hex[:8]}")["QueueUrl"]
    told = {"OWN_QUEUE": queue, "OPERATOR_TOPIC": neighbours.target.outputs["OperatorTopicArn"]}
    told |= {"METRIC_NAMESPACE": "Deadair/test-notifier", "EMAIL_SENDER": SENDER}
    neighbours.target.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    with a_process("notifier.handler", neighbours.environment | told) as module:
        # A busy machine is no Slack that hangs.
        module.desk().bringer.slack._timeout_s = PATIENCE_S
        yield Notifier(module, neighbours)


@pytest.fixture(scope="module")
def notifier(neighbours: Neighbours) -> Iterator[Notifier]:
    """The room in one warm process."""
    with a_notifier(neighbours) as room:
        yield room


@pytest.fixture
def healthy(neighbours: Neighbours) -> Iterator[None]:
    """Nobody was told anything within the last minute, and Slack works again after each claim."""
    a_minute_passes(neighbours)
    forget_pace(neighbours)
    yield
    neighbours.door("fail", mode="none")


def forget_pace(near: Neighbours) -> None:
    """The time for which Slack asked to wait is over, and every place is calm again."""
    for place in Paces(near.dynamodb, near.incidents).known():
        near.dynamodb.delete_item(TableName=near.incidents, Key=keys.pace(place))
    for module in [loaded for name, loaded in sys.modules.items() if name == "notifier.handler"]:
        module.desk().bringer.slack._pace.busy.clear()


def a_minute_passes(near: Neighbours) -> None:
    """Whoever is told now is told alone."""
    for person in (ANA, BEN):
        near.dynamodb.delete_item(TableName=near.incidents, Key=keys.crowd(digest(person.slack_id)[:16]))
