"""The way from the local Slack to the app behind it: signed requests, three seconds of patience.

Knows how Slack encodes what it sends, when it gives up, and what a thrown switch does on the way. Refuses to know what
an answer means.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from infra.local.slack.failures import Failures
from infra.local.slack.installed import COMMANDS_PATH, EVENTS_PATH, INTERACTIONS_PATH, OPTIONS_PATH
from infra.local.slack.signing import signed_headers
from infra.local.slack.wire import Json
from infra.local.slack.workspace import Clock

PATIENCE_SECONDS = 3.0
MOST_ANSWER_BYTES = 1024 * 1024
_SUCCESS = 2  # the first digit of 200–299
STALE = timedelta(minutes=10)
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What the app said, or *error* in Slack's word when it said nothing useful, and *reason* in that of a retry."""

    status: int = 0
    body: bytes = b""
    content_type: str = ""
    error: str | None = None
    reason: str = ""
    no_retry: bool = False


_TOO_LATE = Answer(error="operation_timeout", reason="http_timeout")
_NOBODY_THERE = Answer(error="dispatch_failed", reason="connection_failed")


@dataclass(frozen=True)
class _Letter:
    """One request on its way."""

    kind: str
    path: str
    body: bytes
    content_type: str
    person: str = ""
    retry: tuple[int, str] | None = None


class AppLink:
    """The app's address and the secret that signs."""

    def __init__(self, web_url: str, signing_secret: str, clock: Clock, failures: Failures) -> None:
        self.web_url = web_url.rstrip("/")
        self._secret = signing_secret
        self._clock = clock
        self._failures = failures
        self._threads = ThreadPoolExecutor(max_workers=32, thread_name_prefix="slack-to-app")
        self.sent: deque[Json] = deque(maxlen=200)

    def close(self) -> None:
        """Stop sending."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def command(self, fields: dict[str, str]) -> Answer:
        """Send a slash command."""
        body = urlencode(fields).encode()
        return await self._send(_Letter("command", COMMANDS_PATH, body, FORM, fields["user_id"]))

    async def interaction(self, payload: Json) -> Answer:
        """Send a click, a shortcut or the submission of a modal."""
        return await self._send(_about_a_person(payload, INTERACTIONS_PATH))

    async def options(self, payload: Json) -> Answer:
        """Ask what a menu offers."""
        return await self._send(_about_a_person(payload, OPTIONS_PATH))

    async def event(self, envelope: Json, retry: tuple[int, str] | None = None) -> Answer:
        """Send an event of the Events API; *retry* is its number and why the try before failed."""
        body = json.dumps(envelope, ensure_ascii=False).encode()
        person = str(envelope["event"].get("user") or "")
        return await self._send(_Letter("event", EVENTS_PATH, body, "application/json", person, retry))

    async def _send(self, letter: _Letter) -> Answer:
        trouble = self._failures.to_app(letter.kind, letter.person, self._clock())
        began = time.monotonic()
        if trouble == "app_gone":
            answer = _NOBODY_THERE
        else:
            answer = await self._sent(letter, trouble)
        if trouble == "app_twice":
            answer = await self._sent(replace(letter, retry=_second(letter)), "")
        if trouble == "app_lost_answer":
            answer = _TOO_LATE
        took = round((time.monotonic() - began) * 1000)
        note = {"kind": letter.kind, "path": letter.path, "status": answer.status, "error": answer.error}
        self.sent.append({**note, "took_ms": took, "retry": letter.retry[0] if letter.retry else 0})
        return answer

    async def _sent(self, letter: _Letter, trouble: str) -> Answer:
        secret = "another-secret" if trouble == "app_forged" else self._secret
        at = self._clock() - (STALE if trouble == "app_stale" else timedelta())
        headers = signed_headers(secret, letter.body, letter.content_type, at)
        if letter.retry:
            headers |= {"X-Slack-Retry-Num": str(letter.retry[0]), "X-Slack-Retry-Reason": letter.retry[1]}
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._threads, _post, self.web_url + letter.path, letter.body, headers)
        try:
            answer = await asyncio.wait_for(work, PATIENCE_SECONDS)
        except TimeoutError:
            return _TOO_LATE
        except (OSError, http.client.HTTPException):
            return _NOBODY_THERE
        if answer.status // 100 != _SUCCESS:
            return Answer(answer.status, error="dispatch_failed", reason="http_error", no_retry=answer.no_retry)
        return answer


def _about_a_person(payload: Json, path: str) -> _Letter:
    body = urlencode({"payload": json.dumps(payload, ensure_ascii=False)}).encode()
    return _Letter(str(payload["type"]), path, body, FORM, payload["user"]["id"])


def _second(letter: _Letter) -> tuple[int, str] | None:
    """Only events are marked when they come again: a command that is sent twice looks the same twice."""
    return (1, "http_timeout") if letter.kind == "event" else None


def _post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("POST", parts.path, body, headers)
        response = connection.getresponse()
        kept = response.headers.get("Content-Type", ""), response.headers.get("X-Slack-No-Retry") == "1"
        return Answer(response.status, response.read(MOST_ANSWER_BYTES), kept[0], no_retry=kept[1])
    finally:
        connection.close()
