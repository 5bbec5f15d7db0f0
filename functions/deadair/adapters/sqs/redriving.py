"""Messages once more: a dead letter of the intake sent again, a queue's own dead letters looked at or moved.

Knows SQS's batches and that a look hides what it saw for a while. Refuses to know what a message means.
AWS can move dead letters by itself (StartMessageMoveTask), but gives them new ids and tells nobody which is which.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import Unavailable
from deadair.domain.letter import ATTRIBUTE, Letter

TOGETHER = 10
# How long what was looked at stays hidden from other readers; nobody else reads a dead-letter queue.
HIDDEN_S = 30
# SQS asks only some of its servers at a time: nothing found once does not mean that nothing is there.
EMPTY_LOOKS = 2


class IntakeQueue:
    """The front of the line, for letters that go once more. `client` is an SQS client."""

    def __init__(self, client: Any, url: str) -> None:
        self.client = client
        self.url = url

    def send(self, letter: Letter) -> str:
        """Send it as it came. Returns the new message id; raises Unavailable."""
        body = letter.raw or '{"deadair_raw_s3":"' + letter.raw_ref + '"}'
        mark = {ATTRIBUTE: {"DataType": "String", "StringValue": letter.mark}}
        try:
            answer = self.client.send_message(QueueUrl=self.url, MessageBody=body, MessageAttributes=mark)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The intake queue did not take the letter.") from error
        return str(answer["MessageId"])


def held(client: Any, url: str) -> int:
    """How many messages lie in a queue, worked on or not."""
    names = ["", "NotVisible", "Delayed"]
    wanted = [f"ApproximateNumberOfMessages{name}" for name in names]
    attributes = client.get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"]
    return sum(int(attributes.get(name, 0)) for name in wanted)


def look(client: Any, url: str) -> set[str]:
    """The ids of the messages in a queue of dead letters, which are left where they are."""
    seen: dict[str, str] = {}
    try:
        for message in _taken(client, url):
            seen[message["MessageId"]] = message["ReceiptHandle"]
    finally:
        for receipt in seen.values():
            with suppress(BotoCoreError, ClientError):  # it comes into view by itself
                client.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)
    return set(seen)


def move(client: Any, dead: str, work: str, moved: Callable[[str, str], None]) -> int:
    """Send every dead letter to `work` and take it out of `dead`. Returns how many.

    `moved(old id, new id)` is told of each before it is taken out: who dies in between sends it twice.
    """
    count = 0
    for message in _taken(client, dead):
        attributes = {name: _sendable(value) for name, value in message.get("MessageAttributes", {}).items()}
        more: dict[str, Any] = {"MessageAttributes": attributes} if attributes else {}
        more |= _place(message)
        sent = client.send_message(QueueUrl=work, MessageBody=message["Body"], **more)
        moved(message["MessageId"], sent["MessageId"])
        client.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
        count += 1
    return count


def _taken(client: Any, url: str) -> Iterator[dict[str, Any]]:
    """Each message once. Ends when nothing new comes, so that what fails again at once is not moved for ever."""
    seen: set[str] = set()
    empty = 0
    while empty < EMPTY_LOOKS:
        answer = client.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=TOGETHER,
            VisibilityTimeout=HIDDEN_S,
            MessageAttributeNames=["All"],
            AttributeNames=["MessageGroupId"],
            WaitTimeSeconds=0,
        )
        news = [message for message in answer.get("Messages", []) if message["MessageId"] not in seen]
        empty = 0 if news else empty + 1
        seen |= {message["MessageId"] for message in news}
        yield from news


def _place(message: dict[str, Any]) -> dict[str, str]:
    """Where it stood in a queue that keeps an order. Its old key might still be known there."""
    group = message.get("Attributes", {}).get("MessageGroupId")
    key = f"again-{message['MessageId']}"
    return {"MessageGroupId": group, "MessageDeduplicationId": key} if group else {}


def _sendable(value: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in value.items() if name in {"DataType", "StringValue", "BinaryValue"} and part}
