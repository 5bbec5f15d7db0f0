"""Rows as the registry table has them, changes of them, and how many of those one transaction takes.

Knows DynamoDB's limits on items and transactions. Refuses to write.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deadair.domain.audit import Action
from deadair.domain.errors import Invalid
from deadair.domain.portions import portions

# What one TransactWriteItems takes: 100 items, one of them the log's head; and 4 MB. The local AWS counts them in
# ASCII, where a letter of two bytes takes six.
ITEMS_PER_WRITE = 99
BYTES_PER_WRITE = 1_200_000
# An item takes 409,600 bytes, and an entry of the audit log holds a row twice, before and after.
ROW_BYTES = 190_000
ENTRY_BYTES = 400_000


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as the table has it. `retired` rows are kept for the record only.

    `audited` is the number of its last entry in the audit log, 0 when it is from before there was a log.
    """

    slug: str
    row: str
    hash: str
    version: int
    updated_at: str = ""
    updated_by: str = ""
    retired: bool = False
    audited: int = 0


@dataclass(frozen=True, slots=True)
class RowWrite:
    """One row to write over `seen` (None: the slug is new). `retire` takes it out of the registry.

    `action` is for what happens to an integration and not to its row: the log tells of it, the row says the same.
    """

    slug: str
    row: str
    hash: str
    seen: StoredRow | None = None
    retire: bool = False
    action: str = ""

    @property
    def said(self) -> str:
        """What the log calls it."""
        if self.action or self.retire:
            return self.action or Action.RETIRED.value
        if self.seen is None or self.seen.retired:
            return Action.ADDED.value
        return (Action.RECORDED if self.seen.row == self.row else Action.CHANGED).value

    @property
    def before(self) -> str | None:
        """What the row said; None when there was none."""
        return self.seen.row if self.seen and not self.seen.retired else None

    @property
    def after(self) -> str | None:
        """What the row says now; None when it left."""
        return None if self.retire else self.row

    @property
    def items(self) -> int:
        """How many items of a transaction it takes: the row, one that it leaves or comes from, the log's entry."""
        return 3 if self.retire or (self.seen is not None and self.seen.retired) else 2

    @property
    def bytes(self) -> int:
        """What its texts take, in the row and in the log's entry."""
        return _bytes(self.row) + self.logged_bytes

    @property
    def logged_bytes(self) -> int:
        """What its texts take in the log's entry."""
        return _bytes(self.before or "") + _bytes(self.after or "")


def batches(writes: Iterable[RowWrite]) -> Iterator[list[RowWrite]]:
    """The writes in their order, as many together as one transaction takes."""
    return portions(writes, (ITEMS_PER_WRITE, BYTES_PER_WRITE), lambda write: (write.items, write.bytes))


def refuse_too_big(writes: Iterable[RowWrite]) -> None:
    """Raise Invalid for the first row that the table could not hold, or its log could not."""
    for write in writes:
        if not write.retire and (_bytes(write.row) > ROW_BYTES or write.logged_bytes > ENTRY_BYTES):
            raise _too_big(write)


def _too_big(write: RowWrite) -> Invalid:
    fields = {name: _bytes(json.dumps(value, ensure_ascii=False)) for name, value in json.loads(write.row).items()}
    largest = max(fields, key=lambda name: fields[name])
    return Invalid(
        f"The row of `{write.slug}` has {_bytes(write.row)} bytes; the registry keeps {ROW_BYTES} of a row. "
        "Nothing was written.",
        field=largest,
        remedy=f"Shorten `{largest}`, which takes {fields[largest]} bytes of it.",
    )


def _bytes(text: str) -> int:
    return len(text.encode("utf-8"))
