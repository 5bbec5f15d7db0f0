"""From validated rows to text: YAML for people, canonical JSON for the table.

Knows that what was left out stays out, so that a new field of the model changes no stored row. Refuses to know
where the text goes.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from deadair.adapters.registry_file.model import Row

HEADER = """\
# The ownership registry. Change it and run: deadair registry import FILE
# An editor helps with the schema: deadair registry schema > registry.schema.json
"""
# Readers of YAML 1.2, editors among them, take these for numbers; PyYAML, which is of 1.1, would not quote them all.
NUMBER = re.compile(r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
ALWAYS = frozenset({"slug", "name", "owner", "severity"})


def as_fields(row: Row) -> dict[str, Any]:
    """A row as plain JSON values, without what was left out; severity is always said."""
    dumped: dict[str, Any] = row.model_dump(mode="json", exclude_none=True)
    return {name: kept for name, value in dumped.items() if (kept := _said(value)) or name in ALWAYS or kept is False}


def _said(value: Any) -> Any:
    """A value without its empty parts. False and 0 are said."""
    if isinstance(value, dict):
        return {name: kept for name, inner in value.items() if (kept := _said(inner)) not in ("", [], {})}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return [_said(inner) for inner in value] if isinstance(value, list) else value


def as_json(row: Row) -> str:
    """The row as the table keeps it: JSON with sorted names, the same text for the same row."""
    return json.dumps(as_fields(row), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def as_json_file(rows: Iterable[Row]) -> str:
    """Rows by slug, as JSON, which YAML readers read too."""
    listed = [as_fields(row) for row in sorted(rows, key=lambda row: row.slug)]
    return json.dumps({"integrations": listed}, ensure_ascii=False, indent=2) + "\n"


def hash_of(row_json: str) -> str:
    """Tells whether two rows differ. 128 bits, hexadecimal."""
    return hashlib.blake2b(row_json.encode("utf-8"), digest_size=16).hexdigest()


def as_yaml(rows: Iterable[Row]) -> str:
    """Rows by slug, as a file that `read_rows` reads back to the same rows, and any YAML reader to the same values."""
    import yaml  # only operators' machines have it; the rest of this module is used without

    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        """Paragraphs as blocks, spans and limits on one line."""

    Dumper.add_representer(str, _represent_text)
    Dumper.add_representer(_OneLine, _represent_on_one_line)
    listed = [_in_order(row) for row in sorted(rows, key=lambda row: row.slug)]
    text: str = yaml.dump(
        {"integrations": listed},
        Dumper=Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=110,
        default_flow_style=False,
    )
    return HEADER + text.replace("\n- slug:", "\n\n- slug:")


def _represent_text(dumper: Any, text: str) -> Any:
    style = "|" if "\n" in text else "'" if NUMBER.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


class _OneLine(dict[str, Any]):
    """An item of a list that is read best on one line."""


def _represent_on_one_line(dumper: Any, fields: _OneLine) -> Any:
    return dumper.represent_mapping("tag:yaml.org,2002:map", fields, flow_style=True)


def _in_order(row: Row) -> dict[str, Any]:
    """The fields of a row in the model's order, dates as dates."""
    fields = as_fields(row)
    return {name: _dated(name, fields[name]) for name in type(row).model_fields if name in fields}


def _dated(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {inner: _dated(inner, deeper) for inner, deeper in value.items()}
    if isinstance(value, list):
        return [_OneLine(inner) if isinstance(inner, dict) else inner for inner in value]
    return date.fromisoformat(value) if name.endswith("_on") else value
