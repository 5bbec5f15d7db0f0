"""When Slack takes the next call at a place (a channel, a method), known to all workers at once.

Knows how a turn is taken so that no two workers get the same one. Refuses to know Slack and to wait. Only places where
Slack was too busy once are here at all: a calm one costs one look per batch, and nothing for each message.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from deadair.adapters.dynamodb import keys

KEPT_S = 3600
MOST = 200
TURNS = 5
EXTEND = "SET free_at = free_at + :every, expires_at = :expires"
BEGIN = "SET free_at = :next, expires_at = :expires"
PUSH = "SET free_at = :next, refused_until = :next, expires_at = :expires"
FREE = "attribute_not_exists(free_at) OR free_at < :now"
SOON = "free_at BETWEEN :now AND :latest"
SOONER = "attribute_not_exists(free_at) OR free_at < :next"


@dataclass(frozen=True, slots=True)
class Turn:
    """So long until the turn, in seconds. `taken`: it is ours. `refused`: Slack asked everybody to wait until then."""

    wait_s: float
    taken: bool = True
    refused: bool = False


class Paces:
    """`client` is a low-level DynamoDB client; `clock` counts seconds since 1970."""

    def __init__(self, client: Any, table: str, clock: Callable[[], float] = time.time) -> None:
        self.client = client
        self.table = table
        self.clock = clock

    def known(self) -> dict[str, float]:
        """The places where Slack was too busy lately, and when each is free."""
        answer = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pace",
            ExpressionAttributeValues={":pace": {"S": keys.PACE}},
            Limit=MOST,
        )
        return {item["sk"]["S"]: int(item["free_at"]["N"]) / 1000 for item in answer["Items"]}

    def take(self, place: str, every_s: float, patience_s: float) -> Turn:
        """The next turn at a place; not taken when it comes later than that."""
        for _ in range(TURNS):
            now, every = self._now(), round(every_s * 1000)
            latest = now + round(patience_s * 1000)
            waits = self._changed(place, EXTEND, SOON, now=now, latest=latest, every=every)
            if waits is not None:
                return Turn(max(0, waits - every - now) / 1000)
            if self._changed(place, BEGIN, FREE, now=now, next=now + every) is not None:
                return Turn(0)
            free_at, refused_until = self._read(place)
            if free_at > latest:
                return Turn((free_at - now) / 1000, taken=False, refused=refused_until > now)
        return Turn(every_s, taken=False)

    def push(self, place: str, seconds: int) -> None:
        """Slack takes nothing there for so long."""
        self._changed(place, PUSH, SOONER, next=self._now() + seconds * 1000)

    def _now(self) -> int:
        return round(self.clock() * 1000)

    def _read(self, place: str) -> tuple[int, int]:
        found = self.client.get_item(TableName=self.table, Key=keys.pace(place), ConsistentRead=True).get("Item", {})
        free_at, refused_until = (int(found.get(name, {"N": "0"})["N"]) for name in ("free_at", "refused_until"))
        return free_at, refused_until

    def _changed(self, place: str, change: str, condition: str, **values: int) -> int | None:
        """When the place is free after the change; None: the condition did not hold."""
        values["expires"] = int(self.clock()) + KEPT_S
        used = {f":{name}": {"N": str(value)} for name, value in values.items()}
        try:
            answer = self.client.update_item(
                TableName=self.table,
                Key=keys.pace(place),
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeValues=used,
                ReturnValues="UPDATED_NEW",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return None
            raise
        return int(answer["Attributes"]["free_at"]["N"])
