"""The way from the local Slack to the app behind it: signed requests, three seconds of patience.

Knows how Slack encodes what it sends and when it gives up. Refuses to know what an answer means.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from infra.local.slack.signing import signed_headers
from infra.local.slack.wire import Json
from infra.local.slack.workspace import Clock

PATIENCE_SECONDS = 3.0
MOST_ANSWER_BYTES = 1024 * 1024
_SUCCESS = 2  # the first digit of 200–299
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What the app said, or *error* in Slack's word when it said nothing useful."""

    status: int = 0
    body: bytes = b""
    content_type: str = ""
    error: str | None = None


class AppLink:
    """The app's address and the secret that signs."""

    def __init__(self, web_url: str, signing_secret: str, clock: Clock) -> None:
        self.web_url = web_url.rstrip("/")
        self._secret = signing_secret
        self._clock = clock
        self._threads = ThreadPoolExecutor(max_workers=32, thread_name_prefix="slack-to-app")
        self.sent: deque[Json] = deque(maxlen=200)

    def close(self) -> None:
        """Stop sending."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def command(self, fields: dict[str, str]) -> Answer:
        """Send a slash command."""
        return await self._send("command", "/slack/commands", urlencode(fields).encode(), FORM)

    async def interaction(self, payload: Json) -> Answer:
        """Send a click or the submission of a modal."""
        body = urlencode({"payload": json.dumps(payload, ensure_ascii=False)}).encode()
        return await self._send(str(payload["type"]), "/slack/interactions", body, FORM)

    async def event(self, envelope: Json) -> Answer:
        """Send an event of the Events API."""
        body = json.dumps(envelope, ensure_ascii=False).encode()
        return await self._send("event", "/slack/events", body, "application/json")

    async def _send(self, kind: str, path: str, body: bytes, content_type: str) -> Answer:
        headers = signed_headers(self._secret, body, content_type, self._clock())
        began = time.monotonic()
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._threads, _post, self.web_url + path, body, headers)
        try:
            answer = await asyncio.wait_for(work, PATIENCE_SECONDS)
        except TimeoutError:
            answer = Answer(error="operation_timeout")
        except (OSError, http.client.HTTPException):
            answer = Answer(error="dispatch_failed")
        if answer.error is None and answer.status // 100 != _SUCCESS:
            answer = Answer(answer.status, error="dispatch_failed")
        took = round((time.monotonic() - began) * 1000)
        self.sent.append({"kind": kind, "path": path, "status": answer.status, "error": answer.error, "took_ms": took})
        return answer


def _post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("POST", parts.path, body, headers)
        response = connection.getresponse()
        return Answer(response.status, response.read(MOST_ANSWER_BYTES), response.headers.get("Content-Type", ""))
    finally:
        connection.close()
