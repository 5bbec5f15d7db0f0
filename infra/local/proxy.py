"""The reverse proxy: http://localhost:8080 in front of the stack's HTTP API, in a thread of its own.

Passes method, path, query, headers (the Host too), cookies and the raw bytes of the body in both directions, and adds
nothing but a plain page while the stack starts. On AWS there is no such thing: the HTTP API has an address itself.
Knows HTTP/1.1 as far as it must forward it. One connection upstream per connection from outside, kept alive.
"""

import asyncio
import threading
from dataclasses import dataclass

from infra.local.ports import HOST

_HEAD_LIMIT = 64 * 1024
_CHUNK = 64 * 1024
# HTTP API's own limit for a request body is 10 MB; this proxy holds no body, so it needs none.
_STARTING = b"Deadair is starting. Reload this page in a few seconds.\n"
_BROKEN = b"Deadair's stack did not answer. If this stays so, look at the terminal that runs it.\n"
# `expect` is here because the answer to it is ours: see `_Visit._forward`.
_HOP_BY_HOP = (b"connection", b"keep-alive", b"proxy-connection", b"upgrade", b"expect")


class Unforwardable(Exception):
    """The other side did not speak HTTP as we need it."""


@dataclass(frozen=True)
class Head:
    """The first lines of a request or response: start line, header lines as they came."""

    start: bytes
    headers: tuple[tuple[bytes, bytes], ...]

    def value(self, name: bytes) -> bytes | None:
        """The first value of the header, compared without case."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def keeps_alive(self) -> bool:
        """Whether the sender wants the connection to stay open."""
        return b"close" not in (self.value(b"connection") or b"").lower() and not self.start.endswith(b"HTTP/1.0")

    def dump(self, start: bytes) -> bytes:
        """The head under another start line, without the headers that concern one connection only."""
        lines = [key + b": " + value for key, value in self.headers if key.lower() not in _HOP_BY_HOP]
        return b"\r\n".join([start, *lines, b"", b""])


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """The next head, or None when the other side closed the connection between two messages."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise Unforwardable("the connection ended within a head") from error
        return None
    except asyncio.LimitOverrunError as error:
        raise Unforwardable("the head is too long") from error
    start, *lines = raw[:-4].split(b"\r\n")
    pairs = (line.partition(b":") for line in lines)
    return Head(start, tuple((key, value.strip()) for key, _, value in pairs))


async def copy_body(head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, until_end: bool) -> None:
    """Copy the body that the head announces, byte for byte; `until_end` when nothing announces its length."""
    if (head.value(b"transfer-encoding") or b"").lower().endswith(b"chunked"):
        await _copy_chunked(reader, writer)
    elif (length := head.value(b"content-length")) is not None:
        await _copy_exactly(int(length), reader, writer)
    elif until_end:
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()  # raises when the reader left: an answer without an end ends with them
    await writer.drain()


async def _copy_exactly(count: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while count > 0:
        data = await reader.read(min(_CHUNK, count))
        if not data:
            raise Unforwardable("the body ended early")
        writer.write(data)
        await writer.drain()
        count -= len(data)


async def _copy_chunked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        line = await reader.readuntil(b"\r\n")
        writer.write(line)
        size = int(line.split(b";")[0], 16)
        if size == 0:
            break
        await _copy_exactly(size + 2, reader, writer)
    while (line := await reader.readuntil(b"\r\n")) != b"\r\n":
        writer.write(line)
    writer.write(b"\r\n")


class Proxy:
    """One listening proxy. `open_to` names the API when the stack is there; until then visitors are told to wait."""

    def __init__(self, port: int, upstream_port: int) -> None:
        self._port, self._upstream_port = port, upstream_port
        self._prefix: bytes | None = None
        self._loop = asyncio.new_event_loop()
        self._thread: threading.Thread | None = None
        self._connections: set[asyncio.Task[None]] = set()

    def open_to(self, api_id: str) -> None:
        """From now on, forward to this HTTP API's default stage."""
        self._prefix = f"/_aws/execute-api/{api_id}/$default".encode()

    def start(self) -> None:
        """Listen, in a thread of our own; raises OSError when the port is taken."""
        listening = asyncio.start_server(self._visit, HOST, self._port, limit=_HEAD_LIMIT)
        self._server = self._loop.run_until_complete(listening)
        self._thread = threading.Thread(target=self._run, name="web-proxy", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close all connections and end the thread."""
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=5)
            self._thread = None

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._server.close()
        for task in self._connections:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._connections, return_exceptions=True))
        self._loop.close()

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in a task
        self._connections.add(task)
        try:
            await _Visit(self, reader, writer).serve()
        except (Unforwardable, ConnectionError, asyncio.IncompleteReadError, ValueError):
            pass  # the visitor left or spoke no HTTP; there is nobody to tell
        except asyncio.CancelledError:
            pass  # only `stop` cancels, and Python 3.11 prints a trace for a connection that ends cancelled
        finally:
            self._connections.discard(task)
            writer.close()

    @property
    def prefix(self) -> bytes | None:
        """The path of the API in the embedded AWS, None while the stack starts."""
        return self._prefix

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A new connection to the embedded AWS."""
        return await asyncio.open_connection(HOST, self._upstream_port, limit=_HEAD_LIMIT)


class _Visit:
    """One connection from outside and, when needed, its one connection upstream."""

    def __init__(self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._proxy, self._reader, self._writer = proxy, reader, writer
        self._upstream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def serve(self) -> None:
        """Answer request after request until one side has had enough."""
        try:
            while (request := await read_head(self._reader)) is not None:
                if not await self._forward(request) or not request.keeps_alive:
                    return
        finally:
            self._hang_up()

    async def _forward(self, request: Head) -> bool:
        """Forward one request; False when the connection cannot be used again."""
        if self._proxy.prefix is None:
            return await self._say(503, b"Service Unavailable", _STARTING)
        if request.value(b"expect"):
            self._writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        try:
            reader, writer = await self._upstream_connection()
            method, path, _ = request.start.split(b" ", 2)
            writer.write(request.dump(method + b" " + self._proxy.prefix + _origin_form(path) + b" HTTP/1.1"))
            await copy_body(request, self._reader, writer, until_end=False)
            response = await read_head(reader)
        except (OSError, Unforwardable):
            response = None
        if response is None:
            self._hang_up()
            return await self._say(502, b"Bad Gateway", _BROKEN)
        return await self._answer(method, response, reader)

    async def _upstream_connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._upstream is not None and self._upstream[0].at_eof():
            self._hang_up()  # the other side tired of waiting
        if self._upstream is None:
            self._upstream = await self._proxy.connect()
        return self._upstream

    async def _answer(self, method: bytes, response: Head, reader: asyncio.StreamReader) -> bool:
        self._writer.write(response.dump(response.start))
        status = int(response.start.split(b" ", 2)[1])
        if method != b"HEAD" and status not in (204, 304):
            await copy_body(response, reader, self._writer, until_end=True)
        await self._writer.drain()
        announced = response.value(b"content-length") is not None or response.value(b"transfer-encoding") is not None
        if not response.keeps_alive:
            self._hang_up()
        return announced or status in (204, 304)

    async def _say(self, status: int, reason: bytes, text: bytes) -> bool:
        head = b"HTTP/1.1 %d %s\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n"
        self._writer.write(head % (status, reason, len(text)) + b"retry-after: 2\r\nconnection: close\r\n\r\n" + text)
        await self._writer.drain()
        return False

    def _hang_up(self) -> None:
        if self._upstream is not None:
            self._upstream[1].close()
            self._upstream = None


def _origin_form(target: bytes) -> bytes:
    """The path and query of a request target; a proxy's absolute form loses its host."""
    if target.startswith(b"/"):
        return target
    _, _, rest = target.partition(b"://")
    return b"/" + rest.partition(b"/")[2]
