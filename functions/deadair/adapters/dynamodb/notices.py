"""How far each notice about an incident has come, so that many deliveries lead to one message.

A notice is drawn by whoever holds its lease. Who finds it held only says which version it wants drawn; the holder
looks again before it lets go. A holder that dies loses the lease by time, and its own message comes back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, instant, to_item

FREE = "attribute_not_exists(lease_until) OR lease_until < :now"
HELD = "lease_until >= :now"
NOTHING_NEWER = "wanted <= :version"
DONE = "REMOVE lease_until, undelivered"
TURNS = 4


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Slack did not take a notice. `told_by` is the other way on which its person was told; empty: on none."""

    error: str
    since: datetime
    person: str = ""
    told_by: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a notice is: its marks, the version drawn last, and whether a drawing began that nobody finished.

    An unfinished one may be on the screen without marks: its maker died, or its answer was lost.
    """

    marks: dict[str, str]
    drawn: int
    unfinished: bool
    undelivered: Undelivered | None = None


class NoticeStore:
    """Leases and marks of notices. `client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table

    def progress(self, number: int, name: str) -> Progress:
        """The whole record of a notice."""
        answer = self.client.get_item(TableName=self.table, Key=keys.notice(number, name), ConsistentRead=True)
        return progress_from(answer.get("Item", {}))

    def claim(self, number: int, name: str, version: int, now: datetime, lease_s: int = 30) -> Progress | None:
        """Take the lease: how far the notice was. None: somebody else holds it and knows now what is wanted."""
        for _ in range(TURNS):
            before = self._lease(number, name, version, now, lease_s)
            if before is not None:
                return before
            if self._want(number, name, version, now):
                return None
        return None

    def finish(self, number: int, name: str, version: int, marks: dict[str, str]) -> bool:
        """Mark what was drawn and let go. False: a newer version is wanted, the lease is kept, draw again."""
        values = {":marks": marks, ":version": version}
        if self._update(number, name, f"SET marks = :marks, drawn = :version {DONE}", NOTHING_NEWER, values):
            return True
        self._update(number, name, "SET marks = :marks, drawn = :version", "", values)
        return False

    def release(self, number: int, name: str) -> None:
        """Let go without having drawn, so that the next delivery need not wait for the lease to run out."""
        self._update(number, name, "REMOVE lease_until", "", {})

    def note(self, number: int, name: str, marks: dict[str, str]) -> None:
        """Write marks down before anything is drawn, or where nothing ever is."""
        self._update(number, name, "SET marks = :marks", "", {":marks": marks})

    def fail(self, number: int, name: str, failed: Undelivered) -> None:
        """Mark a notice as not delivered, until it is. The first time stays."""
        told = {"error": failed.error, "person": failed.person, "told_by": failed.told_by}
        fields = told | {"since": instant(failed.since)}
        self._update(number, name, "SET undelivered = :failed", "", {":failed": fields})

    def _lease(self, number: int, name: str, version: int, now: datetime, lease_s: int) -> Progress | None:
        """What the record was is read by the same write, so that nobody can have come between."""
        until = instant(now + timedelta(seconds=lease_s))
        try:
            answer = self.client.update_item(
                TableName=self.table,
                Key=keys.notice(number, name),
                UpdateExpression="SET lease_until = :until, wanted = :version",
                ConditionExpression=FREE,
                ExpressionAttributeValues=to_item({":until": until, ":version": version, ":now": instant(now)}),
                ReturnValues="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return None
            raise
        return progress_from(answer.get("Attributes", {}))

    def _want(self, number: int, name: str, version: int, now: datetime) -> bool:
        values = {":version": version, ":now": instant(now)}
        newer = f"{HELD} AND wanted < :version"
        if self._update(number, name, "SET wanted = :version", newer, values):
            return True
        held = from_item(
            self.client.get_item(TableName=self.table, Key=keys.notice(number, name), ConsistentRead=True).get(
                "Item", {}
            )
        )
        return bool(held.get("lease_until", "") >= str(instant(now)) and held.get("wanted", 0) >= version)

    def _update(self, number: int, name: str, change: str, condition: str, values: dict[str, Any]) -> bool:
        request: dict[str, Any] = {
            "TableName": self.table,
            "Key": keys.notice(number, name),
            "UpdateExpression": change,
        }
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


def progress_from(item: Item) -> Progress:
    """How far a notice is, from its item; an empty item is one that was never drawn."""
    found = from_item(item)
    drawn = found.get("drawn", 0)
    failed = found.get("undelivered")
    undelivered = Undelivered(**(failed | {"since": datetime.fromisoformat(failed["since"])})) if failed else None
    return Progress(found.get("marks", {}), drawn, found.get("wanted", 0) > drawn, undelivered)
