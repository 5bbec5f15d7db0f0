"""The proxy passes bytes as they are and is friendly when there is nothing behind it."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from infra.local.ports import pick_free
from infra.local.proxy import Proxy

API = "abc123"


class Upstream:
    """A server that keeps what it got and says what it was told to say, on each connection again."""

    def __init__(self, *answers: bytes) -> None:
        self._answers, self.received, self.connections = list(answers), [], 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    received: list[bytes]

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            while self._answers:
                data = connection.recv(2**20)
                if not data:
                    return
                self.received.append(data)
                while b"<end>" not in data and b"POST" in data:
                    data = connection.recv(2**20)
                    self.received[-1] += data
                connection.sendall(self._answers.pop(0))

    def close(self) -> None:
        self._listening.close()


@contextmanager
def proxy_to(upstream_port: int, *, api: str | None = API) -> Iterator[int]:
    (port,) = pick_free(1)
    proxy = Proxy(port, upstream_port)
    proxy.start()
    if api:
        proxy.open_to(api)
    try:
        yield port
    finally:
        proxy.stop()


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    server = Upstream(
        b"HTTP/1.1 201 Created\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 4\r\n\r\n\x00\xffok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    )
    yield server
    server.close()


def test_method_path_query_headers_and_body_arrive_byte_for_byte(upstream: Upstream) -> None:
    body = bytes(range(256)) + b"<end>"
    with proxy_to(upstream.port) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("POST", "/a%2Fb//c?x=1&x=%20", body, {"Host": "localhost:8080", "X-Slack-Signature": "v0=1"})
        connection.getresponse().read()
        connection.close()

    head, _, received = b"".join(upstream.received).partition(b"\r\n\r\n")
    assert received == body
    assert head.startswith(b"POST /_aws/execute-api/abc123/$default/a%2Fb//c?x=1&x=%20 HTTP/1.1\r\n")
    assert b"Host: localhost:8080\r\n" in head
    assert b"X-Slack-Signature: v0=1" in head


def test_status_cookies_and_bytes_come_back_and_the_connection_is_kept(upstream: Upstream) -> None:
    with proxy_to(upstream.port) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/")
        first = connection.getresponse()
        body = first.read()
        connection.request("GET", "/again")
        second = connection.getresponse().read()
        connection.close()

    assert (first.status, body, second) == (201, b"\x00\xffok", b"abc")
    assert first.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert upstream.connections == 1


def test_an_answer_without_an_end_ends_when_its_reader_leaves(caplog: pytest.LogCaptureFixture) -> None:
    listening, left = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def talk() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            try:
                while not left.wait(0.005):
                    connection.sendall(b"more\n")
            except ConnectionError:
                left.set()

    talking = threading.Thread(target=talk, daemon=True)
    talking.start()
    with proxy_to(listening.getsockname()[1]) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as reader, reader.makefile("rb") as lines:
            reader.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"more\n" in lines
        talking.join(10)
        assert left.is_set()
    listening.close()

    assert "socket.send() raised" not in caplog.text


def answer_of(port: int) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/")
    answer = connection.getresponse()
    result = answer.status, answer.read()
    connection.close()
    return result


def test_while_the_stack_starts_visitors_are_told_to_wait(upstream: Upstream) -> None:
    with proxy_to(upstream.port, api=None) as port:
        status, text = answer_of(port)

    assert status == 503
    assert b"starting" in text


def test_a_stack_that_does_not_answer_is_said_so() -> None:
    (nobody,) = pick_free(1)
    with proxy_to(nobody) as port:
        status, text = answer_of(port)

    assert status == 502
    assert b"did not answer" in text


def test_stopping_with_a_visitor_waiting_says_nothing_on_the_terminal(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    with silent, socket.socket() as visitor:
        with proxy_to(silent.getsockname()[1]) as port:
            visitor.connect(("127.0.0.1", port))
            visitor.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            upstream, _ = silent.accept()
            upstream.recv(1000)
        upstream.close()

    assert (caplog.text, capfd.readouterr().err) == ("", "")
