"""The registry's rows, read. Writing them is the importer's business.

Rows are kept in the process for a short while: an alarm must not wait for a read that was done a second ago. While the
table does not answer, the rows of a while ago serve: an owner of yesterday is better than none.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item
from deadair.domain.ownership import Integration, Person
from deadair.domain.severity import Severity

logger = logging.getLogger(__name__)

KEPT_S = 30.0
# After this long without an answer nobody can say that the rows still hold.
STALE_S = 3600.0


def integration_from(row: dict[str, Any]) -> Integration:
    """A validated row (JSON types) as the rest of the code reads it."""
    deputy = row.get("deputy")
    return Integration(
        slug=row["slug"],
        name=row["name"],
        owner=_person(row["owner"]),
        deputy=_person(deputy) if deputy else None,
        severity=Severity(row.get("severity") or Severity.SEV3),
        consent="consent" in (row.get("data_classes") or ()),
        source=row.get("source") or "",
        destination=row.get("destination") or "",
        runbook=row.get("runbook") or "",
        alarm_patterns=tuple(row.get("alarm_patterns") or ()),
        row=row,
    )


def _person(fields: dict[str, Any]) -> Person:
    return Person(fields["name"], fields.get("email") or "", fields.get("slack_id") or "")


class RegistryStore:
    """Reads of the registry. `client` is a low-level DynamoDB client; `ticks` counts seconds and never goes back."""

    def __init__(self, client: Any, table: str, ticks: Callable[[], float] = time.monotonic) -> None:
        self.client = client
        self.table = table
        self._ticks = ticks
        self._rows: list[Integration] = []
        self._looked_at = self._read_at = float("-inf")

    def rows(self, kept_s: float = KEPT_S) -> list[Integration]:
        """Every row, sorted by slug, at most half a minute old, or `kept_s`, while the table answers.

        A row that cannot be read is left out and logged: its alarms go to the fallback person, and no other owner
        loses theirs. `export_registry` names it to operators. Raises botocore's errors when there are no rows at all.
        """
        if self._ticks() - self._looked_at >= kept_s:
            self._look()
        return self._rows

    def get(self, slug: str) -> Integration | None:
        """One row, None when there is none."""
        return next((row for row in self.rows() if row.slug == slug), None)

    def _look(self) -> None:
        try:
            self._rows, self._read_at = self._read(), self._ticks()
        except (BotoCoreError, ClientError):
            if self._ticks() - self._read_at >= STALE_S:
                raise
            logger.warning("the registry does not answer; its rows are those of a while ago", exc_info=True)
        self._looked_at = self._ticks()

    def _read(self) -> list[Integration]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="pk = :registry AND begins_with(sk, :row)",
            ExpressionAttributeValues={":registry": {"S": keys.REGISTRY}, ":row": {"S": keys.ROW}},
        )
        found = (_integration(item) for page in pages for item in page["Items"])
        return [row for row in found if row is not None]


def _integration(item: Item) -> Integration | None:
    """The row of an item; None for one that was written past the importer and cannot be read."""
    try:
        return integration_from(json.loads(from_item(item)["row"]))
    except (AttributeError, KeyError, TypeError, ValueError):
        logger.exception("a row of the registry cannot be read", extra={"row": item["sk"]["S"]})
        return None
