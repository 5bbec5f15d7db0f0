"""The registry's rows as they are at this moment, for those who act on every change.

`registry.py` serves rows of half a minute ago, which is right for alarms that come in and wrong for alarms that are
made. A row that is there and cannot be read is told apart from one that is gone: nothing may be deleted for it.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item
from deadair.adapters.dynamodb.registry import integration_from
from deadair.domain.ownership import Integration

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rows:
    """What was found for some slugs: rows, slugs that have none, and slugs whose row cannot be read."""

    there: tuple[Integration, ...] = ()
    gone: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


class RowsNow:
    """Consistent reads of the registry. `client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def of(self, slugs: Iterable[str]) -> Rows:
        """The rows of these slugs."""
        return _rows({slug: self._item(slug) for slug in slugs})

    def everything(self) -> Rows:
        """Every row."""
        return _rows({_slug(item): item for item in self._query()})

    def slugs(self) -> Iterator[str]:
        """Every slug that has a row, sorted."""
        for item in self._query(ProjectionExpression="sk"):
            yield _slug(item)

    def _query(self, **more: str) -> Iterator[Item]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :registry AND begins_with(sk, :row)",
            ExpressionAttributeValues={":registry": {"S": keys.REGISTRY}, ":row": {"S": keys.ROW}},
            **more,
        )
        for page in pages:
            yield from page["Items"]

    def _item(self, slug: str) -> Item | None:
        answer = self._client.get_item(TableName=self._table, Key=keys.row(slug), ConsistentRead=True)
        found: Item | None = answer.get("Item")
        return found


def _rows(items: Mapping[str, Item | None]) -> Rows:
    read = {slug: _integration(item) for slug, item in items.items() if item is not None}
    return Rows(
        there=tuple(row for row in read.values() if row is not None),
        gone=tuple(slug for slug, item in items.items() if item is None),
        unreadable=tuple(slug for slug, row in read.items() if row is None),
    )


def _slug(item: Item) -> str:
    sk: str = item["sk"]["S"]
    return sk.removeprefix(keys.ROW)


def _integration(item: Item) -> Integration | None:
    try:
        return integration_from(json.loads(from_item(item)["row"]))
    except (AttributeError, KeyError, TypeError, ValueError):
        logger.exception("a row of the registry cannot be read", extra={"row": item["sk"]["S"]})
        return None
