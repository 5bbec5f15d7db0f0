"""Writing the registry's rows. Reading them in rooms is `registry.py`.

A change is written only over the version that it was planned against, at most 100 items in one transaction. A
larger import is several transactions: rows do not depend on each other, each is whole, and running the same import
again writes what is missing and nothing else. Refuses to know files and what a row may say.

    REG   ROW#<slug>       row (JSON text), hash, version, updated_at, updated_by
    REG   RETIRED#<slug>   the last row of an integration that left the registry; its version goes on if it returns
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb.items import from_item, instant, to_item
from deadair.adapters.dynamodb.keys import Key, key
from deadair.domain.errors import Stale

PARTITION = "REG"
# What one TransactWriteItems takes: 100 items, 4 MB; a row's text is counted twice to stay well below.
ITEMS_PER_WRITE = 100
BYTES_PER_WRITE = 2_000_000
IS_NEW = "attribute_not_exists(pk)"
IS_AS_SEEN = "version = :seen"


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as the table has it. `retired` rows are kept for the record only."""

    slug: str
    row: str
    hash: str
    version: int
    updated_at: str = ""
    updated_by: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True)
class RowWrite:
    """One row to write over `seen` (None: the slug is new). `retire` takes it out of the registry."""

    slug: str
    row: str
    hash: str
    seen: StoredRow | None = None
    retire: bool = False

    @property
    def items(self) -> int:
        """How many items of a transaction it takes."""
        return 2 if self.retire or (self.seen is not None and self.seen.retired) else 1


class RegistryWriter:
    """The registry table for those who change it."""

    def __init__(self, client: Any, table: str) -> None:
        self.client, self.table = client, table

    def stored(self) -> dict[str, StoredRow]:
        """Every row by slug, the retired ones too, as of now."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :registry",
            ExpressionAttributeValues={":registry": {"S": PARTITION}},
        )
        # RETIRED# sorts before ROW#, so a slug that came back is read as the living row.
        rows = (_stored(item) for page in pages for item in page["Items"] if "row" in item)
        return {row.slug: row for row in rows}

    def write(self, writes: Sequence[RowWrite], *, now: datetime, by: str) -> int:
        """Write all, and return how many transactions it took.

        Raises Stale when somebody else wrote one of the rows since it was read; its transaction wrote nothing.
        """
        done = 0
        for batch in _batches(writes):
            actions = [action for write in batch for action in self._actions(write, now, by)]
            try:
                self.client.transact_write_items(TransactItems=actions)
            except self.client.exceptions.TransactionCanceledException as cancelled:
                raise _stale(batch, done) from cancelled
            done += 1
        return done

    def _actions(self, write: RowWrite, now: datetime, by: str) -> Iterator[dict[str, Any]]:
        version = (write.seen.version if write.seen else 0) + 1
        fields = {
            "row": write.row,
            "hash": write.hash,
            "version": version,
            "updated_at": instant(now),
            "updated_by": by,
        }
        returns = write.seen is not None and write.seen.retired
        living = None if returns else write.seen
        if write.retire:
            yield {"Put": {"TableName": self.table, "Item": retired(write.slug) | to_item(fields)}}
            yield self._delete(row(write.slug), write.seen)
            return
        yield {"Put": {"TableName": self.table, "Item": row(write.slug) | to_item(fields), **_condition(living)}}
        if returns:
            yield self._delete(retired(write.slug), write.seen)

    def _delete(self, which: Key, seen: StoredRow | None) -> dict[str, Any]:
        return {"Delete": {"TableName": self.table, "Key": which, **_condition(seen)}}


def row(slug: str) -> Key:
    """The key of a living row."""
    return key(PARTITION, f"ROW#{slug}")


def retired(slug: str) -> Key:
    """The key of a row that left the registry."""
    return key(PARTITION, f"RETIRED#{slug}")


def _stored(item: dict[str, Any]) -> StoredRow:
    fields = from_item(item)
    kind, _, slug = fields["sk"].partition("#")
    return StoredRow(
        slug=slug,
        row=fields["row"],
        hash=fields["hash"],
        version=fields["version"],
        updated_at=fields.get("updated_at", ""),
        updated_by=fields.get("updated_by", ""),
        retired=kind == "RETIRED",
    )


def _condition(seen: StoredRow | None) -> dict[str, Any]:
    if seen is None:
        return {"ConditionExpression": IS_NEW}
    return {"ConditionExpression": IS_AS_SEEN, "ExpressionAttributeValues": {":seen": {"N": str(seen.version)}}}


def _batches(writes: Sequence[RowWrite]) -> Iterator[list[RowWrite]]:
    batch: list[RowWrite] = []
    items = size = 0
    for write in writes:
        bytes_of = len(write.row.encode("utf-8"))
        if batch and (items + write.items > ITEMS_PER_WRITE or size + bytes_of > BYTES_PER_WRITE):
            yield batch
            batch, items, size = [], 0, 0
        batch.append(write)
        items, size = items + write.items, size + bytes_of
    if batch:
        yield batch


def _stale(batch: list[RowWrite], done: int) -> Stale:
    before = "nothing was written" if done == 0 else f"the {done} transactions before it were written"
    return Stale(
        f"Somebody else changed the registry meanwhile; {before}.",
        field=batch[0].slug if len(batch) == 1 else "",
        remedy="Run the same command again: it writes what is still missing.",
    )
