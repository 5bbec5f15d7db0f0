"""One question to an issuer, with JSON as the answer.

Knows TLS, deadlines and sizes. Refuses every redirect, and every address that is not https on a named host; plain http
only where the issuer itself is on this machine. An issuer that is slow is as good as one that is down.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from deadair.adapters.oidc.errors import IssuerDown

CONNECT_S = 3.0
# Signing in asks three questions at most; an HTTP API waits for half a minute.
WHOLE_S = 6.0
MOST_BYTES = 256 * 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status below 500 and what came with it."""

    status: int
    told: dict[str, Any]


def is_local(address: str) -> bool:
    """Whether an address is plain http on this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def may_ask(address: str, *, local: bool) -> bool:
    """Whether an address may be asked: https on a host with a name; `local`: on this machine alone."""
    if not all("!" <= sign <= "~" and sign != "\\" for sign in address):
        return False
    try:
        parts = urlsplit(address)
        plain = parts.username is None and parts.password is None and not parts.fragment and parts.port != 0
    except ValueError:
        return False
    if local:
        return plain and is_local(address)
    return plain and parts.scheme == "https" and _is_name(parts.hostname or "")


def ask(
    address: str, *, local: bool, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> Answer:
    """Ask once: with a form by POST, else by GET. Raises IssuerDown."""
    if not may_ask(address, local=local):
        raise IssuerDown("The issuer names an address that may not be asked.")
    body = urlencode(form) if form is not None else None
    given = {"Accept": "application/json", **({"Content-Type": FORM} if form is not None else {}), **(headers or {})}
    connection = _connection(urlsplit(address))
    # A time-out of the socket counts from byte to byte; this one counts for all of them.
    alarm = Timer(WHOLE_S, _cut, [connection])
    alarm.daemon = True
    alarm.start()
    try:
        connection.request("GET" if body is None else "POST", _target(urlsplit(address)), body, given)
        with connection.getresponse() as response:
            return _read(response.status, response.read(MOST_BYTES + 1))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise IssuerDown(f"The issuer did not answer: {type(error).__name__}.") from None
    finally:
        alarm.cancel()
        connection.close()


def _read(status: int, content: bytes) -> Answer:
    """Raises IssuerDown, or ValueError for what is no JSON."""
    if len(content) > MOST_BYTES:
        raise IssuerDown("The issuer's answer is too long.")
    if status >= http.client.INTERNAL_SERVER_ERROR or status == http.client.TOO_MANY_REQUESTS:
        raise IssuerDown(f"The issuer answered with HTTP {status}.")
    if http.client.MULTIPLE_CHOICES <= status < http.client.BAD_REQUEST:
        raise IssuerDown("The issuer sends us elsewhere.")
    try:
        told = json.loads(content)
    except RecursionError:
        told = None
    if not isinstance(told, dict):
        raise IssuerDown("The issuer's answer is no JSON object.")
    return Answer(status, told)


def _target(parts: SplitResult) -> str:
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    host = str(parts.hostname)
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=CONNECT_S, context=_tls())
    return http.client.HTTPConnection(host, parts.port, timeout=CONNECT_S)


def _cut(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _is_name(host: str) -> bool:
    """Whether a host has a name of the public kind: no number, and not this machine."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".internal", ".local"))
    return False


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
