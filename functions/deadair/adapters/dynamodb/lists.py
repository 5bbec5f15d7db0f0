"""Lists by state, newest first, a page at a time, from the index `by_state`.

Knows what a cursor holds, and that any text may come back as one. Refuses to know what is listed.
"""

import base64
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from deadair.adapters.dynamodb.items import Item
from deadair.domain.errors import NotFound

T = TypeVar("T")
# The keys of an item in the index: where a page of a list ends.
PLACE = ("pk", "sk", "state_pk", "state_sk")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a longer list. `next` is an opaque cursor for the rest, empty at the end.

    `unread` counts what belongs here and cannot be understood: a later version wrote it, before it was rolled back.
    """

    items: list[T]
    next: str = ""
    unread: int = 0


def read_list(client: Any, table: str, state: str, limit: int, before: str = "") -> Page[Item]:
    """A page of the items of a state, from the cursor `before` on. `client` is a low-level DynamoDB client."""
    start = {"ExclusiveStartKey": _place_of(before, state)} if before else {}
    answer = client.query(
        TableName=table,
        IndexName="by_state",
        KeyConditionExpression="state_pk = :state",
        ExpressionAttributeValues={":state": {"S": state}},
        ScanIndexForward=False,
        Limit=limit,
        **start,
    )
    last = answer.get("LastEvaluatedKey")
    return Page(answer["Items"], _cursor_of(last) if last else "")


def _cursor_of(last: Item) -> str:
    """Where a page of an index by state ends, as an opaque text."""
    place = {name: last[name]["S"] for name in PLACE}
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _place_of(cursor: str, state: str) -> Item:
    """Where a list of that state goes on. Whoever asks has held the cursor, so any text may stand in it."""
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii", "replace")))
    except (ValueError, RecursionError) as odd:
        raise _no_page() from odd
    texts = isinstance(place, dict) and all(isinstance(text, str) and text for text in place.values())
    if not texts or place.keys() != set(PLACE) or place["state_pk"] != state:
        raise _no_page()
    return {name: {"S": place[name]} for name in PLACE}


def _no_page() -> NotFound:
    return NotFound("That page does not exist.", field="before", remedy="Start from the first page.")
