"""Writing the registry's rows. Reading them in rooms is `registry.py`.

A change is written only over the version that it was planned against, at most 100 items in one transaction. A
larger import is several transactions: rows do not depend on each other, each is whole, and running the same import
again writes what is missing and nothing else. Refuses to know files and what a row may say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import from_item, instant, to_item
from deadair.adapters.dynamodb.transact import LostRace, Write, commit, delete, put, put_new, put_over
from deadair.domain.errors import Stale

# What one TransactWriteItems takes: 100 items, 4 MB; a row's text is counted twice to stay well below.
ITEMS_PER_WRITE = 100
BYTES_PER_WRITE = 2_000_000


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
            ExpressionAttributeValues={":registry": {"S": keys.REGISTRY}},
        )
        # RETIRED# sorts before ROW#, so a slug that came back is read as the living row.
        rows = (_stored(item) for page in pages for item in page["Items"] if "row" in item)
        return {row.slug: row for row in rows}

    def write(self, writes: Sequence[RowWrite], *, now: datetime, by: str) -> int:
        """Write all, and return how many transactions it took.

        Raises Stale when somebody else wrote one of the rows since it was read: its transaction wrote nothing; and
        Unavailable when the table did not take it.
        """
        done = 0
        for batch in _batches(writes):
            actions = [action for write in batch for action in self._actions(write, now, by)]
            try:
                commit(self.client, actions)
            except LostRace as lost:
                raise _stale(batch, done) from lost
            done += 1
        return done

    def _actions(self, write: RowWrite, now: datetime, by: str) -> Iterator[Write]:
        seen = write.seen
        version = seen.version if seen else 0
        fields = to_item(
            {
                "row": write.row,
                "hash": write.hash,
                "version": version + 1,
                "updated_at": instant(now),
                "updated_by": by,
            }
        )
        living, gone = keys.row(write.slug), keys.retired_row(write.slug)
        if write.retire:
            yield put(self.table, gone | fields)
            yield delete(self.table, living, version)
        elif seen is None or seen.retired:
            yield put_new(self.table, living | fields)
            if seen:
                yield delete(self.table, gone, version)
        else:
            yield put_over(self.table, living | fields, version)


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
