"""The registry's rows, read. Writing them is the importer's business.

Rows are kept in the process for a short while: an alarm must not wait for a read that was done a second ago.
"""

import json
import time
from collections.abc import Callable
from typing import Any

from deadair.adapters.dynamodb.items import from_item
from deadair.domain.ownership import Integration, Person
from deadair.domain.severity import Severity

KEPT_S = 30.0


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
        self._read_at = -KEPT_S

    def rows(self, kept_s: float = KEPT_S) -> list[Integration]:
        """Every row, sorted by slug, read at most `kept_s` ago. An unreadable row is an error, not a gap."""
        if self._ticks() - self._read_at >= kept_s:
            self._rows = [integration_from(row) for row in self._read()]
            self._read_at = self._ticks()
        return self._rows

    def get(self, slug: str) -> Integration | None:
        """One row, None when there is none."""
        return next((row for row in self.rows() if row.slug == slug), None)

    def forget(self) -> None:
        """Read afresh next time."""
        self._read_at = self._ticks() - KEPT_S

    def _read(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="pk = :reg AND begins_with(sk, :row)",
            ExpressionAttributeValues={":reg": {"S": "REG"}, ":row": {"S": "ROW#"}},
        )
        for page in pages:
            rows += [json.loads(from_item(item)["row"]) for item in page["Items"]]
        return rows
