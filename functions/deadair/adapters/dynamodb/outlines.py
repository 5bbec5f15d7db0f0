"""Incidents in outline, many at once: only the attributes that are counted and compared leave DynamoDB.

Knows the indexes and the attributes. Refuses to count. An item of 5 kB is read as one of 400 bytes: DynamoDB charges
for the whole, and what travels and is parsed is a tenth.
"""

import logging
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, instant, when
from deadair.domain.alarm import Signal
from deadair.domain.outline import Outline
from deadair.domain.ownership import Person
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Ending, Milestone

log = logging.getLogger(f"deadair.{__name__}")
ATTRIBUTES = (
    "number",
    "integration",
    "integration_name",
    "failure_class",
    "severity",
    "owner",
    "started_at",
    "detected_at",
    "resolved_at",
    "milestones",
    "signal",
    "consent",
    "ending",
    "fix",
    "failed_fixes",
    "drill",
    "recorded_afterwards",
)
# Many attributes have names that DynamoDB reserves. What somebody opened by hand holds a text that nobody counts.
NAMES = {f"#{place}": name for place, name in enumerate(ATTRIBUTES)} | {"#hand": "by_hand", "#by": "by"}
PROJECTION = ", ".join([*(f"#{place}" for place in range(len(ATTRIBUTES))), "#hand.#by"])
# What an item says that a later version wrote.
ODD = (KeyError, TypeError, ValueError)
# No integration is looked at further back than its newest so many.
OF_ONE = 300


class OutlineStore:
    """Reads outlines. `client` is a low-level DynamoDB client; its errors are botocore's."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table

    def past(self, since: datetime, until: datetime) -> list[Outline]:
        """The incidents that are over and were opened from `since` until before `until`, newest first."""
        return self._all(
            "by_state",
            KeyConditionExpression="state_pk = :of AND state_sk BETWEEN :since AND :until",
            ExpressionAttributeValues=_values(keys.CLOSED, since) | {":until": {"S": str(instant(until))}},
        )

    def unresolved(self) -> list[Outline]:
        """Those that are open, newest first."""
        return self._all(
            "by_state", KeyConditionExpression="state_pk = :of", ExpressionAttributeValues={":of": {"S": keys.OPEN}}
        )

    def of_integration(self, slug: str, since: datetime) -> list[Outline]:
        """Those of one integration that were opened since then, open and past, newest first, at most OF_ONE."""
        return self._all(
            "by_integration",
            most=OF_ONE,
            KeyConditionExpression="integration_pk = :of AND integration_sk >= :since",
            ExpressionAttributeValues=_values(slug, since),
        )

    def _all(self, index: str, most: int = 0, **query: Any) -> list[Outline]:
        asked = {
            "TableName": self.table,
            "IndexName": index,
            "ProjectionExpression": PROJECTION,
            "ExpressionAttributeNames": NAMES,
            "ScanIndexForward": False,
        } | query
        found: list[Outline] = []
        pages = self.client.get_paginator("query").paginate(**asked, **({"Limit": most} if most else {}))
        for page in pages:
            found += [one for item in page["Items"] if (one := _readable(item))]
            if most and len(found) >= most:
                break
        return found


def _values(of: str, since: datetime) -> dict[str, Any]:
    return {":of": {"S": of}, ":since": {"S": str(instant(since))}}


def _readable(item: Item) -> Outline | None:
    """None of what a later version wrote: one odd incident must hide no other."""
    try:
        return outline_from(item)
    except ODD:
        log.warning("an incident cannot be read", exc_info=True, extra={"incident": item.get("number")})
        return None


def outline_from(item: Item) -> Outline:
    """An outline from an incident's item, whole or in part."""
    f = from_item(item)
    by_hand = f.get("milestones", {})

    def told(milestone: Milestone) -> Any:
        return by_hand.get(milestone.value) or f.get(f"{milestone.value}_at")

    return Outline(
        number=f["number"],
        integration=f["integration"],
        integration_name=f["integration_name"],
        failure_class=FailureClass(f["failure_class"]),
        severity=Severity(f["severity"]),
        owner=Person(**f["owner"]),
        started_at=datetime.fromisoformat(told(Milestone.STARTED)),
        detected_at=datetime.fromisoformat(told(Milestone.DETECTED)),
        # An open one has none: a reopening takes it back.
        resolved_at=when(told(Milestone.RESOLVED)),
        signal=Signal(f["signal"]),
        by_hand="by_hand" in f and not f.get("recorded_afterwards", False),
        consent=f["consent"],
        ending=Ending(f["ending"]) if "ending" in f else None,
        fix=f.get("fix", ""),
        failed_fixes=tuple(f.get("failed_fixes", ())),
        drill=f.get("drill", False),
    )
