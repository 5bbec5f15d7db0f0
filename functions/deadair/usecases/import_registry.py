"""Bring the registry to what a file says: plan the difference, then write only that.

Knows that the same file twice writes nothing, that rows missing from the file stay unless pruning is asked for, and
that a row from before there was an audit log is written into it once, as it is. Refuses to know how the file was read;
an invalid file never gets here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.row_write import RowWrite, StoredRow, refuse_too_big
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.write import as_json, hash_of
from deadair.domain.audit import Difference, differences

Kind = Literal["added", "changed", "retired", "recorded"]


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
    """Compare the rows with the registry as it is now. Reads only. Raises Invalid for a row that is too big for it."""
    stored = writer.stored()
    wanted = {row.slug: as_json(row) for row in rows}
    planned = [_change(slug, text, stored.get(slug)) for slug, text in sorted(wanted.items())]
    missing = [row for slug, row in sorted(stored.items()) if slug not in wanted and not row.retired]
    retired = [_retirement(row) for row in missing] if prune else []
    changes = (*(change for change in planned if change), *retired)
    refuse_too_big(change.write for change in changes)
    return Plan(
        changes=changes,
        unchanged=tuple(slug for slug, change in zip(sorted(wanted), planned, strict=True) if change is None),
        kept=() if prune else tuple(row.slug for row in missing),
    )


def import_registry(
    writer: RegistryWriter, rows: Iterable[Row], *, now: datetime, by: str, prune: bool = False
) -> Plan:
    """Write what differs, and return it. Raises Invalid, or Stale when somebody else writes at the same moment."""
    plan = plan_import(writer, rows, prune=prune)
    write_plan(writer, plan, now=now, by=by)
    return plan


def write_plan(
    writer: RegistryWriter, plan: Plan, *, now: datetime, by: str, written: Callable[[int], None] | None = None
) -> None:
    """Write a plan; `written` hears how many more changes are written. Raises as `import_registry` does."""
    writer.write([change.write for change in plan.changes], now=now, by=by, written=written)


def _change(slug: str, text: str, stored: StoredRow | None) -> Change | None:
    write = RowWrite(slug, text, hash_of(text), seen=stored)
    if stored is None or stored.retired:
        return Change("added", slug, write)
    if stored.row != text:
        return Change("changed", slug, write, differences(stored.row, text))
    return None if stored.audited and stored.hash == write.hash else Change("recorded", slug, write)


def _retirement(stored: StoredRow) -> Change:
    return Change("retired", stored.slug, RowWrite(stored.slug, stored.row, stored.hash, seen=stored, retire=True))
