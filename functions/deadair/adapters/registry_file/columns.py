"""A row of the registry as the columns of a spreadsheet: dotted names, one cell for each field.

Knows the model's shape. Refuses to know files and places.
"""

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from deadair.adapters.registry_file.cells import (
    FORMS,
    days_text,
    days_value,
    joined,
    parted,
    scalar_text,
)
from deadair.adapters.registry_file.model import Row

WEEKDAYS = "expected.weekdays"


@cache
def columns() -> dict[str, bool]:
    """Every column in the model's order, and whether it holds a list."""
    return dict(_columns(Row, ""))


def _columns(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, bool]]:
    for name, field in model.model_fields.items():
        if (part := _part(field.annotation)) is not None:
            yield from _columns(part, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", get_origin(field.annotation) is list


def _part(annotation: Any) -> type[BaseModel] | None:
    """The group of fields that an optional field holds."""
    kinds = get_args(annotation) if isinstance(annotation, UnionType) else ()
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def cell(fields: dict[str, Any], column: str) -> str:
    """What one cell of a row says; empty for what was left out."""
    value: Any = fields
    for name in column.split("."):
        value = value.get(name)
        if value is None:
            return ""
    if column == WEEKDAYS:
        return days_text(value)
    if columns()[column]:
        write = FORMS[column][0] if column in FORMS else scalar_text
        return joined(write(item) for item in value)
    return scalar_text(value)


def value_of(column: str, text: str) -> Any:
    """What a cell that is not empty means, for the model to judge."""
    if column == WEEKDAYS:
        return days_value(text)
    if not columns()[column]:
        return text
    read = FORMS[column][1] if column in FORMS else str
    return [read(item) for item in parted(text)]
