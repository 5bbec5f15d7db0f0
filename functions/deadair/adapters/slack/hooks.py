"""Answers sent afterwards, to the `response_url` of a command or a button.

Knows which addresses may be called: https on exactly the configured host; plain http only where that host is this
machine. Refuses redirects and everything else, because the address comes from outside.
"""

import http.client
import json
import logging
import re
import ssl
from functools import cache
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?")
# Slack waits three seconds for the button itself; the work is done before this, a direct message comes after it.
TIMEOUT_S = 1.2
ACCEPTED = 200

log = logging.getLogger(__name__)


def may_call(url: str, host: str) -> bool:
    """Whether an address is on exactly `host` (with its port, if it has one)."""
    if not host or re.search(r"[\s\\\x00-\x20\x7f-\uffff]", url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    schemes = ("https", "http") if LOOPBACK.fullmatch(host) else ("https",)
    return parts.scheme in schemes and parts.netloc.lower() == host.lower()


def post(url: str, body: dict[str, Any]) -> bool:
    """Send an answer to an address that `may_call` allowed. False: it did not arrive, which costs nobody's work."""
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.netloc)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    try:
        connection.request(
            "POST", target, json.dumps(body).encode(), {"Content-Type": "application/json; charset=utf-8"}
        )
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        log.warning("an answer to a button did not arrive: %s", type(error).__name__)
        return False
    finally:
        connection.close()
    if status != ACCEPTED:
        log.warning("Slack refused an answer to a button: HTTP %d", status)
    return status == ACCEPTED


def _connection(scheme: str, netloc: str) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(netloc, timeout=TIMEOUT_S, context=_tls())
    return http.client.HTTPConnection(netloc, timeout=TIMEOUT_S)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
