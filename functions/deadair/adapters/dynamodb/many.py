"""Many items in one call: read by their keys, or written without a condition.

Knows how many a call takes and that it may leave some for another one, as a table does that is asked too much. Refuses
to know any key.
"""

import random
import time
from collections.abc import Callable, Iterable
from typing import Any

from deadair.adapters.dynamodb.items import Item
from deadair.adapters.dynamodb.keys import Key
from deadair.domain.errors import Unavailable

READ_AT_ONCE, WRITTEN_AT_ONCE = 100, 25
# What is left is asked for again after a pause, which doubles: some ten seconds in all.
TURNS, PAUSE_S, PAUSE_AT_MOST_S = 10, 0.05, 2.0

Left = dict[str, Any]


def read_many(client: Any, table: str, wanted: Iterable[Key], **more: Any) -> list[Item]:
    """The items that are there, as they are now, in no order. A key may come twice; `more` may name a projection.

    Raises Unavailable when the table goes on leaving some out.
    """
    unique = list({(key["pk"]["S"], key["sk"]["S"]): key for key in wanted}.values())
    found: list[Item] = []

    def ask(left: Left) -> Left:
        answer = client.batch_get_item(RequestItems=left)
        found.extend(answer["Responses"].get(table, []))
        return answer.get("UnprocessedKeys") or {}

    for start in range(0, len(unique), READ_AT_ONCE):
        _until_nothing_is_left(
            ask, {table: {"Keys": unique[start : start + READ_AT_ONCE], "ConsistentRead": True, **more}}
        )
    return found


def write_many(client: Any, table: str, requests: list[dict[str, Any]]) -> None:
    """Put and delete items, whatever is there; no item twice. Raises Unavailable when the table leaves some out."""
    for start in range(0, len(requests), WRITTEN_AT_ONCE):
        _until_nothing_is_left(
            lambda left: client.batch_write_item(RequestItems=left).get("UnprocessedItems") or {},
            {table: requests[start : start + WRITTEN_AT_ONCE]},
        )


def _until_nothing_is_left(ask: Callable[[Left], Left], left: Left) -> None:
    for turn in range(TURNS):
        left = ask(left)
        if not left:
            return
        time.sleep(random.uniform(0, min(PAUSE_AT_MOST_S, PAUSE_S * 2**turn)))  # noqa: S311 - no secret
    raise Unavailable("The table leaves out what it is asked for.")
