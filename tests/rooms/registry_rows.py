"""An empty registry table to change, what tests do to it past the log, and somebody who writes in between."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.audit import entry_item, head_item
from deadair.adapters.dynamodb.items import instant, to_item
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.write import as_json, hash_of
from deadair.domain.audit import AuditEntry, Head, sealed
from deadair.domain.ownership import Person
from deadair.domain.timeline import Actor, Source
from deadair.usecases.import_registry import import_registry
from infra.target import Target
from tests.stack import a_table_like

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BY = "cli:ana"
SLUGS = ("one-two", "three-four", "five-six")


def an_empty_registry(stack: Target) -> RegistryWriter:
    return RegistryWriter(stack.client("dynamodb"), a_table_like(stack, "RegistryTable"))


def a_row(slug: str = "one-two", **fields: Any) -> Row:
    owner = {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"}
    return Row.model_validate({"slug": slug, "name": slug.title(), "owner": owner, **fields})


def imported(writer: RegistryWriter, *rows: Row, by: str = BY, prune: bool = False, minutes: int = 0) -> None:
    import_registry(writer, rows, now=NOW + timedelta(minutes=minutes), by=by, prune=prune)


def an_operator(name: str = BY) -> Actor:
    """Whoever holds the account's keys."""
    return Actor(Person(name), Source.CLI)


def with_client(writer: RegistryWriter, client: Any) -> RegistryWriter:
    return RegistryWriter(client, writer.table, sleep=lambda _: None)


class Meanwhile:
    """A client before whose k-th reading of an item somebody else does something."""

    def __init__(self, client: Any, k: int, act: Callable[[], None]) -> None:
        self.client, self.left, self.act = client, k, act

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def get_item(self, **request: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            self.act()
        return self.client.get_item(**request)


def item_at(writer: RegistryWriter, key: keys.Key) -> dict[str, Any]:
    item: dict[str, Any] = writer.client.get_item(TableName=writer.table, Key=key)["Item"]
    return item


def put(writer: RegistryWriter, item: dict[str, Any]) -> None:
    writer.client.put_item(TableName=writer.table, Item=item)


def take(writer: RegistryWriter, key: keys.Key) -> None:
    writer.client.delete_item(TableName=writer.table, Key=key)


def old_fashioned(writer: RegistryWriter, row: Row, at: datetime) -> None:
    """A row as it was written before there was a log."""
    text = as_json(row)
    fields = {"row": text, "hash": hash_of(text), "version": 1, "updated_by": BY, "updated_at": instant(at)}
    put(writer, keys.row(row.slug) | to_item(fields))


def end_of(writer: RegistryWriter, number: int) -> Head:
    entry = writer.log.get(number)
    assert entry
    return Head(entry.number, entry.hash)


def rewrite(writer: RegistryWriter, number: int, entry: AuditEntry) -> None:
    """The log from that entry on, with every hash and the head: what somebody can do who may write the whole table."""
    later: AuditEntry | None = entry
    prev = entry.prev
    while later:
        forged = sealed(replace(later, prev=prev))
        put(writer, entry_item(forged))
        number, prev = number + 1, forged.hash
        later = writer.log.get(number)
    put(writer, head_item(Head(number - 1, prev)))
