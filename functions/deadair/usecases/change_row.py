"""Change one row of the registry: a person's click, held against everything that a file is held against.

Asks who may on the row that it is about to change. Refuses to know doors.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from deadair.adapters.dynamodb.registry import integration_from
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.row_write import RowWrite, StoredRow
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.problems import complaints
from deadair.adapters.registry_file.write import as_json, hash_of
from deadair.domain.errors import Invalid, NotFound, Stale
from deadair.domain.ownership import Integration
from deadair.domain.permission import check_row, signed
from deadair.domain.timeline import Actor

ATTEMPTS = 4


def change_row(
    writer: RegistryWriter,
    slug: str,
    change: Callable[[dict[str, Any]], dict[str, Any]],
    actor: Actor,
    *,
    now: datetime,
) -> StoredRow:
    """The row after `change`, which gets a row's JSON fields and returns them changed, and does nothing else.

    Nothing is written when nothing differs. When somebody else writes the row in between, the change is made to what
    they wrote. Raises NotFound, NotAllowed, Invalid, or Stale when others were faster each time.
    """
    for _ in range(ATTEMPTS - 1):
        with suppress(Stale):
            return _change(writer, slug, change, now, actor)
    return _change(writer, slug, change, now, actor)


def _change(
    writer: RegistryWriter, slug: str, change: Callable[[dict[str, Any]], dict[str, Any]], now: datetime, actor: Actor
) -> StoredRow:
    stored = writer.get(slug)
    if stored is None or stored.retired:
        raise NotFound(f"There is no integration `{slug}` in the registry.", field="integration")
    row = _read(stored)
    check_row(row, actor)
    text = _changed(stored, change(json.loads(stored.row)))
    if text == stored.row:
        return stored
    by = signed(actor.person.email or actor.person.name, [row], actor)
    writer.write([RowWrite(slug, text, hash_of(text), seen=stored)], now=now, by=by)
    return writer.get(slug) or stored


def _read(stored: StoredRow) -> Integration:
    """The row, for the question who may. One that was written past every import and names nobody waits for that."""
    try:
        return integration_from(json.loads(stored.row))
    except (AttributeError, KeyError, TypeError, ValueError) as odd:
        raise Invalid(
            f"The row `{stored.slug}` cannot be read.", field="integration", remedy="Correct it and import it again."
        ) from odd


def _changed(stored: StoredRow, fields: dict[str, Any]) -> str:
    try:
        row = Row.model_validate(fields)
    except ValidationError as error:
        first = complaints(error, Row)[0]
        path = ".".join(map(str, first.at))
        raise Invalid(f"{path or stored.slug}: {first.message}.", field=path, remedy=first.remedy) from error
    if row.slug != stored.slug:
        raise Invalid(
            "A slug does not change.", field="slug", remedy="Add a row with the new slug, retire the old one."
        )
    return as_json(row)
