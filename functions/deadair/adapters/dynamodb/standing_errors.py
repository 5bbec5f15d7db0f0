"""What stands wrong with Deadair's own work, as items of one small partition.

Knows that a page reads them all in one call. Refuses to keep what was put right: the timeline has its history.
"""

import logging
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, instant, to_item
from deadair.domain.standing_error import Kind, StandingError

logger = logging.getLogger(f"deadair.{__name__}")

# More than a page can show; who sees so many looks at the incidents themselves.
MOST = 100


class StandingErrors:
    """`client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table

    def put(self, kind: Kind, name: str, text: str, now: datetime) -> bool:
        """Say that it is wrong. Said again, the text is the new one and the beginning stays. True: it was not said."""
        answer = self.client.update_item(
            TableName=self.table,
            Key=keys.standing_error(kind, name),
            UpdateExpression="SET #kind = :kind, #name = :name, #text = :text, since = if_not_exists(since, :now)",
            ExpressionAttributeNames={"#kind": "kind", "#name": "name", "#text": "text"},
            ExpressionAttributeValues=to_item({":kind": kind.value, ":name": name, ":now": instant(now)})
            | {":text": {"S": text}},
            ReturnValues="ALL_OLD",
        )
        return not answer.get("Attributes")

    def clear(self, kind: Kind, name: str) -> None:
        """It is right again. Nothing happens when it was."""
        self.client.delete_item(TableName=self.table, Key=keys.standing_error(kind, name))

    def all(self) -> list[StandingError]:
        """What is wrong, the oldest first."""
        answer = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :errors",
            ExpressionAttributeValues={":errors": {"S": keys.ERRORS}},
            Limit=MOST,
        )
        errors = filter(None, map(_error_from, answer["Items"]))
        return sorted(errors, key=lambda error: (error.since, error.kind, error.name))


def _error_from(item: Item) -> StandingError | None:
    """None for what a later version wrote: it must not hide the others, on any page."""
    f = from_item(item)
    try:
        return StandingError(Kind(f["kind"]), f["name"], f.get("text", ""), datetime.fromisoformat(f["since"]))
    except (KeyError, TypeError, ValueError):
        logger.exception("a standing error cannot be read", extra={"sk": f["sk"]})
        return None
