"""How far each notice about an incident has come, so that many deliveries lead to one message.

A notice is drawn by whoever holds its lease. Who finds it held only says which version it wants drawn; the holder
looks again before it lets go. A holder that dies loses the lease by time, and its own message comes back.
"""

from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import from_item, instant, to_item

FREE = "attribute_not_exists(lease_until) OR lease_until < :now"
HELD = "lease_until >= :now"
NOTHING_NEWER = "wanted <= :version"
TURNS = 4


class NoticeStore:
    """Leases and marks of notices. `client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table

    def get(self, number: int, name: str) -> dict[str, str]:
        """What was marked when the notice was last drawn; empty before that."""
        answer = self.client.get_item(TableName=self.table, Key=keys.notice(number, name), ConsistentRead=True)
        marks: dict[str, str] = from_item(answer.get("Item", {})).get("marks", {})
        return marks

    def claim(self, number: int, name: str, version: int, now: datetime, lease_s: int = 30) -> bool:
        """Take the lease. False: somebody else holds it and knows now that `version` is wanted."""
        for _ in range(TURNS):
            if self._lease(number, name, version, now, lease_s):
                return True
            if self._want(number, name, version, now):
                return False
        return False

    def finish(self, number: int, name: str, version: int, marks: dict[str, str], now: datetime) -> bool:
        """Mark what was drawn and let go. False: a newer version is wanted, the lease is kept, draw again."""
        values = {":marks": marks, ":version": version}
        if self._update(number, name, "SET marks = :marks, drawn = :version REMOVE lease_until", NOTHING_NEWER, values):
            return True
        self._update(number, name, "SET marks = :marks, drawn = :version", "", values)
        return False

    def release(self, number: int, name: str) -> None:
        """Let go without having drawn, so that the next delivery need not wait for the lease to run out."""
        self._update(number, name, "REMOVE lease_until", "", {})

    def _lease(self, number: int, name: str, version: int, now: datetime, lease_s: int) -> bool:
        until = instant(now + timedelta(seconds=lease_s))
        values = {":until": until, ":version": version, ":now": instant(now)}
        return self._update(number, name, "SET lease_until = :until, wanted = :version", FREE, values)

    def _want(self, number: int, name: str, version: int, now: datetime) -> bool:
        values = {":version": version, ":now": instant(now)}
        newer = f"{HELD} AND wanted < :version"
        if self._update(number, name, "SET wanted = :version", newer, values):
            return True
        held = from_item(
            self.client.get_item(TableName=self.table, Key=keys.notice(number, name), ConsistentRead=True).get("Item", {})
        )
        return bool(held.get("lease_until", "") >= str(instant(now)) and held.get("wanted", 0) >= version)

    def _update(self, number: int, name: str, change: str, condition: str, values: dict[str, Any]) -> bool:
        request: dict[str, Any] = {"TableName": self.table, "Key": keys.notice(number, name), "UpdateExpression": change}
        used = {name: value for name, value in values.items() if name in change or name in condition}
        if used:
            request["ExpressionAttributeValues"] = to_item(used)
        if condition:
            request["ConditionExpression"] = condition
        try:
            self.client.update_item(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True
