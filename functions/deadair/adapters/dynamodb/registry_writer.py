"""Writing the registry's rows, each together with its entry in the audit log. Reading them in rooms is `registry.py`.

A change is written only over the version that it was planned against, at most 100 items in one transaction. A
larger import is several transactions: rows do not depend on each other, each is whole, and running the same import
again writes what is missing and nothing else. Everybody writes the log's head, so who meets somebody there only looks
again; who meets somebody at a row is told. Refuses to know files and what a row may say.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.audit import AuditLog, entry_item, head_item
from deadair.adapters.dynamodb.items import Item, from_item, instant, to_item
from deadair.adapters.dynamodb.row_write import RowWrite, StoredRow, batches, refuse_too_big
from deadair.adapters.dynamodb.transact import Busy, LostRace, Write, commit, delete, put, put_new, put_over
from deadair.domain.audit import AuditEntry, Head, sealed
from deadair.domain.errors import Stale, Unavailable

ATTEMPTS = 12
PAUSE_S, PAUSE_AT_MOST_S = 0.02, 2.0


class RegistryWriter:
    """The registry table for those who change it. `sleep` waits between two attempts."""

    def __init__(self, client: Any, table: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self.client, self.table, self.sleep = client, table, sleep
        self.log = AuditLog(client, table)

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

    def get(self, slug: str) -> StoredRow | None:
        """One row as of now, a retired one too; None when there never was one."""
        for key in (keys.row(slug), keys.retired_row(slug)):
            item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
            if item and "row" in item:
                return _stored(item)
        return None

    def write(
        self, writes: Sequence[RowWrite], *, now: datetime, by: str, written: Callable[[int], None] | None = None
    ) -> int:
        """Write all, and return how many transactions it took; `written` hears after each how many rows it had.

        Raises Invalid before anything is written when a row is too big; Stale when somebody else wrote one of the rows
        since it was read: its transaction wrote nothing; and Unavailable when the table did not take it.
        """
        refuse_too_big(writes)
        done, head = 0, self.log.head() if writes else Head()
        for batch in batches(writes):
            head = self._write(batch, head, done, now, by)
            done += 1
            if written:
                written(len(batch))
        return done

    def _write(self, batch: list[RowWrite], head: Head, done: int, now: datetime, by: str) -> Head:
        """Rows, entries and the new head in one transaction. Returns the new head."""
        for attempt in range(ATTEMPTS):
            entries = list(_entries(batch, head, now, by))
            rows = [
                (row.slug, action)
                for row, entry in zip(batch, entries, strict=True)
                for action in self._row(row, entry)
            ]
            try:
                commit(self.client, [*(action for _, action in rows), *self._log(entries, head)])
            except LostRace as lost:
                if met := {slug for place, (slug, _) in enumerate(rows) if place in lost.over}:
                    batch = self._over_what_is_there(batch, met, done)
            except Busy:
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                return Head(entries[-1].number, entries[-1].hash)
            # Full jitter: the more races are lost, the wider the writers spread.
            self.sleep(random.uniform(0, min(PAUSE_AT_MOST_S, PAUSE_S * 2**attempt)))  # noqa: S311 - no secret
            head = self.log.head()
        raise Unavailable(
            f"The audit log took no entry after number {head.number} in {ATTEMPTS} attempts. "
            "Either many write at once, or the log was changed: `deadair audit verify` tells."
        )

    def _over_what_is_there(self, batch: list[RowWrite], met: set[str], done: int) -> list[RowWrite]:
        """The writes again, where the rows met still say what was seen: only a key was made. Raises Stale."""
        current = {slug: self.get(slug) for slug in met}
        stale = sorted(
            write.slug for write in batch if write.slug in met and not _says_the_same(write, current[write.slug])
        )
        if stale:
            raise _stale(stale, done)
        return [replace(write, seen=current.get(write.slug, write.seen)) for write in batch]

    def _row(self, write: RowWrite, entry: AuditEntry) -> Iterator[Write]:
        version = write.seen.version if write.seen else 0
        fields = to_item(
            {
                "row": write.row,
                "hash": write.hash,
                "version": version + 1,
                "updated_at": instant(entry.at),
                "updated_by": entry.by,
                "audited": entry.number,
            }
        )
        living, gone = keys.row(write.slug), keys.retired_row(write.slug)
        if write.retire:
            yield put(self.table, gone | fields)
            yield delete(self.table, living, version)
        elif write.seen is None or write.seen.retired:
            yield put_new(self.table, living | fields)
            if write.seen:
                yield delete(self.table, gone, version)
        else:
            yield put_over(self.table, living | fields, version)

    def _log(self, entries: list[AuditEntry], head: Head) -> Iterator[Write]:
        for entry in entries:
            yield put_new(self.table, entry_item(entry))
        item = head_item(Head(entries[-1].number, entries[-1].hash))
        yield put_over(self.table, item, head.number, counter="audited") if head.number else put_new(self.table, item)


def _entries(batch: list[RowWrite], head: Head, now: datetime, by: str) -> Iterator[AuditEntry]:
    """The chain's next entries, one for each row."""
    # Milliseconds, because the table keeps no more and the hash must be of what it keeps.
    at = now.astimezone(UTC).replace(microsecond=now.microsecond // 1000 * 1000)
    number, prev = head.number, head.hash
    for write in batch:
        number += 1
        entry = sealed(
            AuditEntry(
                number=number,
                at=at,
                by=by,
                action=write.said,
                slug=write.slug,
                before=write.before,
                after=write.after,
                previous=write.seen.audited if write.seen else 0,
                prev=prev,
            )
        )
        prev = entry.hash
        yield entry


def _says_the_same(write: RowWrite, now: StoredRow | None) -> bool:
    """Whether a row write may go over what is there now. What is no change of the row counts on the exact version."""
    seen = write.seen
    return bool(seen and now and not write.action and (seen.row, seen.retired) == (now.row, now.retired))


def _stored(item: Item) -> StoredRow:
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
        audited=fields.get("audited", 0),
    )


def _stale(met: list[str], done: int) -> Stale:
    before = "nothing was written" if done == 0 else f"the {done} transactions before it were written"
    return Stale(
        f"Somebody else changed the registry meanwhile; {before}.",
        field=met[0] if len(met) == 1 else "",
        remedy="Run the same command again: it writes what is still missing.",
    )
