"""Run the local Slack: alone, or in a thread of the local stack.

Knows the socket, the thread and the order of starting and stopping. Refuses to know routes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypercorn.asyncio import serve as serve_asgi
from hypercorn.config import Config

from infra.local.slack.absence import Absence
from infra.local.slack.app import App
from infra.local.slack.app_link import AppLink
from infra.local.slack.desk import Desk
from infra.local.slack.doors import Doors, parts_of
from infra.local.slack.events import RETRY_AFTER_S
from infra.local.slack.failures import Failures
from infra.local.slack.oidc.provider import Client, Provider
from infra.local.slack.people import person_from
from infra.local.slack.scopes import Grant
from infra.local.slack.sights import Sights
from infra.local.slack.store import Store
from infra.local.slack.views import Views
from infra.local.slack.web_api.api import Api
from infra.local.slack.web_api.door import MethodDoor
from infra.local.slack.workspace import Clock, Workspace

STOP_SECONDS = 5.0
MOST_TRIES = 50
# Whoever starts a local Slack without a client of their own still has a provider, for an app that knows these words.
CLIENT_ID, CLIENT_SECRET = "1000000000000.2000000000000", "a-client-secret"
CALLBACK = "/auth/callback"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Setup:
    """What a local Slack is made of. *url* is how rooms and browsers reach it; *web_url* is where the app answers.

    *redirect_uri* is the only address to which a sign-in leads; by default the callback below *web_url*.
    """

    state_dir: Path
    signing_secret: str
    bot_token: str
    web_url: str
    url: str
    people: tuple[Mapping[str, Any], ...] = ()
    clock: Clock = _now
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    redirect_uri: str = ""
    retry_after_s: tuple[float, ...] = RETRY_AFTER_S

    @property
    def client(self) -> Client:
        """The app, as the provider knows it."""
        return Client(self.client_id, self.client_secret, self.redirect_uri or self.web_url.rstrip("/") + CALLBACK)


def build(setup: Setup) -> tuple[App, AppLink, Store]:
    """Wire one local Slack; must run in the thread whose event loop serves it."""
    store = Store(setup.state_dir / "slack.sqlite")
    store.follow(setup.web_url.rstrip("/"))
    workspace = Workspace(store, setup.clock)
    for row in setup.people:
        workspace.add_person(person_from(row))
    views, failures, grant = Views(workspace), Failures(), Grant()
    link = AppLink(setup.web_url, setup.signing_secret, setup.clock, failures)
    desk = Desk(workspace, views, link, grant, setup.url)
    provider = Provider(workspace, setup.client, setup.url, setup.state_dir, failures)
    methods = MethodDoor(Api(workspace, views, setup.url, grant), provider, failures, setup.bot_token)
    doors = Doors(parts_of(desk, setup.retry_after_s), failures, provider.keys, Sights(desk, failures, methods.calls))
    hosts = frozenset({"localhost", "127.0.0.1", "::1"})
    return App(methods, doors, failures, provider, hosts), link, store


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raise OSError when the port is taken. Port 0 means any free one."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
        listening.settimeout(0.0)
    except OSError:
        listening.close()
        raise
    return listening


async def serve(listening: socket.socket, setup: Setup, stop: asyncio.Event) -> None:
    """Serve on *listening* until *stop* is set; a thrown switch `gone` leaves the port for a while."""
    app, link, store = build(setup)
    gone = Absence(app)
    address = listening.getsockname()[:2]
    try:
        while not stop.is_set():
            await serve_asgi(app, _config(listening), shutdown_trigger=lambda: gone.or_told(stop))  # type: ignore[arg-type]
            if not stop.is_set():
                await gone.over(stop)
                listening = await _listen_again(*address)
    finally:
        link.close()
        store.close()


async def _listen_again(host: str, port: int) -> socket.socket:
    """Take the port back; whoever borrowed it meanwhile (a client on its way out) gives it back soon."""
    for _ in range(MOST_TRIES):
        with contextlib.suppress(OSError):
            return listen(host, port)
        await asyncio.sleep(0.1)
    return listen(host, port)


def _config(listening: socket.socket) -> Config:
    config = Config()
    config.bind = [f"fd://{listening.detach()}"]
    config.graceful_timeout = 0.3
    config.shutdown_timeout = 1.0
    quiet = logging.getLogger("deadair.local.slack.server")
    quiet.setLevel(logging.WARNING)  # "running on http://…" is the supervisor's to say
    config.errorlog = quiet
    return config


class Handle:
    """A local Slack that runs in a thread of this process."""

    def __init__(
        self, thread: threading.Thread, loop: asyncio.AbstractEventLoop, stop: asyncio.Event, url: str
    ) -> None:
        self._thread = thread
        self._loop = loop
        self._stop = stop
        self.url = url

    def alive(self) -> bool:
        """Return whether it still serves."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Stop serving and wait until everything is closed; a second call does nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(STOP_SECONDS)


def start(
    host: str,
    port: int,
    *,
    state_dir: Path,
    signing_secret: str,
    bot_token: str,
    web_url: str,
    people: Iterable[Mapping[str, Any]] = (),
    public_host: str = "localhost",
    clock: Clock = _now,
    client_id: str = CLIENT_ID,
    client_secret: str = CLIENT_SECRET,
    redirect_uri: str = "",
    retry_after_s: tuple[float, ...] = RETRY_AFTER_S,
) -> Handle:
    """Start a local Slack in a thread and return its handle; raise OSError (port taken) or UnfitPerson at once.

    It listens when this returns. *people* are rows with `id` (or `slack_id`), `name`, `email` and perhaps `tz`.
    """
    rows = tuple(people)
    for row in rows:
        person_from(row)
    listening = listen(host, port)
    url = f"http://{public_host}:{listening.getsockname()[1]}"
    setup = Setup(
        state_dir=Path(state_dir),
        signing_secret=signing_secret,
        bot_token=bot_token,
        web_url=web_url,
        url=url,
        people=rows,
        clock=clock,
        client_id=client_id,
        client_secret=client_secret,
        redirect_uri=redirect_uri,
        retry_after_s=retry_after_s,
    )
    loop, stop = asyncio.new_event_loop(), asyncio.Event()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve(listening, setup, stop))

    thread = threading.Thread(target=run, name="local-slack", daemon=True)
    thread.start()
    return Handle(thread, loop, stop, url)
