"""What a caller asked, read from any event that an HTTP API may send. Reading never raises.

Knows payload format 2.0 as it is in the wild: fields are missing, headers are null, bodies are base64 or are
not, paths carry the stage. Refuses to know sessions, routes and pages; every value here is the caller's word.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from web.addresses import canonical_path

BODY_LIMIT = 256 * 1024
QUERY_LIMIT = 8 * 1024
FIELD_LIMIT = 100
SUFFIXES = {".json": "json", ".md": "md"}


@dataclass(frozen=True, slots=True)
class Request:
    """`form` is what the caller wants to read: `html`, `json` or `md`. Names of headers are lower case."""

    method: str = "GET"
    path: str = "/"
    form: str = "html"
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    too_big: bool = False

    @property
    def fields(self) -> dict[str, str]:
        r"""The fields of a posted form; an empty mapping for every other kind of body. Line ends are `\n`."""
        if not self.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded"):
            return {}
        pairs = _pairs(self.body.decode("utf-8", "replace"))
        return {name: value.replace("\r\n", "\n") for name, value in pairs.items()}


def read_request(event: Mapping[str, Any]) -> Request:
    """The request in an event; what the event lacks has its empty value."""
    context = _mapping(event.get("requestContext"))
    http = _mapping(context.get("http"))
    headers = _headers(event.get("headers"))
    raw_query = _text(event.get("rawQueryString"))
    body, unreadable = _body(event)
    path, form = _path(_text(event.get("rawPath")) or _text(http.get("path")), _text(context.get("stage")))
    return Request(
        method=(_text(http.get("method")) or "GET").upper()[:16],
        path=path,
        form=form or _wanted(headers.get("accept", "")),
        query=_pairs(raw_query) if len(raw_query) <= QUERY_LIMIT else {},
        headers=headers,
        cookies=_cookies(event.get("cookies"), headers.get("cookie", "")),
        body=body,
        too_big=unreadable or len(body) > BODY_LIMIT or len(raw_query) > QUERY_LIMIT,
    )


def _path(raw: str, stage: str) -> tuple[str, str]:
    prefix = f"/{stage}"
    if stage and stage != "$default" and (raw == prefix or raw.startswith(prefix + "/")):
        raw = raw[len(prefix) :]
    path = "/" + unquote(raw, errors="replace").lstrip("/")
    for suffix, form in SUFFIXES.items():
        if path.endswith(suffix) and not path.startswith("/static/"):
            return canonical_path(path.removesuffix(suffix)), form
    return canonical_path(path), ""


def _wanted(accept: str) -> str:
    """JSON only for a caller that names it and does not also take a page, as browsers do."""
    lowered = accept.lower()
    return "json" if "application/json" in lowered and "text/html" not in lowered else "html"


def _body(event: Mapping[str, Any]) -> tuple[bytes, bool]:
    raw = event.get("body")
    if not isinstance(raw, str):
        return b"", False
    if not event.get("isBase64Encoded"):
        return raw.encode("utf-8", "replace"), False
    try:
        return base64.b64decode(raw, validate=True), False
    except (binascii.Error, ValueError):
        return b"", True


def _cookies(listed: Any, header: str) -> dict[str, str]:
    """Cookies by name. The first of a name wins: browsers send the most specific one first."""
    texts = [c for c in listed if isinstance(c, str)] if isinstance(listed, list) else []
    jar: dict[str, str] = {}
    for part in ";".join([*texts, header]).split(";"):
        name, separator, value = part.strip().partition("=")
        if separator:
            jar.setdefault(name, value)
    return jar


def _pairs(text: str) -> dict[str, str]:
    """Decoded fields by name; the last of a name wins, as the last word does."""
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELD_LIMIT, errors="replace"))
    except ValueError:
        return {}


def _headers(given: Any) -> dict[str, str]:
    return {str(k).lower(): v for k, v in _mapping(given).items() if isinstance(v, str)}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
