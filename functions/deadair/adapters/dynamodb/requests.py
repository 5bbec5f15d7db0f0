"""Requests that must take effect once although they may arrive twice, and what was answered.

Knows how long a request is remembered. Refuses to know what a request asks for.
"""

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import from_item, instant, to_item

# Slack's own retries end after minutes; an hour is ample, and DynamoDB deletes the record by itself.
KEPT = timedelta(hours=1)
# Whoever began and has not answered by then has died: the next delivery may do the work.
GIVEN_UP = timedelta(seconds=15)
LONG_AGO = datetime.fromtimestamp(0, UTC)
# `begun_by`: a beginning whose answer was lost is repeated by the client, and then meets itself.
FIRST = "attribute_not_exists(pk) OR begun_by = :me OR (attribute_not_exists(answer) AND begun_at < :given_up)"

Answer = dict[str, Any]


class RequestStore:
    """Begun and answered requests. `client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table

    def begin(self, key: str, now: datetime) -> bool:
        """True: this delivery is the first and does the work. False: see `answer`."""
        me = secrets.token_hex(8)
        fields = {"begun_at": instant(now), "begun_by": me, "expires_at": int((now + KEPT).timestamp())}
        try:
            self.client.put_item(
                TableName=self.table,
                Item=keys.request(key) | to_item(fields),
                ConditionExpression=FIRST,
                ExpressionAttributeValues=to_item({":me": me, ":given_up": instant(now - GIVEN_UP)}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def answer(self, key: str) -> Answer | None:
        """What the first delivery answered; None while it is still at work."""
        found = self.client.get_item(TableName=self.table, Key=keys.request(key), ConsistentRead=True)
        text = from_item(found.get("Item", {})).get("answer")
        answer: Answer | None = json.loads(text) if text else None
        return answer

    def finish(self, key: str, answer: Answer) -> None:
        """Keep the answer for deliveries to come."""
        self.client.update_item(
            TableName=self.table,
            Key=keys.request(key),
            UpdateExpression="SET answer = :answer",
            ExpressionAttributeValues=to_item({":answer": json.dumps(answer, ensure_ascii=False)}),
        )

    def release(self, key: str) -> None:
        """Nothing was done after all: the same request may come again and is worked then."""
        self.client.update_item(
            TableName=self.table,
            Key=keys.request(key),
            UpdateExpression="SET begun_at = :long_ago REMOVE answer",
            ExpressionAttributeValues=to_item({":long_ago": instant(LONG_AGO)}),
        )
