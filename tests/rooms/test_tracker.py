"""Claims about the tracker's webhook: signed, sent once more when it is refused, never followed, its link kept once."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

import pytest

from deadair.adapters.bus.messages import FactMessage
from deadair.adapters.dynamodb.actions import ActionStore
from deadair.adapters.dynamodb.incidents import IncidentStore, incident_item
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.dynamodb.transact import commit, put_new
from deadair.adapters.slack.links import Links
from deadair.adapters.tracker.post import may_call, post
from deadair.domain.action_item import ActionStatus
from deadair.domain.errors import Unavailable
from deadair.domain.signal_signature import HEADER, holds, is_of_now, read_header
from deadair.domain.timeline import Fact
from deadair.usecases.actions.add_action import add_action
from deadair.usecases.actions.end_action import end_action
from deadair.usecases.undo import undo
from infra.target import Target
from tests.builders import an_actor, an_incident, at
from tests.stack import a_table_like
from tracker.consumer import consume
from tracker.telling import Tracker

pytestmark = pytest.mark.stack
SECRET = "a-webhook-secret"
numbers = count(8001)


class Outside(ThreadingHTTPServer):
    """A tracker: keeps what it gets, answers what it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taker)
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: tuple[int, dict[str, str], bytes] = (200, {}, b"{}")
        self.url = f"http://localhost:{self.server_port}/hooks?team=7"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Taker(BaseHTTPRequestHandler):
    server: Outside

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        status, headers, answer = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@dataclass
class Room:
    """The room with a table of its own and a tracker outside."""

    client: Any
    table: str
    outside: Outside
    waits: list[int] = field(default_factory=list)

    @property
    def store(self) -> IncidentStore:
        return IncidentStore(self.client, self.table)

    @property
    def errors(self) -> StandingErrors:
        return StandingErrors(self.client, self.table)

    def tracker(self, url: str | None = None) -> Tracker:
        address = self.outside.url if url is None else url
        actions = ActionStore(self.client, self.table)
        links = Links("https://deadair.example")
        return Tracker(self.store, actions, self.errors, links, address, lambda: SECRET, post)

    def added(self, **more: Any) -> int:
        number = next(numbers)
        commit(self.client, [put_new(self.table, incident_item(an_incident(number, **more)))])
        add_action(self.store, number, an_actor(), "Alert on empty loads", now=at(1))
        return number

    def fact(self, number: int, deliveries: int = 1) -> FactMessage:
        """The message of the incident's last fact, as the bus brings it."""
        entry = self.store.timeline(number)[-1]
        detail = {"incident": entry.incident, "entry": entry.id, "source": entry.source.value}
        body = json.dumps({"source": "deadair", "detail-type": entry.fact.value, "detail": detail})
        attributes = {"ApproximateReceiveCount": str(deliveries)}
        return FactMessage(messageId="m1", receiptHandle="r", body=body, attributes=attributes)

    def deliver(self, *messages: FactMessage, url: str | None = None, minutes: float = 5) -> list[str]:
        later = lambda _, seconds: self.waits.append(seconds)  # noqa: E731 - what SQS would be asked
        return consume(self.tracker(url), list(messages), later, at(minutes))

    def standing(self) -> list[str]:
        return [error.text for error in self.errors.all()]


@pytest.fixture
def told(stack: Target) -> Iterator[Room]:
    outside = Outside()
    yield Room(stack.client("dynamodb"), a_table_like(stack, "IncidentsTable"), outside)
    outside.close()


def test_what_is_sent_is_signed_and_says_all_of_the_item(told: Room) -> None:
    number = told.added()
    assert told.deliver(told.fact(number)) == []
    ((path, headers, body),) = told.outside.got
    claimed = read_header(headers[HEADER])
    assert path == "/hooks?team=7"
    assert claimed is not None
    assert holds([SECRET], claimed, body)
    assert not holds([SECRET], claimed, body + b" ")
    assert is_of_now(claimed, at(5))
    sent = json.loads(body)
    assert (sent["type"], sent["action"]["id"], sent["incident"]["id"]) == (
        "action.added.v1",
        f"INC-{number}-A1",
        f"INC-{number}",
    )
    assert sent["action"]["owner"] == {"name": "Ana Lima", "email": "ana.lima@example.com"}
    assert sent["action"]["url"] == f"https://deadair.example/incidents/INC-{number}#actions"


def test_the_link_that_it_answers_is_kept_and_not_told_back(told: Room) -> None:
    number = told.added(consent=True)
    told.outside.answer = (201, {}, b'{"link": "https://tracker.example/MT-7"}')
    first = told.fact(number)
    assert told.deliver(first) == []
    assert ActionStore(told.client, told.table).get(number, 1).link == "https://tracker.example/MT-7"
    assert told.store.timeline(number)[-1].fact is Fact.ACTION_CHANGED
    assert told.deliver(told.fact(number)) == []
    assert len(told.outside.got) == 1
    # The same fact again: the same delivery id, and nothing more on the timeline.
    lines = len(told.store.timeline(number))
    assert told.deliver(first) == []
    assert [headers["Deadair-Delivery"] for _, headers, _ in told.outside.got] == [f"INC-{number}/{_entry(first)}"] * 2
    assert len(told.store.timeline(number)) == lines


def _entry(message: FactMessage) -> str:
    return str(json.loads(message.body)["detail"]["entry"])


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"link": 7}', b'{"link": "http://x.example"}', b"\xff" * 100_000])
def test_an_answer_of_any_shape_costs_nothing(told: Room, answer: bytes) -> None:
    number = told.added()
    told.outside.answer = (200, {}, answer)
    assert told.deliver(told.fact(number)) == []
    assert ActionStore(told.client, told.table).get(number, 1).link == ""


def test_a_refusal_is_tried_again_ever_later_and_stands_until_it_is_taken(told: Room) -> None:
    number = told.added()
    told.outside.answer = (503, {"Retry-After": "77"}, b"")
    assert told.deliver(told.fact(number)) == ["m1"]
    told.outside.answer = (500, {}, b"")
    assert [told.deliver(told.fact(number, turn)) for turn in (1, 2, 3, 9)] == [["m1"]] * 4
    assert told.waits == [77, 30, 120, 600, 3600]
    assert "HTTP 500" in told.standing()[0]
    told.outside.answer = (204, {}, b"")
    assert told.deliver(told.fact(number)) == []
    assert told.standing() == []


def test_a_redirect_is_not_followed(told: Room) -> None:
    number = told.added()
    told.outside.answer = (307, {"Location": told.outside.url}, b"")
    assert told.deliver(told.fact(number)) == ["m1"]
    assert len(told.outside.got) == 1


def test_an_address_that_is_gone_is_left_in_peace_for_a_day(told: Room) -> None:
    number = told.added()
    told.outside.answer = (410, {}, b"")
    assert told.deliver(told.fact(number)) == []
    assert "410" in told.standing()[0]
    assert told.deliver(told.fact(number), minutes=60) == []
    assert len(told.outside.got) == 1
    told.outside.answer = (200, {}, b"")
    assert told.deliver(told.fact(number), minutes=25 * 60) == []
    assert (len(told.outside.got), told.standing()) == (2, [])


def test_nobody_is_told_where_no_address_is_configured_and_of_what_was_taken_back(told: Room) -> None:
    number = told.added()
    message = told.fact(number)
    assert told.deliver(message, url="") == []
    undo(told.store, number, an_actor(), now=at(3))
    assert told.deliver(message) == []
    assert told.outside.got == []


def test_a_message_that_is_no_fact_fails_alone(told: Room) -> None:
    number = told.added()
    end_action(told.store, number, 1, an_actor(), ActionStatus.DONE, now=at(2))
    odd = FactMessage(messageId="odd", body='{"detail": {"incident": "INC-x"}}')
    assert told.deliver(odd, told.fact(number)) == ["odd"]
    assert json.loads(told.outside.got[0][2])["action"]["status"] == "done"


@pytest.mark.parametrize(
    "url", ["http://tracker.example/", "https://me:pw@x.example/", "ftp://x/", "https://", "https://x y/", ""]
)
def test_only_https_addresses_are_called_and_this_machine_by_http(url: str) -> None:
    assert not may_call(url)
    with pytest.raises(Unavailable):
        post(url, b"{}", {})
    assert may_call("https://tracker.internal/hooks")
    assert may_call("http://localhost:9/")


def test_a_tracker_that_does_not_answer_is_tried_again(told: Room) -> None:
    number = told.added()
    assert told.deliver(told.fact(number), url="http://localhost:9/") == ["m1"]
    assert timedelta(seconds=told.waits[0]) == timedelta(seconds=30)
