"""The Slack room with a queue of its own, and a store that can be taken away from it."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config

from tests.rooms.slack_rooms import CHANNEL, Neighbours, SlackRoom, a_process

NOWHERE = "http://127.0.0.1:9"
# The real ones, which a test's process does not have.
SHORT = Config(connect_timeout=0.5, read_timeout=0.9, retries={"mode": "legacy", "total_max_attempts": 2})


@dataclass
class KeptRoom:
    """The room, its queue, and what people see."""

    room: SlackRoom
    module: Any
    near: Neighbours
    queue: str

    def away(self, address: str = NOWHERE) -> Any:
        """The store is at another address, where nobody answers."""
        return self._elsewhere(self.module.dynamodb(), "dynamodb", address)

    def no_queue(self) -> Any:
        """The queue is away as well."""
        return self._elsewhere(self.module.kept(), "sqs", NOWHERE)

    @contextmanager
    def _elsewhere(self, holder: Any, service: str, address: str) -> Iterator[None]:
        before = holder._client
        holder._client = boto3.client(service, endpoint_url=address, config=SHORT)  # type: ignore[call-overload]
        try:
            yield
        finally:
            holder._client = before

    def deliver(self, *, deliveries: int = 1) -> list[dict[str, Any]]:
        """Have everything that can be received worked; returns the records of what must come again."""
        sqs, failed = self.near.target.client("sqs"), []
        while found := sqs.receive_message(QueueUrl=self.queue, AttributeNames=["All"]).get("Messages", []):
            for message in found:
                record = self.record(message, deliveries)
                if self.module.handler({"Records": [record]}, None)["batchItemFailures"]:
                    failed.append(record)
                else:
                    sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return failed

    def record(self, message: dict[str, Any], deliveries: int = 1) -> dict[str, Any]:
        """A message as Lambda gets it."""
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "eventSource": "aws:sqs",
            "attributes": {"ApproximateReceiveCount": str(deliveries)},
            "body": message["Body"],
        }

    def work(self, record: dict[str, Any]) -> list[dict[str, str]]:
        """Deliver one record again, whatever the queue thinks."""
        failures: list[dict[str, str]] = self.module.handler({"Records": [record]}, None)["batchItemFailures"]
        return failures

    def type(self, user: str, text: str) -> str:
        """Type a command in Slack; what the person sees at once."""
        self.near.door("command", user=user, channel=CHANNEL, text=f"/incident {text}")
        return self.seen(user)[-1]

    def seen(self, user: str) -> list[str]:
        """What only this person sees in the channel, and their direct messages of the bot, with their blocks."""
        told = [one for one in self.near.state()["messages"] if not one["deleted"]]
        mine = [one for one in told if one["ephemeral_to"] == user or one["channel"] == self._direct(user)]
        return [f"{one['text']}\n{json.dumps(one.get('blocks') or [], ensure_ascii=False)}" for one in mine]

    def _direct(self, user: str) -> str:
        return str(self.near.web.conversations_open(users=user)["channel"]["id"])


@pytest.fixture
def kept_room(neighbours: Neighbours) -> Iterator[KeptRoom]:
    """In a fresh process, behind the local Slack."""
    sqs = neighbours.target.client("sqs")
    queue = sqs.create_queue(
        QueueName=f"kept-{uuid4().hex[:8]}.fifo", Attributes={"FifoQueue": "true", "VisibilityTimeout": "60"}
    )["QueueUrl"]
    before = neighbours.door_to_room.handler
    with a_process("slack_commands.handler", neighbours.environment | {"KEPT_QUEUE": queue}) as module:
        neighbours.door_to_room.handler = module.handler
        yield KeptRoom(SlackRoom(module.handler, neighbours), module, neighbours, queue)
    neighbours.door_to_room.handler = before
    neighbours.door("fail", mode="none")


@contextmanager
def a_deaf_host() -> Iterator[str]:
    """The address of a host that takes connections and then says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    taken.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"localhost:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for one in taken:
            one.close()
