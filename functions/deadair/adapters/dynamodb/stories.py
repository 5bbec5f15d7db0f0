"""What a page of an incident tells of it in the order of time: its timeline and its action items, in one read.

Knows that both lie side by side in the incident's partition. Refuses to write.
"""

from dataclasses import dataclass
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.actions import readable_actions
from deadair.adapters.dynamodb.items import entry_from
from deadair.domain.action_item import ActionItem
from deadair.domain.timeline import Entry, in_order

ENTRIES = "ENTRY#"
# The next sign behind the number sign, so behind every entry.
BEHIND = "ENTRY$"


@dataclass(frozen=True, slots=True)
class Story:
    """The timeline as people read it, and the action items by number."""

    timeline: list[Entry]
    actions: list[ActionItem]


def read_story(client: Any, table: str, number: int) -> Story:
    """Read both as they are now. `client` is a low-level DynamoDB client; its errors are botocore's."""
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues={
            ":pk": {"S": keys.incident_pk(number)},
            ":first": {"S": keys.ACTION},
            ":last": {"S": BEHIND},
        },
        ConsistentRead=True,
    )
    items = [item for page in pages for item in page["Items"]]
    entries = [entry_from(item) for item in items if item["sk"]["S"].startswith(ENTRIES)]
    actions = [item for item in items if item["sk"]["S"].startswith(keys.ACTION)]
    return Story(in_order(entries), readable_actions(actions))
