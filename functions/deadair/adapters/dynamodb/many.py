"""Many items by their keys. Knows what BatchGetItem takes at once and that it may leave some for another call.

Refuses to know any key.
"""

from collections.abc import Iterable
from typing import Any

from deadair.adapters.dynamodb.items import Item
from deadair.adapters.dynamodb.keys import Key

READ_AT_ONCE = 100


def read_many(client: Any, table: str, wanted: Iterable[Key], **more: Any) -> list[Item]:
    """The items that are there, as they are now, in no order. A key may come twice; `more` may name a projection."""
    unique = list({(key["pk"]["S"], key["sk"]["S"]): key for key in wanted}.values())
    found: list[Item] = []
    for start in range(0, len(unique), READ_AT_ONCE):
        left: dict[str, Any] = {table: {"Keys": unique[start : start + READ_AT_ONCE], "ConsistentRead": True, **more}}
        while left:
            answer = client.batch_get_item(RequestItems=left)
            found += answer["Responses"].get(table, [])
            left = answer.get("UnprocessedKeys") or {}
    return found
