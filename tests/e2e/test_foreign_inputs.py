"""Events and requests that nobody here wrote, from a folder of somebody's own: DEADAIR_INPUTS names it.

The folder holds `events/` and `bad/`, and `bad/expect.json`: a list of `{name, file, group, expect}`, where `expect` is
accept, accept-sanitise, ignore, poison or reject. Without the variable this module is not collected (see conftest.py).
"""

import base64
import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from slack_sdk.signature import Clock, SignatureVerifier

from deadair.adapters.slack.signature import is_genuine
from infra.target import Target
from slack_commands.events import Request
from slack_commands.routes import respond
from tests.rooms.slack_rooms import a_process
from tests.stack import Deadair

pytestmark = pytest.mark.stack
FOLDER = Path(os.environ["DEADAIR_INPUTS"])
EXPECTED = json.loads((FOLDER / "bad/expect.json").read_text())
LINE_GROUPS = {"event", "sequence", "sns"}
TAKEN = {"opened", "appended", "recovered", "duplicate", "ignored"}
DESERVED = {"accept": TAKEN, "accept-sanitise": TAKEN, "ignore": {"ignored"}, "poison": {"dead_lettered"}}


def cases(*groups: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in EXPECTED if case["group"] in groups]


def replayed(deadair: Deadair, path: Path) -> list[dict[str, Any]]:
    status, out, err = deadair("replay", path)
    assert status == 0, err
    return [json.loads(line) for line in out.splitlines()]


def test_each_hostile_event_gets_what_is_expected_of_it(deadair: Deadair) -> None:
    outcomes = {Path(line["file"]).name: line["outcome"] for line in replayed(deadair, FOLDER / "bad")}

    wrong = {
        case["file"]: outcomes[Path(case["file"]).name]
        for case in EXPECTED
        if case["group"] in LINE_GROUPS and outcomes[Path(case["file"]).name] not in DESERVED[case["expect"]]
    }
    assert wrong == {}


def test_each_real_event_has_an_outcome_and_nothing_is_missing(deadair: Deadair) -> None:
    assert all(line["outcome"] in TAKEN | {"dead_lettered"} for line in replayed(deadair, FOLDER / "events"))
    assert deadair("verify")[0] == 0


@contextmanager
def a_slack_room(stack: Target, secret: str, team: str) -> Iterator[ModuleType]:
    """The Slack room's own handler with that signing secret, open to that workspace, and no Slack behind it."""
    path = f"/deadair/foreign/{uuid4().hex}"
    stack.client("ssm").put_parameter(Name=f"{path}/signing-secret", Value=secret, Type="SecureString")
    environment = {
        "AWS_ENDPOINT_URL": str(stack.endpoint),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": stack.region,
        "INCIDENTS_TABLE": stack.outputs["IncidentsTable"],
        "REGISTRY_TABLE": stack.outputs["RegistryTable"],
        "KNOWLEDGE_BUCKET": stack.outputs["KnowledgeBucket"],
        "SLACK_SECRETS": path,
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "SLACK_TEAM": team,
        "WEB_URL": stack.web,
    }
    with a_process("slack_commands.handler", environment) as module:
        yield module


@pytest.mark.parametrize("case", cases("slack"))
def test_each_hostile_slack_request_gets_what_is_expected_of_it(stack: Target, case: dict[str, Any]) -> None:
    sent = json.loads((FOLDER / case["file"]).read_text())
    body = base64.b64decode(sent["body_b64"])
    door = "interactions" if body.startswith(b"payload=") else "commands"
    request = Request(f"/slack/{door}", {name.lower(): text for name, text in sent["headers"].items()}, body)
    with a_slack_room(stack, sent["secret"], "T1") as module:
        answer = respond(module.room(), request, datetime.fromtimestamp(sent["now"], UTC), "ref")

    refused = 400 <= answer["statusCode"] < 500
    assert refused == (case["expect"] == "reject"), answer


@pytest.mark.parametrize("file", sorted(FOLDER.glob("slack/*.json")), ids=lambda file: file.stem)
def test_each_payload_of_slacks_is_genuine_and_gets_an_answer(stack: Target, file: Path) -> None:
    sent = json.loads(file.read_text())
    signed, body = sent.get("signed") or sent, sent.get("wire_body") or sent["body"]
    headers = {"x-slack-request-timestamp": signed["timestamp"], "x-slack-signature": signed["signature"]}
    kind = sent.get("type", "slash_command")
    door = "commands" if kind == "slash_command" else "interactions" if body.startswith("payload=") else "events"
    request = Request(f"/slack/{door}", headers, body.encode())
    with a_slack_room(stack, signed["secret"], "") as module:
        answer = respond(module.room(), request, datetime.fromtimestamp(int(signed["timestamp"]), UTC), "ref")

    # An event that wants Slack's own answer is put off while there is no Slack.
    assert answer["statusCode"] in {200, 400, 503}, answer


@pytest.mark.parametrize("late_s", [0, 300, 301, -301])
@pytest.mark.parametrize("file", sorted(FOLDER.glob("slack/*.json")), ids=lambda file: file.stem)
def test_our_check_of_each_signature_agrees_with_slacks_own(file: Path, late_s: int) -> None:
    sent = json.loads(file.read_text())
    signed, body = sent.get("signed") or sent, (sent.get("wire_body") or sent["body"]).encode()
    secret, stamp, signature = signed["secret"], signed["timestamp"], signed["signature"]
    now = int(stamp) + late_s
    for read in (body, body + b" "):
        slacks = SignatureVerifier(secret, StandingStill(now)).is_valid(read, stamp, signature)
        assert is_genuine(secret, stamp, signature, read, now) is slacks
    assert is_genuine(secret, stamp, signature, body, now) is (abs(late_s) <= 300)


class StandingStill(Clock):
    """The clock of Slack's own check."""

    def __init__(self, instant: float) -> None:
        self.instant = instant

    def now(self) -> float:
        return self.instant


@pytest.mark.parametrize("case", cases("http"))
def test_each_hostile_web_request_gets_what_is_expected_of_it(stack: Target, case: dict[str, Any]) -> None:
    sent = json.loads((FOLDER / case["file"]).read_text())
    headers = sent["headers"] | {"cookie": "; ".join(sent.get("cookies", []))}
    path = f"{sent['rawPath']}?{sent['rawQueryString']}"
    with closing(HTTPConnection(stack.web.removeprefix("http://"), timeout=30)) as connection:
        connection.request(sent["routeKey"].split()[0], path, sent.get("body"), headers)
        answer = connection.getresponse()
        answer.read()

    assert "attacker" not in (answer.getheader("location") or "")
    assert answer.status < 500
    assert answer.status >= 400 or case["expect"] != "reject"
