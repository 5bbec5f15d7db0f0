"""Rows of a source that knows only part of a row, laid over what the registry already holds.

Knows that such a source adds and corrects, and never takes away: least of all a named owner. Refuses to write.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from deadair.adapters.dynamodb.row_write import StoredRow
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.problems import complaints
from deadair.adapters.registry_file.read import ReadRow
from deadair.adapters.registry_file.stored import row_from_json
from deadair.adapters.registry_file.write import as_fields
from deadair.domain.errors import Invalid

GROWING = frozenset({"alarm_patterns", "dependents"})


def merge_rows(reads: Iterable[ReadRow], stored: Mapping[str, StoredRow]) -> list[Row]:
    """The rows to import: what each states, and for the rest what its living row says. Raises Invalid.

    Lists of patterns and dependents grow. A row that needs an owner keeps the owner whom the registry names.
    """
    return [_merged(read, stored.get(read.row.slug)) for read in reads]


def _merged(read: ReadRow, stored: StoredRow | None) -> Row:
    if read.stated is None or stored is None or stored.retired:
        return read.row
    try:
        return _laid_over(as_fields(row_from_json(stored.row)), read.row, read.stated)
    except ValidationError as error:
        first = complaints(error, Row)[0]
        raise Invalid(
            f"`{read.row.slug}` cannot be laid over its row in the registry: {first.message}.",
            field=".".join(map(str, first.at)),
            remedy=first.remedy,
        ) from error


def _laid_over(known: dict[str, Any], row: Row, stated: frozenset[str]) -> Row:
    said = {name: value for name, value in as_fields(row).items() if name in stated}
    for name in GROWING & said.keys():
        said[name] = list(dict.fromkeys([*known.get(name, ()), *said[name]]))
    return Row.model_validate(known | _owned(known, said))


def _owned(known: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """What is said, with one owner at most. The same person keeps the Slack id that only the registry knows."""
    owner, before = said.get("owner"), known.get("owner")
    if owner is None:
        return {name: value for name, value in said.items() if name != "needs_owner" or before is None}
    same = before is not None and before["email"].casefold() == owner["email"].casefold()
    return said | {"needs_owner": None, "owner": (before | owner) if same else owner}
