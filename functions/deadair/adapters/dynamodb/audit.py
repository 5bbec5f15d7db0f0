"""The audit log in the registry table. Entries are written with the rows that they are about, by `registry_writer`.

Knows the items of entries and of the head, and how to read them forwards, backwards and by integration. Refuses to
judge them: whether they form a chain is the domain's business.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, instant, to_item
from deadair.domain.audit import EMPTY, AuditEntry, Head
from deadair.domain.errors import Invalid

SHOWN = 20
# What twelve digits can count.
MOST = 10**12 - 1


def entry_item(entry: AuditEntry) -> Item:
    """An entry with its keys."""
    return keys.audit_entry(entry.number) | to_item(asdict(entry) | {"at": instant(entry.at)})


def entry_from(item: Item) -> AuditEntry:
    """An entry from its item. Raises KeyError, TypeError or ValueError when it is none."""
    f = from_item(item)
    return AuditEntry(
        number=f["number"],
        at=datetime.fromisoformat(f["at"]),
        by=f["by"],
        action=f["action"],
        slug=f["slug"],
        before=f.get("before"),
        after=f.get("after"),
        previous=f["previous"],
        prev=f["prev"],
        hash=f["hash"],
    )


def head_item(head: Head) -> Item:
    """The head with its keys. As in a row, `audited` is the number of the last entry."""
    return keys.AUDIT_HEAD | to_item({"audited": head.number, "hash": head.hash})


class AuditLog:
    """Reads of the audit log. `client` is a low-level DynamoDB client.

    What was written past Deadair and cannot be read raises Invalid; who wants it as it lies there takes `items`.
    """

    def __init__(self, client: Any, table: str) -> None:
        self.client, self.table = client, table

    def head(self) -> Head:
        """The end of the chain, as of now."""
        item = self._item(keys.AUDIT_HEAD)
        try:
            return Head(int(item["audited"]["N"]), item["hash"]["S"]) if item else EMPTY
        except (KeyError, ValueError):
            raise _unreadable("The head") from None

    def get(self, number: int) -> AuditEntry | None:
        """One entry, None when there is none of that number."""
        item = self._item(keys.audit_entry(number))
        return _read(item) if item else None

    def of(self, slug: str, limit: int = SHOWN) -> list[AuditEntry]:
        """The entries about one integration, newest first. One read for each: keep `limit` small on a page."""
        return list(islice(self.history(slug), limit))

    def history(self, slug: str) -> Iterator[AuditEntry]:
        """All entries about one integration, newest first, each read when it is asked for."""
        number = self._last_about(slug)
        while number and (entry := self.get(number)):
            yield entry
            # Only a log that was tampered with points forward, and then without an end.
            number = entry.previous if entry.previous < number else 0

    def latest(self, *, below: int = MOST + 1) -> Iterator[AuditEntry]:
        """Entries, newest first, each page read when it is asked for."""
        for item in self._query(1, below - 1, ScanIndexForward=False):
            yield _read(item)

    def entries(self, *, after: int = 0) -> Iterator[AuditEntry]:
        """Entries, oldest first, from the one that follows number `after`, as of now."""
        for item in self.items(after=after):
            yield _read(item)

    def items(self, *, after: int = 0) -> Iterator[Item]:
        """The same as they lie in the table, for who does not trust them."""
        yield from self._query(after + 1, MOST, ConsistentRead=True)

    def _last_about(self, slug: str) -> int:
        for key in (keys.row(slug), keys.retired_row(slug)):
            if (item := self._item(key)) and "audited" in item:
                return int(item["audited"]["N"])
        return 0

    def _item(self, key: keys.Key) -> Item | None:
        found: Item | None = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return found

    def _query(self, first: int, last: int, **query: Any) -> Iterator[Item]:
        if last < first:  # DynamoDB refuses such a stretch
            return
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="pk = :audit AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":audit": {"S": keys.AUDIT},
                ":first": keys.audit_entry(first)["sk"],
                ":last": keys.audit_entry(last)["sk"],
            },
            **query,
        )
        for page in pages:
            yield from page["Items"]


def _read(item: Item) -> AuditEntry:
    try:
        return entry_from(item)
    except (KeyError, TypeError, ValueError):
        raise _unreadable(f"The entry `{item['sk']['S']}`") from None


def _unreadable(what: str) -> Invalid:
    return Invalid(
        f"{what} of the audit log cannot be read: it was written past Deadair.",
        remedy="`deadair audit verify` names every such place.",
    )
