"""A tiny app behind the local Slack: checks every signature with slack_sdk's verifier and answers as it is told."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.signature import SignatureVerifier

SECRET = "a-signing-secret"
TOKEN = "xoxb-a-bot-token"

Json = dict[str, Any]
Said = tuple[int, bytes, str]
Answerer = Callable[[str, Json], Said]


def as_json(value: Json) -> Said:
    """Return an answer with a JSON body."""
    return 200, json.dumps(value).encode(), "application/json"


def silence(path: str, given: Json) -> Said:
    """Acknowledge and say nothing."""
    return 200, b"", "text/plain"


class AnApp:
    """What it received (decoded), in order; `answer` may be replaced by a test."""

    def __init__(self) -> None:
        self.received: list[tuple[str, Json]] = []
        self.forged = 0
        self.headers: list[dict[str, str]] = []
        self.answer: Answerer = silence
        self.more_headers: dict[str, str] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"http://localhost:{self._server.server_port}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def reply_later(self, given: Json, message: Json) -> int:
        """Send *message* to the response address in *given*; return the HTTP status."""
        request = urllib.request.Request(
            given["response_url"], json.dumps(message).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=5) as response:
            return int(response.status)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                genuine = SignatureVerifier(SECRET).is_valid_request(body, dict(self.headers.items()))
                app.forged += not genuine
                app.headers.append({name.lower(): value for name, value in self.headers.items()})
                status, answer, kind = app.answer(self.path, app.note(self.path, body)) if genuine else (401, b"", "")
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                for name, value in app.more_headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            def do_GET(self) -> None:
                """Show where a sign-in led."""
                page = b"<!doctype html><title>app</title><link rel=icon href=data:,><p>signed in"
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_: object) -> None:
                """Keep the tests quiet."""

        return Handler

    def note(self, path: str, body: bytes) -> Json:
        """Decode and keep one request."""
        if path == "/slack/events":
            given: Json = json.loads(body)
        else:
            given = dict(parse_qsl(body.decode(), keep_blank_values=True))
            given = json.loads(given["payload"]) if "payload" in given else given
        self.received.append((path, given))
        return given
