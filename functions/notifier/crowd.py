"""Incidents that become one person's within a minute: the first is told alone, the others in one message.

Knows who came first and who joined. Refuses to know what is said, and which incidents are told alone whatever else
comes. Whoever joins again has joined already, so that a message that is delivered again tells nothing twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import from_item, instant, to_item
from deadair.domain.alarm import digest

CROWD = "crowd"
WITHIN = timedelta(minutes=1)
# Each has a line and a button of its own; Slack takes fifty blocks and 12,000 characters.
MOST = 20
TURNS = 5
ROOM = "attribute_not_exists(members) OR size(members) < :most OR contains(members, :member)"


@dataclass(frozen=True, slots=True)
class Crowds:
    """`client` is a low-level DynamoDB client."""

    client: Any
    table: str

    def place(self, person: str, number: int, now: datetime) -> int:
        """The incident with whose crowd this one is told to that person; itself: it is told alone."""
        where = keys.crowd(digest(person)[:16])
        for _ in range(TURNS):
            found = from_item(
                self.client.get_item(TableName=self.table, Key=where, ConsistentRead=True).get("Item", {})
            )
            first = int(found.get("first", 0))
            if first == number:
                return number
            lasts = bool(found) and datetime.fromisoformat(found["began_at"]) > now - WITHIN
            if lasts and self._join(first, number):
                return first
            if self._begin(where, number, found.get("began_at", ""), now):
                return number
        return number

    def members(self, first: int) -> list[int]:
        """Those who joined the crowd of an incident, in the order of their numbers."""
        key = keys.notice(first, CROWD)
        found = from_item(self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item", {}))
        return sorted(int(member) for member in found.get("members", ()))

    def _join(self, first: int, number: int) -> bool:
        """False: it is full."""
        request = {
            "UpdateExpression": "ADD members :joining",
            "ConditionExpression": ROOM,
            "ExpressionAttributeValues": {
                ":joining": {"SS": [str(number)]},
                ":member": {"S": str(number)},
                ":most": {"N": str(MOST)},
            },
        }
        return self._changed(keys.notice(first, CROWD), request)

    def _begin(self, where: keys.Key, number: int, before: str, now: datetime) -> bool:
        """False: somebody else began one meanwhile."""
        values = {":first": number, ":now": instant(now), ":before": before or None}
        request = {
            "UpdateExpression": "SET #first = :first, began_at = :now",
            "ConditionExpression": "began_at = :before" if before else "attribute_not_exists(began_at)",
            "ExpressionAttributeNames": {"#first": "first"},
            "ExpressionAttributeValues": to_item(values),
        }
        return self._changed(where, request)

    def _changed(self, key: keys.Key, request: dict[str, Any]) -> bool:
        try:
            self.client.update_item(TableName=self.table, Key=key, **request)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True
