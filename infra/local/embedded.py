"""The embedded AWS: MiniStack in a process of its own, adjusted, saved every few seconds, stopped without loss.

Started by the supervisor as `python -m infra.local.embedded PORT STATE_DIR SAVE_EVERY_S SUPERVISOR_PID`; its settings
are in the environment (`infra/local/ministack.py` writes both). It ends by itself when its supervisor is gone.

How it saves while it works: the process forks, and the fork, which holds one instant of all services, writes
that instant to disk. Nothing waits for the disk, and no service is saved later than another. While nothing but the
numbers of metrics changes, it saves less often. On AWS there is nothing of the kind to do: every accepted write is
durable.

Beside AWS's own API it has a few doors under `/_deadair/`, for this machine: to save now, to begin to work, to tell
what has changed, and to forget points of metrics.
"""

# ruff: noqa: SLF001 - it takes the place of MiniStack's own start, and saves its services

import asyncio
import json
import logging
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as ministack_app
from ministack.core import persistence

from infra.local import adjust, adjust_metrics, metric_changes, saves
from infra.local.requests import Weight, weight

_LOG = logging.getLogger("deadair.embedded")
_DOORS = "/_deadair/"
_STREAMS, _CLOUDWATCH = "deadair_streams", "cloudwatch"
_DRAIN_S = 8.0
_SAVE_S = 20
# Twice in a row: the poller may stand between taking a batch and counting it.
_QUIET_LOOKS = 2
_WATCH_S = 0.25
# Numbers of metrics wait so many times longer for their save than everything else.
_NUMBERS_WAIT = 6
# A fork that the disk stopped ends with this and the number of the error, so that both fit into a byte.
_BY_DISK = 100

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Embedded:
    """One running MiniStack: counts changes, saves, and closes the door before the last save."""

    def __init__(self, folder: Path, save_every_s: float, supervisor: int) -> None:
        self._folder, self._save_every_s, self._supervisor = folder, save_every_s, supervisor
        self._heaviest = Weight.NOTHING
        self._saved_at = time.monotonic()
        self._closing = False
        self._refuses = ""
        self._stop = asyncio.Event()

    async def application(self, scope: Scope, receive: Receive, send: Send) -> None:
        """MiniStack behind a counter and a door."""
        if scope["type"] != "http":
            await ministack_app.app(scope, receive, send)
        elif self._closing:
            await _answer(send, 503, {"message": "The local AWS is stopping."})
        elif scope["path"].startswith(_DOORS):
            await self._open(scope, receive, send)
        else:
            heavy = weight(scope["method"], scope["path"], dict(scope["headers"]))
            if self._refuses and heavy is not Weight.NOTHING:
                # What cannot be saved is not taken: the sender keeps it, and brings it again.
                await _answer(send, 503, {"__type": "ServiceUnavailable", "message": self._refuses})
                return
            self._heaviest = max(self._heaviest, heavy)
            await ministack_app.app(scope, receive, send)

    async def _open(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One of our own doors."""
        match scope["path"].removeprefix(_DOORS):
            case "save":
                await self.save_now()
                await _answer(send, 200, {"saves": str(self._folder)})
            case "work":
                adjust.resume_polling()
                await asyncio.to_thread(adjust.warm_functions)
                await _answer(send, 200, {})
            case "changes":
                known = json.loads(await _body(receive))
                await _answer(send, 200, metric_changes.since(known["run"], known["version"]))
            case "forget":
                wanted = json.loads(await _body(receive))
                dropped = adjust_metrics.forget(wanted["namespace"], wanted["dimensions"], wanted["since"])
                self._heaviest = max(self._heaviest, Weight.NUMBERS)
                await _answer(send, 200, {"forgotten": dropped})
            case "refuses":
                await _answer(send, 200, {"refuses": self._refuses})
            case other:
                await _answer(send, 404, {"message": f"There is no door {other}."})

    async def save_now(self) -> None:
        """Save this instant from a fork, and return when it is on disk."""
        self._heaviest, unsaved = Weight.NOTHING, self._heaviest
        self._saved_at = time.monotonic()
        child = _fork()
        if child == 0:
            _save_and_leave(self._folder)
        _, status = await asyncio.to_thread(os.waitpid, child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code != 0:
            self._heaviest = max(self._heaviest, unsaved, Weight.NUMBERS)
            _LOG.error("a save failed; the one before it stays valid")
        # Only the disk closes the door: a fork that met a held lock fails too, and the next one does not.
        self._refuses = f"The state cannot be saved: {os.strerror(code - _BY_DISK)}." if code > _BY_DISK else ""

    async def save_regularly(self) -> None:
        """Save every few seconds, when something has changed; less often when only numbers have."""
        while not self._stop.is_set():
            await asyncio.sleep(self._save_every_s)
            if self._is_worth_a_save() and not self._closing:
                await self.save_now()

    def _is_worth_a_save(self) -> bool:
        if self._refuses:
            return True
        waited = time.monotonic() - self._saved_at >= self._save_every_s * _NUMBERS_WAIT
        return self._heaviest is Weight.STATE or (self._heaviest is Weight.NUMBERS and waited)

    async def until_stopped(self) -> None:
        """Wait for the end; then let the functions finish, close the door and save for the last time."""
        await self._stop.wait()
        adjust.pause_polling()
        await _until_idle()
        self._closing = True
        saves.make(self._folder, clean=True, write_into=_write_services)
        adjust.end_functions()

    def stop_when_orphaned(self, loop: asyncio.AbstractEventLoop) -> None:
        """Watch the supervisor from a thread of our own; portable, where PR_SET_PDEATHSIG is Linux only."""

        def watch() -> None:
            while os.getppid() == self._supervisor:
                time.sleep(_WATCH_S)
            loop.call_soon_threadsafe(self._stop.set)

        threading.Thread(target=watch, name="supervisor-watch", daemon=True).start()

    def stop(self) -> None:
        """Begin to end. Safe to call twice."""
        self._stop.set()


async def _until_idle() -> None:
    """Wait for the functions, but not for ever; what is cut off then is delivered again after the next start."""
    deadline, quiet = time.monotonic() + _DRAIN_S, 0
    while quiet < _QUIET_LOOKS and time.monotonic() < deadline:
        quiet = 0 if adjust.work_in_flight() else quiet + 1
        await asyncio.sleep(0.02)


def _fork() -> int:
    with warnings.catch_warnings():
        # Python warns of forks in threaded processes because of locks; the fork below takes none.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _save_and_leave(folder: Path) -> None:
    """In the fork: forget the signals of the parent, write, and end without running anybody's clean-up."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # A lock that another thread held when we forked is held here for ever: then the save fails, and the next one comes.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(_SAVE_S)
    code = 1
    try:
        saves.make(folder, clean=False, write_into=_write_services)
        code = 0
    except OSError as error:
        _LOG.exception("the save could not be written")
        code = _BY_DISK + (error.errno or 0)
    except Exception:  # noqa: BLE001 - whatever it is, the fork must not go on as a second MiniStack
        _LOG.exception("the save could not be written")
    finally:
        os._exit(code)


def _write_services(folder: Path) -> None:
    """One JSON file per service, as MiniStack reads them; unlike MiniStack's own, an error is an error."""
    own = {_STREAMS: adjust.streams_state, _CLOUDWATCH: adjust_metrics.state}
    services = ministack_app._build_persistence_save_dict() | own
    for name, get_state in services.items():
        state = get_state()
        if state is None:
            continue
        document = {"__ministack_format__": persistence._state_format_version(name), "payload": state}
        # `dumps` and not `dump`, which encodes in Python and takes six times as long.
        text = json.dumps(document, default=persistence._json_default)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


def _restore_with(load: Callable[[], None], folder: Path) -> None:
    """Read the newest save before the first request, with MiniStack's own reader."""
    newest = saves.current(folder)
    if newest is not None:
        persistence.STATE_DIR = str(newest)
        adjust.restore_streams(persistence.load_state(_STREAMS))
        load()


async def _body(receive: Receive) -> bytes:
    content, more = b"", True
    while more:
        message = await receive()
        content, more = content + message.get("body", b""), message.get("more_body", False)
    return content


async def _answer(send: Send, status: int, body: dict[str, Any]) -> None:
    content = json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _serve(port: int, folder: Path, save_every_s: float, supervisor: int) -> None:
    embedded = Embedded(folder, save_every_s, supervisor)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, embedded.stop)
    embedded.stop_when_orphaned(loop)
    # Both happen here, in one order and with our own files, not inside MiniStack's start and stop.
    ministack_app._load_persisted_state, load = (lambda: None), ministack_app._load_persisted_state
    ministack_app.save_all = lambda _services: None
    _restore_with(load, folder)
    saving = asyncio.create_task(embedded.save_regularly())
    application: Any = embedded.application  # ours is plain ASGI; hypercorn types each message apart
    await serve(application, _config(port), shutdown_trigger=embedded.until_stopped)
    saving.cancel()


def _config(port: int) -> Config:
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75
    # Idle keep-alive connections of clients must not delay the end; the door is closed already.
    config.graceful_timeout = 0.2
    config.loglevel = "WARNING"
    return config


def main(arguments: list[str]) -> None:
    """Run until stopped."""
    port, folder, save_every_s, supervisor = arguments
    adjust.apply()
    asyncio.run(_serve(int(port), Path(folder), float(save_every_s), int(supervisor)))


if __name__ == "__main__":
    main(sys.argv[1:])
