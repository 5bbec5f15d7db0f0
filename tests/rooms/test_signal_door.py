"""Claims about the signal door before real neighbours: who is let in, and what is said when a neighbour is silent."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.row_write import RowWrite
from deadair.adapters.registry_file.write import hash_of
from deadair.adapters.ssm.signal_keys import SignalKeyStore
from deadair.domain.signal_signature import HEADER, header
from deadair.usecases.signal_keys import KeyDesk
from infra.target import Target
from tests.bench.imports import imported
from tests.rooms.faulty import Faulty, refusal
from tests.stack import a_table_like
from web.front import respond
from web.settings import WebSettings
from web.surroundings import Surroundings

pytestmark = pytest.mark.stack
NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Site:
    """A web room with a registry of its own, one integration in it, and its key."""

    stack: Target
    settings: WebSettings
    slug: str
    secret: str
    writer: RegistryWriter
    desk: KeyDesk

    def web(self, client: Callable[[str], Any] | None = None) -> Surroundings:
        """The room as a new process has it: nothing is remembered."""
        return Surroundings(self.settings, now=lambda: NOW, client=client or self.stack.client)

    def post(self, web: Surroundings, secret: str = "") -> dict[str, Any]:
        said = {"integration": self.slug, "ok": True, "records": 5, "id": "one"}
        return self.send(web, said, secret or self.secret)

    def send(self, web: Surroundings, said: Any, secret: str) -> dict[str, Any]:
        body = json.dumps(said)
        signed = {HEADER: header(secret, int(NOW.timestamp()), body.encode())}
        return ask(web, "/v1/signals", "POST", signed, body)

    def queued(self) -> list[dict[str, Any]]:
        """What lies in the queue, taken out."""
        sqs, url = self.stack.client("sqs"), self.settings.signal_queue_url
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in found]


def ask(
    web: Surroundings, path: str, method: str, headers: dict[str, str] | None = None, body: str = ""
) -> dict[str, Any]:
    http = {"method": method, "path": path}
    return respond(
        {"rawPath": path, "headers": headers or {}, "body": body, "requestContext": {"http": http}}, None, web
    )


@pytest.fixture
def site(stack: Target) -> Site:
    path, slug = f"/deadair/door/{uuid4().hex[:8]}", f"flow-{uuid4().hex[:8]}"
    settings = WebSettings(
        incidents_table="nowhere",
        registry_table=a_table_like(stack, "RegistryTable"),
        knowledge_bucket="nowhere",
        web_secrets=f"{path}/none",
        web_url="http://localhost:8761",
        signal_queue_url=stack.client("sqs").create_queue(QueueName=f"door-{uuid4().hex[:8]}")["QueueUrl"],
        change_queue_url=stack.client("sqs").create_queue(QueueName=f"changes-{uuid4().hex[:8]}")["QueueUrl"],
        signal_secrets=path,
        metric_namespace="Claims",
        alarm_prefix="claims",
    )
    writer = RegistryWriter(stack.client("dynamodb"), settings.registry_table)
    text = json.dumps({"slug": slug, "name": slug, "owner": {"name": "Ana Lima"}})
    writer.write([RowWrite(slug, text, hash_of(text))], now=NOW, by="test")
    desk = KeyDesk(SignalKeyStore(stack.client("ssm"), path), writer, by="test", now=NOW)
    return Site(stack, settings, slug, desk.key(slug).secret, writer, desk)


def test_behind_a_closed_door_only_what_proves_itself_is_answered(site: Site) -> None:
    token = site.desk.heartbeat(site.slug)
    web = site.web()

    assert site.post(web)["statusCode"] == 202
    assert ask(web, f"/v1/heartbeats/{site.slug}/{token}", "POST")["statusCode"] == 202
    assert [signal["records"] for message in site.queued() for signal in message["signals"]] in ([5, 1], [1, 5])
    beside = ("/v1", "/v1/", "/v1/postmortems", "/v1/signals/x", f"/v1/heartbeats/{site.slug}", "/v1/heartbeats/a/b/c")
    assert {ask(web, path, method)["statusCode"] for path in beside for method in ("GET", "POST")} == {403}


def test_an_integration_that_left_the_registry_is_nobody(site: Site) -> None:
    token = site.desk.heartbeat(site.slug)
    stored = site.writer.get(site.slug)
    assert stored is not None
    site.writer.write([RowWrite(site.slug, stored.row, stored.hash, seen=stored, retire=True)], now=NOW, by="test")
    web = site.web()

    unknown = site.send(web, {"integration": "nobody-knows-it", "ok": True}, site.secret)
    assert (site.post(web)["statusCode"], site.post(web)["body"]) == (401, unknown["body"])
    assert ask(web, f"/v1/heartbeats/{site.slug}/{token}", "GET")["statusCode"] == 404
    assert site.queued() == []


def test_a_key_that_was_just_made_is_known_to_a_room_that_knew_the_one_before(site: Site) -> None:
    web = site.web()
    assert site.post(web)["statusCode"] == 202
    keys = web.signal_desk._keys
    keys._ticks = lambda clock=keys._ticks: clock() + 3  # type: ignore[misc]

    new = site.desk.rotate_key(site.slug)

    assert [site.post(web, secret)["statusCode"] for secret in (new.secret, site.secret)] == [202, 202]


def test_the_key_before_the_last_is_refused_seconds_after_a_rotation_by_a_room_that_knew_it(site: Site) -> None:
    web = site.web()
    second = site.desk.rotate_key(site.slug)
    token = site.desk.heartbeat(site.slug)
    site.desk.rotate_heartbeat(site.slug)
    beat = f"/v1/heartbeats/{site.slug}/{token}"
    assert [site.post(web, secret)["statusCode"] for secret in (site.secret, second.secret)] == [202, 202]
    assert ask(web, beat, "GET")["statusCode"] == 202
    keys = web.signal_desk._keys
    keys._ticks = lambda clock=keys._ticks: clock() + 3  # type: ignore[misc]

    third = site.desk.rotate_key(site.slug)
    site.desk.rotate_heartbeat(site.slug)

    secrets = (site.secret, second.secret, third.secret)
    assert [site.post(web, secret)["statusCode"] for secret in secrets] == [401, 202, 202]
    assert ask(web, beat, "GET")["statusCode"] == 404


def test_a_signature_in_capital_letters_is_the_same_signature(site: Site) -> None:
    body = json.dumps({"integration": site.slug, "ok": True})
    before, _, v1 = header(site.secret, int(NOW.timestamp()), body.encode()).partition("v1=")

    answer = ask(site.web(), "/v1/signals", "POST", {HEADER: f"{before}v1={v1.upper()}"}, body)

    assert answer["statusCode"] == 202


@pytest.mark.parametrize(
    ("service", "method"),
    [("sqs", "send_message"), ("ssm", "get_parameters"), ("dynamodb", "get_paginator"), ("dynamodb", "get_item")],
)
@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerError"])
def test_while_a_neighbour_is_silent_the_sender_is_told_when_to_come_again(
    site: Site, service: str, method: str, code: str
) -> None:
    faulty = Faulty(site.stack.client(service), method, refusal(code, method))
    web = site.web(lambda name: faulty if name == service else site.stack.client(name))

    refused = site.post(web)

    assert (refused["statusCode"], refused["headers"]["Retry-After"]) == (503, "10")
    assert json.loads(refused["body"])["error"]["code"] == "unavailable"
    assert site.post(web)["statusCode"] == 202
    assert len(site.queued()) == 1


def test_a_part_that_the_queue_did_not_take_is_sent_again_as_the_same_signals(site: Site) -> None:
    codes = {str(code): 10**9 for code in range(100, 120)}
    said = [{"integration": site.slug, "ok": True, "id": f"{n}", "status_codes": codes} for n in range(500)]
    calls = []

    class Sqs:
        def send_message(self, **request: Any) -> Any:
            calls.append(json.loads(request["MessageBody"]))
            if len(calls) == 2:
                raise refusal("ServiceUnavailable", "SendMessage")
            return site.stack.client("sqs").send_message(**request)

    web = site.web(lambda name: Sqs() if name == "sqs" else site.stack.client(name))
    assert site.send(web, said, site.secret)["statusCode"] == 503
    assert site.send(web, said, site.secret)["statusCode"] == 202

    first, _, *again = calls
    assert {one["key"] for one in first["signals"]} <= {one["key"] for message in again for one in message["signals"]}
    assert len({message["batch"] for message in calls}) == len(calls)


def test_pages_do_not_pay_for_the_door() -> None:
    found = imported("import web.handler")

    assert "pydantic" not in found
    assert not any(name.startswith(("web.signals", "deadair.adapters.sqs")) for name in found)
