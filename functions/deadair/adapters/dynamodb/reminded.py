"""Digests that were begun and sent, each once for its person and day.

Knows that whoever began and has not said more by then has died, and that the next look goes on. Refuses to know what a
digest says.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import from_item, instant, to_item
from deadair.adapters.dynamodb.transact import NOT_THERE

# Longer than anybody looks back for a digest of that day, or of that month.
KEPT = timedelta(days=62)
# Longer than one run takes.
GIVEN_UP = timedelta(minutes=5)
AGAIN = "attribute_not_exists(way) AND begun_at < :given_up"


@dataclass(frozen=True, slots=True)
class Begun:
    """This run sends it. `tries` counts runs, this one included; `since` is when the first began."""

    tries: int
    since: datetime


class RemindedStore:
    """`client` is a low-level DynamoDB client; its errors are botocore's."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table

    def begin(self, who: str, day: str, what: str, now: datetime) -> Begun | None:
        """This run is the one that sends it; None: it was sent, or somebody is at it."""
        key = keys.reminded(who, day, what)
        told = {"begun_at": instant(now), "first_at": instant(now), "tries": 1}
        expires = {"expires_at": int((now + KEPT).timestamp())}
        try:
            self.client.put_item(
                TableName=self.table, Item=key | to_item(told | expires), ConditionExpression=NOT_THERE
            )
        except ClientError as error:
            if not _is_there(error):
                raise
            return self._again(key, now)
        return Begun(1, now)

    def _again(self, key: keys.Key, now: datetime) -> Begun | None:
        try:
            answer = self.client.update_item(
                TableName=self.table,
                Key=key,
                UpdateExpression="SET begun_at = :now ADD tries :one",
                ConditionExpression=AGAIN,
                ExpressionAttributeValues=to_item(
                    {":now": instant(now), ":given_up": instant(now - GIVEN_UP), ":one": 1}
                ),
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if not _is_there(error):
                raise
            return None
        f = from_item(answer["Attributes"])
        return Begun(f["tries"], datetime.fromisoformat(f["first_at"]))

    def sent(self, who: str, day: str, what: str, way: str) -> None:
        """It was sent that way."""
        self.client.update_item(
            TableName=self.table,
            Key=keys.reminded(who, day, what),
            UpdateExpression="SET way = :way",
            ExpressionAttributeValues=to_item({":way": way}),
        )


def _is_there(error: ClientError) -> bool:
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"
