"""HTTP, as far as the local Slack needs it: one request, one response, one stream of events, over ASGI.

Knows bytes, headers and query strings. Refuses to know any route.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Json = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Json]]
Send = Callable[[Json], Awaitable[None]]

# Slack refuses far smaller bodies; this only keeps a wild client from filling the memory.
MOST_BODY_BYTES = 4 * 1024 * 1024


class BadRequest(Exception):
    """The request cannot be read; the text says why and is shown to the caller."""


@dataclass(frozen=True)
class Request:
    """One HTTP request with its whole body."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Json:
        """Return the body as a JSON object; raise BadRequest when it is not one."""
        try:
            value = json.loads(self.body or b"{}")
        except ValueError as problem:
            raise BadRequest(f"the body is not JSON: {problem}") from problem
        if not isinstance(value, dict):
            raise BadRequest("the body must be a JSON object")
        return value

    def arguments(self, *, from_json: bool = True) -> Json:
        """Return query, form and, *from_json*, JSON fields as one object, as Slack's methods accept them."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            return {**self.query, **(self.json() if from_json else {})}
        form = parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {**self.query, **dict(form)}


@dataclass(frozen=True)
class Response:
    """One HTTP response with its whole body."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EventStream:
    """A response that never ends by itself: server-sent events."""

    lines: AsyncIterator[str]
    headers: dict[str, str] = field(default_factory=dict)


Reply = Response | EventStream


def json_response(value: object, status: int = 200, **headers: str) -> Response:
    """Return *value* as a JSON response; underscores in header names stand for dashes."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, body, headers={name.replace("_", "-"): text for name, text in headers.items()})


async def read_request(scope: Scope, receive: Receive) -> Request:
    """Read the whole request; raise BadRequest when its body is too big."""
    body = b""
    more = True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
        if len(body) > MOST_BODY_BYTES:
            raise BadRequest(f"the body is larger than {MOST_BODY_BYTES} bytes")
    query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True))
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", [])}
    return Request(scope["method"], scope["path"], query, headers, body)


async def send_reply(reply: Reply, send: Send) -> None:
    """Send a response or a stream of events."""
    if isinstance(reply, EventStream):
        await _send_events(reply, send)
        return
    await _send_head(reply.status, reply.content_type, {**reply.headers, "content-length": str(len(reply.body))}, send)
    await send({"type": "http.response.body", "body": reply.body, "more_body": False})


async def _send_events(reply: EventStream, send: Send) -> None:
    await _send_head(200, "text/event-stream; charset=utf-8", {**reply.headers, "cache-control": "no-store"}, send)
    async for line in reply.lines:
        await send({"type": "http.response.body", "body": line.encode(), "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_head(status: int, content_type: str, headers: dict[str, str], send: Send) -> None:
    pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    head = [(b"content-type", content_type.encode("latin-1")), *pairs]
    await send({"type": "http.response.start", "status": status, "headers": head})
