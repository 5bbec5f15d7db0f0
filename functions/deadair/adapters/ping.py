"""A call to somebody outside who notices when it stays away.

Knows that the address is an operator's, and still calls nothing inside: https, to a public address of exactly that
host, without following it elsewhere. Refuses to care for the answer.
"""

import http.client
import ipaddress
import logging
import socket
import ssl
from collections.abc import Callable, Iterable
from urllib.parse import SplitResult, urlsplit

logger = logging.getLogger("deadair.watchdog")

TIMEOUT_S = 5.0
HTTPS = 443
Resolve = Callable[[str, int], Iterable[str]]


def resolved(host: str, port: int) -> list[str]:
    """The addresses that a name stands for."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def ping(url: str, resolve: Resolve = resolved) -> bool:
    """Call the address, if it is one that may be called. False: it was not reached, which costs nothing else."""
    if not url:
        return False
    parts = _allowed(url)
    if parts is None or not parts.hostname:
        logger.error("the ping address is no https address of a host")
        return False
    try:
        addresses = list(resolve(parts.hostname, parts.port or HTTPS))
        if not addresses or not all(map(_is_public, addresses)):
            logger.error("the ping address is not outside")
            return False
        return _get(parts, addresses[0])
    except (OSError, ValueError, http.client.HTTPException) as error:
        logger.warning("the ping did not arrive: %s", type(error).__name__)
        return False


def _allowed(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        fine = parts.scheme == "https" and parts.hostname and parts.username is None and parts.port != 0
    except ValueError:
        return None
    plain = all("!" <= character <= "~" and character != "\\" for character in url)
    return parts if fine and plain else None


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None)
    return (inner or found).is_global and not (inner or found).is_multicast


def _get(parts: SplitResult, address: str) -> bool:
    """One request to the address that was looked at, under the name that its certificate must have."""
    connection = _Pinned(str(parts.hostname), parts.port or HTTPS, address)
    try:
        connection.request("GET", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
        status = connection.getresponse().status
    finally:
        connection.close()
    if status >= http.client.MULTIPLE_CHOICES:
        logger.warning("the ping was answered with HTTP %d", status)
    return status < http.client.MULTIPLE_CHOICES


class _Pinned(http.client.HTTPSConnection):
    """Connects to an address that was looked at, so that a name cannot change its meaning in between."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        self._address = address

    def connect(self) -> None:
        """As HTTPSConnection does, but for the address."""
        plain = socket.create_connection((self._address, self.port), TIMEOUT_S)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
