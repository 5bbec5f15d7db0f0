"""Messages into the intake queue, and what became of them out of the table.

Knows SQS's batches and the outcome that the intake room writes for each message id. Refuses to know events.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import from_item
from deadair.adapters.dynamodb.many import read_many
from deadair.domain.errors import Unavailable
from deadair.domain.portions import portions
from infra.cli.recorded import MESSAGE_LIMIT, Message

BATCH = 10
ATTEMPTS = 5
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 0.5


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a message."""

    outcome: str
    incident: str | None
    reason: str | None


IN_FLIGHT = Told("in_flight", None, "no outcome yet")


class Line:
    """The intake queue's one end and the ledger's other."""

    def __init__(self, *, sqs: Any, queue: str, dynamodb: Any, table: str, s3: Any, bucket: str) -> None:
        self._sqs, self._queue = sqs, queue
        self._dynamodb, self._table = dynamodb, table
        self._s3, self._bucket = s3, bucket

    def send(self, messages: Sequence[Message]) -> list[str]:
        """Send all, in order, and return their message ids. Raises Unavailable when SQS keeps refusing."""
        for message in messages:
            if message.stored:
                key, data = message.stored
                self._s3.put_object(Bucket=self._bucket, Key=key, Body=data)
        ids: list[str] = []
        for batch in batches(messages):
            ids += self._send_batch(batch)
        return ids

    def _send_batch(self, batch: list[Message]) -> list[str]:
        ids: dict[int, str] = {}
        for attempt in range(ATTEMPTS):
            left = [{"Id": str(i), "MessageBody": message.body} for i, message in enumerate(batch) if i not in ids]
            answer = self._sqs.send_message_batch(QueueUrl=self._queue, Entries=left)
            ids |= {int(sent["Id"]): sent["MessageId"] for sent in answer.get("Successful", [])}
            if len(ids) == len(batch):
                return [ids[i] for i in range(len(batch))]
            time.sleep(FIRST_PAUSE_S * 2**attempt)
        refused = answer["Failed"][0]
        raise Unavailable(f"The intake queue refuses a message: {refused.get('Message') or refused['Code']}")

    def outcomes(self, ids: Sequence[str]) -> dict[str, Told]:
        """What is known now, by message id; unknown ones are absent."""
        wanted = [keys.outcome(message_id) for message_id in ids]
        items = read_many(self._dynamodb, self._table, wanted, ProjectionExpression="pk, outcome, incident, reason")
        return {_message_id(item): _told(item) for item in map(from_item, items)}

    def await_outcomes(self, ids: Sequence[str], *, patience_s: float, tell: Callable[[int], None]) -> dict[str, Told]:
        """Wait until every outcome is known, or none came for `patience_s`. `tell` hears how many are known."""
        known: dict[str, Told] = {}
        last_news, pause = time.monotonic(), FIRST_PAUSE_S
        while True:
            news = self.outcomes([message_id for message_id in ids if message_id not in known])
            known |= news
            if news:
                tell(len(known))
                last_news, pause = time.monotonic(), FIRST_PAUSE_S
            if len(known) == len(set(ids)):
                # An OK that came before its ALARM is told anew when the ALARM arrives.
                return known | self.outcomes(ids)
            if time.monotonic() - last_news > patience_s:
                return known
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE_S)


def batches(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """At most ten messages and 1 MiB together, in order."""
    return portions(messages, (BATCH, MESSAGE_LIMIT), lambda message: (1, len(message.body.encode("utf-8"))))


def _message_id(item: dict[str, Any]) -> str:
    return str(item["pk"]).removeprefix("MSG#")


def _told(item: dict[str, Any]) -> Told:
    return Told(item["outcome"], item.get("incident") or None, item.get("reason") or None)
