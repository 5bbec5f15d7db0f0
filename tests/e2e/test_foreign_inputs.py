"""Events and requests that nobody here wrote, from a folder of somebody's own: DEADAIR_INPUTS names it.

The folder holds `events/` and `bad/`, and `bad/expect.json`: a list of `{name, file, group, expect}`, where `expect` is
accept, accept-sanitise, ignore, poison or reject. Without the variable this module is not collected (see conftest.py).
"""

import base64
import json
import os
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.requests import RequestStore
from deadair.adapters.search import KnowledgeIndex
from deadair.adapters.ssm.secrets import Secrets
from infra.target import Target
from slack_commands.direct import teller
from slack_commands.events import Request
from slack_commands.room import Room
from slack_commands.routes import respond
from slack_commands.settings import SlackSettings
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


def a_slack_room(stack: Target, secret: str) -> Room:
    """The Slack room with that signing secret, open to one workspace."""
    path = f"/deadair/foreign/{uuid4().hex}"
    stack.client("ssm").put_parameter(Name=f"{path}/signing-secret", Value=secret, Type="SecureString")
    dynamodb, outputs = stack.client("dynamodb"), stack.outputs
    settings = SlackSettings(
        incidents_table=outputs["IncidentsTable"],
        registry_table=outputs["RegistryTable"],
        knowledge_bucket=outputs["KnowledgeBucket"],
        slack_secrets=path,
        web_url=stack.web,
        slack_team="T1",
    )
    return Room(
        settings,
        IncidentStore(dynamodb, settings.incidents_table),
        RequestStore(dynamodb, settings.incidents_table),
        RegistryStore(dynamodb, settings.registry_table),
        Secrets(stack.client("ssm"), path, "signing-secret"),
        lambda: KnowledgeIndex(stack.client("s3"), settings.knowledge_bucket),
        lambda: teller("http://127.0.0.1:9/api/", lambda: "xoxb-nobody"),
    )


@pytest.mark.parametrize("case", cases("slack"))
def test_each_hostile_slack_request_gets_what_is_expected_of_it(stack: Target, case: dict[str, Any]) -> None:
    sent = json.loads((FOLDER / case["file"]).read_text())
    body = base64.b64decode(sent["body_b64"])
    door = "interactions" if body.startswith(b"payload=") else "commands"
    request = Request(f"/slack/{door}", {name.lower(): text for name, text in sent["headers"].items()}, body)
    answer = respond(a_slack_room(stack, sent["secret"]), request, datetime.fromtimestamp(sent["now"], UTC), "ref")

    refused = 400 <= answer["statusCode"] < 500
    assert refused == (case["expect"] == "reject"), answer


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
