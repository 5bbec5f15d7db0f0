"""Are the ports free, and if not, who is on them.

Refuses to know what the ports are for: it gets numbers and the flags that move them.
"""

import socket
from collections.abc import Iterable

import psutil

from infra.local.errors import PortTaken

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """True when a server may listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # A port in TIME_WAIT after a restart is free for a server; one that is listened on is not.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def holder_of(port: int) -> str | None:
    """`name (process 123)` of the listener, or None when the system does not tell us."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:  # macOS shows other people's sockets to root only
        return None
    for connection in connections:
        if connection.status != psutil.CONN_LISTEN or not connection.laddr or not connection.pid:
            continue
        if connection.laddr.port == port:
            try:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
            except psutil.Error:
                return f"process {connection.pid}"
    return None


def require_free(wanted: Iterable[tuple[int, str]]) -> None:
    """Raise PortTaken for the first port that someone listens on, or that is wanted twice."""
    seen: dict[int, str] = {}
    for port, flag in wanted:
        if port in seen:
            raise PortTaken(port, flag, f"our own {seen[port].removeprefix('--').replace('-', ' ')}")
        if not is_free(port):
            raise PortTaken(port, flag, holder_of(port))
        seen[port] = flag


def pick_free(count: int) -> tuple[int, ...]:
    """Ports that were free a moment ago, for tests."""
    probes = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        return tuple(probe.getsockname()[1] for probe in probes)
    finally:
        for probe in probes:
            probe.close()
