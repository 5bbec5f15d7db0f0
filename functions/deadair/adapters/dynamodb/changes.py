"""Changes as items of the incidents table: one partition for each integration, sorted by when they happened.

Knows the two items of a change, its place in time and its claim, and that both are forgotten after 400 days. Refuses
to know which changes matter to an incident.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, instant, to_item
from deadair.adapters.dynamodb.transact import LostRace, Write, commit, put, put_new
from deadair.domain.change import Change, Kind, Teller
from deadair.domain.errors import Unavailable

# A year and a month: a quarterly review looks back at the same season.
KEPT = timedelta(days=400)
READ = 100
TAKEN_BACK = "taken_back"


class ChangeStore:
    """Reads and writes of changes. `client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def add(self, change: Change, now: datetime) -> bool:
        """Keep a change; False when it is there already, whatever time it then gave. Raises Unavailable."""
        try:
            commit(self._client, self.writes(change, now))
        except LostRace as lost:
            if lost.over:
                return False
            # Somebody is busy with it, which may yet fail.
            raise Unavailable("Somebody else is at the same change.") from lost
        return True

    def writes(self, change: Change, now: datetime) -> list[Write]:
        """What keeps a change, for a transaction with something else; refused when it is there already."""
        expires = to_item({"expires_at": int((now + KEPT).timestamp())})
        claim = keys.change_claim(change.integration, change.id) | expires
        item = keys.change(change.integration, _place(change)) | to_item(change_fields(change)) | expires
        return [put_new(self._table, claim), put(self._table, item)]

    def between(self, slug: str, first: datetime, last: datetime) -> list[Change]:
        """The changes of that stretch, newest first, at most a hundred."""
        lower, upper = f"{instant(first)}", f"{instant(last)}#~"
        return list(self._query(slug, lower, upper, READ))

    def latest(self, slug: str, limit: int) -> list[Change]:
        """The last changes, newest first."""
        return list(self._query(slug, "0", ":", limit))

    def _query(self, slug: str, lower: str, upper: str, limit: int) -> Iterator[Change]:
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :lower AND :upper",
            ExpressionAttributeValues={
                ":pk": {"S": keys.change_pk(slug)},
                ":lower": {"S": lower},
                ":upper": {"S": upper},
            },
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=limit,
        )
        # What somebody said by mistake, and took back, stays where it is.
        yield from (change_from(item) for item in found["Items"] if TAKEN_BACK not in item)


def _place(change: Change) -> str:
    return f"{instant(change.at)}#{change.id}"


def change_fields(change: Change) -> dict[str, Any]:
    """Everything of a change, as plain values."""
    return {
        "id": change.id,
        "integration": change.integration,
        "at": instant(change.at),
        "kind": change.kind.value,
        "text": change.text,
        "by": change.by,
        "source": change.source.value,
        "url": change.url,
    }


def change_from(item: Item) -> Change:
    """A change from its item."""
    return change_of(from_item(item))


def change_of(f: Mapping[str, Any]) -> Change:
    """The inverse of `change_fields`; empty texts may be missing."""
    return Change(
        id=f["id"],
        integration=f["integration"],
        at=datetime.fromisoformat(f["at"]),
        kind=Kind(f["kind"]),
        text=f.get("text", ""),
        by=f.get("by", ""),
        source=Teller(f["source"]),
        url=f.get("url", ""),
    )
