"""What changed in a registry row, field by field, as the audit log has it.

Pure. Refuses to know words and storage; a text that is no row is shown as no fields.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deadair.domain.audit import AuditEntry


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its dotted name. None: there was or is no such field."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the audit log. `fields` are those that differ; none for a row that came or went as a whole."""

    number: int
    at: datetime
    by: str
    action: str
    fields: tuple[Field, ...]


def changes(entries: Iterable[AuditEntry]) -> list[Change]:
    """The entries as they came."""
    return [_change(entry) for entry in entries]


def _change(entry: AuditEntry) -> Change:
    whole = not entry.before or not entry.after
    fields = () if whole else _fields(_flat(entry.before), _flat(entry.after))
    return Change(entry.number, entry.at, entry.by, str(entry.action), fields)


def _fields(before: dict[str, Any], after: dict[str, Any]) -> tuple[Field, ...]:
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        Field(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def _flat(text: str | None) -> dict[str, Any]:
    """A row's values by dotted names; lists stay whole."""
    try:
        row = json.loads(text or "{}")
    except ValueError:
        return {}
    return dict(_walk(row, "")) if isinstance(row, dict) else {}


def _walk(fields: dict[str, Any], prefix: str) -> Iterable[tuple[str, Any]]:
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from _walk(value, f"{prefix}{name}.")
        elif value not in (None, "", []):
            yield f"{prefix}{name}", value
