"""The JSON Schema of the registry file, for editors that help to write it.

Knows how to say the model's rules in JSON Schema. Refuses to judge a file: `read` does, and it knows what no schema
can say: that a time zone exists, that a slug is there once, that an integration does not depend on itself.
"""

from typing import Annotated, Any

from pydantic import Field

from deadair.adapters.registry_file.fields import WEEKDAYS
from deadair.adapters.registry_file.hints import HINTS
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.parts import Part

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
RANGES = [f"{first}-{last}" for i, first in enumerate(WEEKDAYS) for last in WEEKDAYS[i:] if first != last]
DAYS_IN_A_WORD = {"type": "string", "enum": ["daily", *WEEKDAYS, *RANGES]}
OWNED = [
    {"required": ["owner"], "properties": {"owner": {"type": "object"}}},
    {"required": ["needs_owner"], "properties": {"needs_owner": {"type": "string", "pattern": "\\S"}}},
]
CARRIES_CONSENT = {"anyOf": [{"const": "consent"}, {"type": "array", "contains": {"const": "consent"}}]}
NEVER_BY_ITSELF = {"properties": {"resolves_itself_after_min": {"enum": [None]}}}
CONSENT_IS_DIFFERENT = {
    "if": {"required": ["data_classes"], "properties": {"data_classes": CARRIES_CONSENT}},
    "then": {"properties": {"severity": {"enum": ["SEV1", "SEV2", None]}, "handling": NEVER_BY_ITSELF}},
}
PROFILE_STANDS_ALONE = {
    "if": {"required": ["profile"], "properties": {"profile": {"type": "array", "minItems": 1}}},
    "then": {"properties": {name: {"enum": [None, []]} for name in ("per_hour", "weekdays", "hours")}},
}


class File(Part):
    """The ownership registry: one row for each integration."""

    integrations: Annotated[list[Row], Field(min_length=1)]


def json_schema() -> Schema:
    """The schema of the file. What is left empty (`runbook:`) may be, as the reader takes it."""
    schema = File.model_json_schema(mode="validation")
    parts = schema["$defs"]
    for name, part in parts.items():
        _tidy(name, part)
    parts["Row"] |= {"oneOf": OWNED, **CONSENT_IS_DIFFERENT}
    parts["Expected"] |= PROFILE_STANDS_ALONE
    for part in (parts["Expected"], parts["Span"]):
        _days_in_a_word(part["properties"]["weekdays"])
    return {"$schema": DIALECT, "title": "Deadair ownership registry", **_without_titles(schema)}


def _tidy(name: str, part: Schema) -> None:
    """Every field says what it is for; an optional one may be empty."""
    required = part.get("required", ())
    for field, value in part.get("properties", {}).items():
        value["description"] = HINTS[name, field]
        if field not in required:
            _may_be_empty(value)
        if value.get("type") == "array" or "anyOf" in value:
            _no_repeats(value)
        value.pop("default", None)


def _may_be_empty(value: Schema) -> None:
    if "anyOf" in value:
        if {"type": "null"} not in value["anyOf"]:
            value["anyOf"].append({"type": "null"})
    elif "$ref" in value or "enum" in value:
        value["anyOf"] = [{"$ref": value.pop("$ref")} if "$ref" in value else {"enum": value.pop("enum")}]
        value["anyOf"].append({"type": "null"})
    else:
        value["type"] = [value["type"], "null"]


def _no_repeats(value: Schema) -> None:
    for kind in (value, *value.get("anyOf", ())):
        if kind.get("type") == "array" and "$ref" not in kind["items"]:
            kind["uniqueItems"] = True


def _days_in_a_word(value: Schema) -> None:
    value["anyOf"] = [DAYS_IN_A_WORD if kind.get("type") == "string" else kind for kind in value["anyOf"]]


def _without_titles(value: Any) -> Any:
    """Pydantic repeats each field's name as a title; its own name is `properties`' business."""
    if isinstance(value, list):
        return [_without_titles(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    return {name: _without_titles(inner) for name, inner in value.items() if name != "title" or isinstance(inner, dict)}
