"""The registry's rows, read. Writing them is the importer's business.

Rows are kept in the process for a short while: an alarm must not wait for a read that was done a second ago. Then one
look at the head of the audit log tells whether anything changed, and the log tells what: thousands of rows take a
second to read. While the table does not answer, the rows of a while ago serve: yesterday's owner is better than none.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.audit import AuditLog
from deadair.domain.audit import Head
from deadair.domain.errors import Invalid
from deadair.domain.ownership import Integration, Person
from deadair.domain.severity import Severity

logger = logging.getLogger(__name__)

KEPT_S = 30.0
# After this long without an answer nobody can say that the rows still hold.
STALE_S = 3600.0
# A row that was written past the audit log is seen after this long.
WHOLE_S = 900.0
# Reading every row costs about as much as reading so many changes.
FEW_CHANGES = 500


def integration_from(row: dict[str, Any]) -> Integration:
    """A validated row (JSON types) as the rest of the code reads it. A row that needs an owner has nobody's name."""
    owner, deputy = row.get("owner"), row.get("deputy")
    if not owner and not row.get("needs_owner"):
        raise KeyError("owner")
    return Integration(
        slug=row["slug"],
        name=row["name"],
        owner=_person(owner) if owner else Person(""),
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
    """Reads of the registry. `unreadable` are the slugs of rows that cannot be read.

    `client` is a low-level DynamoDB client; `ticks` counts seconds and never goes back.
    """

    def __init__(self, client: Any, table: str, ticks: Callable[[], float] = time.monotonic) -> None:
        self.client = client
        self.table = table
        self.log = AuditLog(client, table)
        self._ticks = ticks
        self._by_slug: dict[str, Integration] = {}
        self.unreadable: set[str] = set()
        self._rows: list[Integration] = []
        self._head: Head | None = None
        self._looked_at = self._answered_at = self._whole_at = float("-inf")

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
        self.rows()
        return self._by_slug.get(slug)

    def _look(self) -> None:
        try:
            self._refresh()
            self._answered_at = self._ticks()
        except (BotoCoreError, ClientError):
            if self._ticks() - self._answered_at >= STALE_S:
                raise
            logger.warning("the registry does not answer; its rows are those of a while ago", exc_info=True)
        self._looked_at = self._ticks()

    def _refresh(self) -> None:
        """Nothing, when nothing changed; else what the log says, or every row."""
        known, head = self._head, self._end_of_log()
        if known is None or head is None or self._ticks() - self._whole_at >= WHOLE_S:
            self._read_all()
        elif head == known:
            return
        elif 0 < head.number - known.number <= FEW_CHANGES:
            self._catch_up(known.number)
        else:
            self._read_all()
        # Read before the rows were, so what came in between is met again at the next look.
        self._head = head
        self._rows = [row for _, row in sorted(self._by_slug.items())]

    def _end_of_log(self) -> Head | None:
        """None when it was tampered with; an owner must not be lost by that."""
        try:
            return self.log.head()
        except Invalid:
            logger.warning("the head of the audit log cannot be read; every row is", exc_info=True)
            return None

    def _catch_up(self, number: int) -> None:
        try:
            entries = list(self.log.entries(after=number))
        except Invalid:
            logger.warning("the audit log cannot be read; every row is", exc_info=True)
            self._read_all()
            return
        for entry in entries:
            row = _integration(entry.slug, entry.after) if entry.after is not None else None
            self.unreadable.discard(entry.slug)
            if row is not None:
                self._by_slug[entry.slug] = row
                continue
            self._by_slug.pop(entry.slug, None)
            if entry.after is not None:
                self.unreadable.add(entry.slug)

    def _read_all(self) -> None:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            # Not older than the head that was read before.
            ConsistentRead=True,
            KeyConditionExpression="pk = :registry AND begins_with(sk, :row)",
            ProjectionExpression="sk, #row",
            ExpressionAttributeNames={"#row": "row"},
            ExpressionAttributeValues={":registry": {"S": keys.REGISTRY}, ":row": {"S": keys.ROW}},
        )
        # An item without a text of a row is named as such a row.
        texts = {item["sk"]["S"]: item.get("row", {}).get("S", "") for page in pages for item in page["Items"]}
        found = {name.removeprefix(keys.ROW): _integration(name, text) for name, text in texts.items()}
        self._by_slug = {row.slug: row for row in found.values() if row is not None}
        self.unreadable = {slug for slug, row in found.items() if row is None}
        self._whole_at = self._ticks()


def _integration(name: str, text: str) -> Integration | None:
    """The row of that text; None for one that was written past the importer and cannot be read."""
    try:
        return integration_from(json.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError):
        logger.exception("a row of the registry cannot be read", extra={"row": name})
        return None
