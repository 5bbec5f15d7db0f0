"""What comes in over HTTP, read without trust: the request, its form or JSON, the slash command.

Knows the shapes of API Gateway (payload 2.0) and of Slack. Refuses to raise on any shape: a field that is missing or
of another type is empty. Plain dataclasses, because importing pydantic takes half of what this room may take.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request: its path, its headers by lower-case name (None when sent twice), its raw bytes."""

    path: str
    headers: Mapping[str, str | None]
    body: bytes

    def header(self, name: str) -> str | None:
        """The one value of a header; None when it is absent or sent twice."""
        return self.headers.get(name)


def request_from(event: Any) -> Request:
    """Read API Gateway's event. A body that is no base64 although it says so becomes empty."""
    told = event if isinstance(event, dict) else {}
    return Request(_text(told.get("rawPath")), _headers(told.get("headers")), _body(told))


def _headers(told: Any) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name, value in told.items() if isinstance(told, dict) else ():
        lower = str(name).lower()
        found[lower] = None if lower in found or not isinstance(value, str) else value
    return found


def _body(told: dict[str, Any]) -> bytes:
    body = told.get("body")
    if not isinstance(body, str):
        return b""
    if told.get("isBase64Encoded") is not True:
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return b""


def form_from(body: bytes) -> dict[str, str]:
    """The first value of each form field; empty when the bytes are no form."""
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def json_from(text: str | bytes) -> dict[str, Any] | None:
    """A JSON object; None for anything else."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """What Slack sends for `/incident …`."""

    team: str
    user: str
    user_name: str
    command: str
    text: str
    response_url: str
    trigger: str


def slash_command(form: Mapping[str, str]) -> SlashCommand:
    """Read a slash command; absent fields are empty."""
    names = ("team_id", "user_id", "user_name", "command", "text", "response_url", "trigger_id")
    return SlashCommand(*(form.get(name, "").strip() for name in names))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
