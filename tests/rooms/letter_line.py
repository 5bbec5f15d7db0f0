"""The front of the line on a table and queues of its own: messages are sent, delivered as Lambda delivers them, lost.

What is sent by reference can be mended: the object behind it is exchanged, as a new version mends what an old one could
not read.
"""

import hashlib
import json
from typing import Any
from uuid import uuid4

from deadair.adapters.dynamodb.letters import LetterStore
from deadair.adapters.sqs.redriving import IntakeQueue
from deadair.domain.balance import Balance
from deadair.usecases.verify_ledger import Queues, verify_ledger
from infra.target import Target
from tests.builders import at
from tests.rooms.intake_room import Intake
from tests.stack import a_table_like

DELIVERIES = 2


class LetterLine(Intake):
    """The intake room behind queues of its own; `deliver` is the only thing that empties them."""

    def __init__(self, stack: Target) -> None:
        super().__init__(stack, a_table_like(stack, "IncidentsTable"))
        self.sqs = stack.client("sqs")
        self.dead = self._queue({})
        arn = self.sqs.get_queue_attributes(QueueUrl=self.dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": str(DELIVERIES)})
        self.work = self._queue({"RedrivePolicy": policy, "VisibilityTimeout": "0"})
        self.letters = LetterStore(self.dynamodb, self.table)
        self.queue = IntakeQueue(self.sqs, self.work)

    def _queue(self, attributes: dict[str, str]) -> str:
        return str(self.sqs.create_queue(QueueName=f"letters-{uuid4().hex[:10]}", Attributes=attributes)["QueueUrl"])

    def send(self, *bodies: str) -> list[str]:
        return [str(self.sqs.send_message(QueueUrl=self.work, MessageBody=body)["MessageId"]) for body in bodies]

    def deliver(self, minutes: float = 60, **room: Any) -> list[str]:
        """Everything in the queue once, as Lambda does; returns the ids of what was delivered."""
        records = self._records()
        failed = set(self.consumer(**room).consume([record for _, record in records], at(minutes)))
        for receipt, record in records:
            if record["messageId"] not in failed:
                self.sqs.delete_message(QueueUrl=self.work, ReceiptHandle=receipt)
        return [record["messageId"] for _, record in records]

    def _records(self) -> list[tuple[str, dict[str, Any]]]:
        found: dict[str, tuple[str, dict[str, Any]]] = {}
        while True:
            answer = self.sqs.receive_message(
                QueueUrl=self.work, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=20
            )
            if not answer.get("Messages"):
                break
            found |= {m["MessageId"]: (m["ReceiptHandle"], _as_lambda(m)) for m in answer["Messages"]}
        return list(found.values())

    def by_reference(self, data: bytes) -> tuple[str, str]:
        """A message that stands for an object, and the object's key."""
        key = f"raw/{hashlib.sha256(uuid4().bytes).hexdigest()}"
        self.put(key, data)
        return json.dumps({"deadair_raw_s3": key}), key

    def put(self, key: str, data: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=data)

    def balance(self) -> Balance:
        return verify_ledger(self.dynamodb, self.table, Queues(self.sqs, self.work, self.dead))

    def remove(self, pk: str, sk: str) -> None:
        self.dynamodb.delete_item(TableName=self.table, Key={"pk": {"S": pk}, "sk": {"S": sk}})


def _as_lambda(message: dict[str, Any]) -> dict[str, Any]:
    attributes = message.get("MessageAttributes", {})
    told = {n: {"stringValue": v["StringValue"], "dataType": v["DataType"]} for n, v in attributes.items()}
    return {"messageId": message["MessageId"], "body": message["Body"], "attributes": {}, "messageAttributes": told}
