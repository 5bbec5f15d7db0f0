"""Bring the registry to what a file says: plan the difference, then write only that.

Knows that the same file twice writes nothing, and that rows missing from the file stay unless pruning is asked for.
Refuses to know how the file was read; an invalid file never gets here.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from deadair.adapters.dynamodb.registry_writer import RegistryWriter, RowWrite, StoredRow
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.write import as_json, hash_of

Kind = Literal["added", "changed", "retired"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changes. None: it was or will be absent."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one row, field by field."""

    kind: Kind
    slug: str
    write: RowWrite
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would write. `unchanged` rows are as the file says, `kept` ones are in the registry only."""

    changes: tuple[Change, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]

    def of(self, kind: Kind) -> tuple[str, ...]:
        """The slugs of one kind of change."""
        return tuple(change.slug for change in self.changes if change.kind == kind)


def plan_import(writer: RegistryWriter, rows: Iterable[Row], *, prune: bool = False) -> Plan:
    """Compare the rows with the registry as it is now. Reads only."""
    stored = writer.stored()
    wanted = {row.slug: as_json(row) for row in rows}
    planned = [_change(slug, text, stored.get(slug)) for slug, text in sorted(wanted.items())]
    missing = [row for slug, row in sorted(stored.items()) if slug not in wanted and not row.retired]
    retired = [_retirement(row) for row in missing] if prune else []
    return Plan(
        changes=(*(change for change in planned if change), *retired),
        unchanged=tuple(slug for slug, change in zip(sorted(wanted), planned, strict=True) if change is None),
        kept=() if prune else tuple(row.slug for row in missing),
    )


def import_registry(
    writer: RegistryWriter, rows: Iterable[Row], *, now: datetime, by: str, prune: bool = False
) -> Plan:
    """Write what differs, and return it. Raises Stale when somebody else writes at the same moment."""
    plan = plan_import(writer, rows, prune=prune)
    writer.write([change.write for change in plan.changes], now=now, by=by)
    return plan


def _change(slug: str, text: str, stored: StoredRow | None) -> Change | None:
    hashed = hash_of(text)
    living = stored if stored and not stored.retired else None
    if living and living.hash == hashed:
        return None
    write = RowWrite(slug, text, hashed, seen=stored)
    if living is None:
        return Change("added", slug, write)
    return Change("changed", slug, write, tuple(_differences(json.loads(living.row), json.loads(text))))


def _retirement(stored: StoredRow) -> Change:
    return Change("retired", stored.slug, RowWrite(stored.slug, stored.row, stored.hash, seen=stored, retire=True))


def _differences(before: dict[str, Any], after: dict[str, Any], path: str = "") -> Iterable[Difference]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _differences(old, new, f"{path}{name}.")
        elif old != new:
            yield Difference(f"{path}{name}", old, new)
