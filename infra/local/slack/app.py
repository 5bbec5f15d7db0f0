"""The front door: which path goes where, who may come in, and what every page answer carries.

Knows routes and headers. Refuses to know what a method, a command or a page means.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from importlib import resources
from urllib.parse import urlsplit

from infra.local.slack.doors import Doors
from infra.local.slack.failures import Failures
from infra.local.slack.oidc import provider as oidc
from infra.local.slack.oidc.provider import Provider
from infra.local.slack.refusals import Refusal
from infra.local.slack.web_api.door import MethodDoor
from infra.local.slack.wire import (
    BadRequest,
    Receive,
    Reply,
    Request,
    Response,
    Scope,
    Send,
    json_response,
    read_request,
    send_reply,
)

Act = Callable[[Request], Awaitable[Reply]]

KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


@dataclass
class App:
    """The ASGI application. *hosts* are the names by which a browser may call it."""

    methods: MethodDoor
    doors: Doors
    failures: Failures
    provider: Provider
    hosts: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        try:
            request = await read_request(scope, receive)
            reply = await self._route(request)
        except BadRequest as problem:
            reply = json_response({"ok": False, "error": "bad_request", "detail": str(problem)}, 400)
        await send_reply(reply, send)

    async def _route(self, request: Request) -> Reply:
        for_apps = (
            ("/api/", self.methods.answer),
            ("/hooks/", self._hook),
            (oidc.CONFIGURATION, self.provider.answer),
            (oidc.KEYS, self.provider.answer),
        )
        for_people = (("/_local/", self._door), (oidc.AUTHORIZE, self.provider.answer), ("/", _page))
        if act := _first(for_apps, request.path):
            return await act(request)
        if not self._is_at_home(request):
            return Response(403, b"This page answers only under its own address.", "text/plain; charset=utf-8")
        act = _first(for_people, request.path)
        return await act(request) if act else _nothing()

    async def _hook(self, request: Request) -> Response:
        if failure := await self.failures.strike("response_url", self.methods.api.workspace.clock()):
            return failure
        try:
            reply = json.loads(request.body)
            self.doors.parts.commands.answer_hook(request.path.removeprefix("/hooks/"), reply)
        except ValueError:
            return Response(400, b"invalid_payload", "text/plain; charset=utf-8")
        except Refusal as refusal:
            return json_response(refusal.answer(), 404 if refusal.error.endswith("_url") else 400)
        return Response(200, b"ok", "text/plain; charset=utf-8")

    async def _door(self, request: Request) -> Reply:
        try:
            return await self.doors.answer(request)
        except Refusal as refusal:
            return json_response(refusal.answer(), 409)

    def _is_at_home(self, request: Request) -> bool:
        """Keep other web pages out: a foreign Host means DNS rebinding, a foreign Origin a forged request."""
        if urlsplit("//" + request.headers.get("host", "")).hostname not in self.hosts:
            return False
        origin = request.headers.get("origin")
        return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _first(acts: Iterable[tuple[str, Act]], path: str) -> Act | None:
    return next((act for start, act in acts if path.startswith(start)), None)


def _nothing() -> Response:
    return Response(404, b"There is nothing here.", "text/plain; charset=utf-8", PAGE_HEADERS)


async def _page(request: Request) -> Response:
    """Serve the page and its files; an address of one message (`/archives/…`) is the page, too."""
    if request.method not in ("GET", "HEAD"):
        return Response(405, b"", headers={"Allow": "GET"})
    name = request.path.removeprefix("/static/") if request.path.startswith("/static/") else ""
    if request.path == "/" or request.path.startswith("/archives/"):
        name = "index.html"
    file = resources.files("infra.local.slack") / "static" / name
    if not name or "/" in name or name.startswith(".") or not file.is_file():
        return _nothing()
    kind = KINDS.get(name.rpartition(".")[2], "application/octet-stream")
    return Response(200, file.read_bytes(), kind, PAGE_HEADERS)


async def _live(receive: Receive, send: Send) -> None:
    """Answer the server's start and stop."""
    while True:
        event = await receive()
        await send({"type": event["type"] + ".complete"})
        if event["type"] == "lifespan.shutdown":
            return
