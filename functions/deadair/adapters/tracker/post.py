"""One POST to the tracker's address, and what came back.

Knows that the address is an operator's: https, or this very machine by http; no password in it, and nobody is followed
elsewhere. It may be a private one: trackers stand inside, and whoever deploys says where. Refuses to wait long and to
read much.
"""

import http.client
import json
import ssl
import time
from dataclasses import dataclass
from functools import cache
from urllib.parse import SplitResult, urlsplit

from deadair.domain.errors import Unavailable

STEP_S, WITHIN_S = 5.0, 12.0
MOST_BYTES, PIECE = 65_536, 8_192
LONGEST_WAIT_S = 3600
LONGEST_LINK = 2000
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ENOUGH_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """`link` is where the tracker keeps it, empty when it does not say; `retry_after_s` its wish (0: none)."""

    status: int
    link: str = ""
    retry_after_s: int = 0

    @property
    def taken(self) -> bool:
        """Whether the tracker has it."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's successes

    @property
    def gone(self) -> bool:
        """Whether the address wants nothing any more."""
        return self.status == http.HTTPStatus.GONE


def may_call(url: str) -> bool:
    """Whether an address is one that may be called."""
    return _parts(url) is not None


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send it. Raises Unavailable when nobody answers in time, and for an address that may not be called."""
    parts = _parts(url)
    if parts is None:
        raise Unavailable("The tracker's address is no https address.")
    connection = _connection(parts)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    until = time.monotonic() + WITHIN_S
    try:
        connection.request("POST", target, body, headers)
        response = connection.getresponse()
        return Answer(response.status, _link(_read(response, until)), _seconds(response.getheader("Retry-After") or ""))
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable(f"The tracker did not answer: {type(error).__name__}.") from error
    finally:
        connection.close()


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        odd = not parts.hostname or parts.port == 0 or parts.username is not None or parts.password is not None
    except ValueError:
        return None
    if odd or not all("!" <= sign <= "~" and sign != "\\" for sign in url):
        return None
    allowed = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    return parts if allowed else None


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    host = str(parts.hostname)
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=STEP_S, context=_tls())
    return http.client.HTTPConnection(host, parts.port, timeout=STEP_S)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _read(response: http.client.HTTPResponse, until: float) -> bytes:
    """The beginning of the body; somebody who drips is not waited for."""
    found = b""
    while len(found) < MOST_BYTES and time.monotonic() < until:
        piece = response.read1(PIECE)
        if not piece:
            break
        found += piece
    return found[:MOST_BYTES]


def _link(body: bytes) -> str:
    """The https address under `link`; empty for everything else."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    link = told.get("link") if isinstance(told, dict) else None
    if not isinstance(link, str) or len(link) > LONGEST_LINK or not link.startswith("https://"):
        return ""
    return link if _parts(link) else ""


def _seconds(text: str) -> int:
    """How long it wants to be left in peace; dates are not read, the queue's own time is used then."""
    fits = text.isascii() and text.isdigit() and len(text) <= ENOUGH_DIGITS
    return min(int(text), LONGEST_WAIT_S) if fits else 0
