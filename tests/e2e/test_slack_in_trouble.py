"""Claims about a Slack in trouble while people work: what they asked for and what they are to hear arrives once.

The trouble is short here: the first delivery of each message fails, and the queue brings it back after ten seconds.
"""

import json
import re
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.slack.signature import sign
from deadair.domain.standing_error import Kind
from infra.target import Target
from tests.builders import an_event_body
from tests.local_slack import doors
from tests.rooms.slack_rooms import CHANNEL
from tests.stack import Deadair, Register

pytestmark = pytest.mark.stack
AWAY_S = 1.5
# In the last nobody can be reached at all.
TROUBLES: tuple[dict[str, Any], ...] = (
    {"mode": "429", "retry_after": 2},
    {"mode": "500"},
    {"mode": "hang"},
    {"mode": "gone", "seconds": AWAY_S},
)
TYPED = ("note {n} {words}", "ack {n} {words}", "resolve {n} {words}", "note {n} {words}")
# A delivery that fails on a busy machine comes again after half a minute, a minute, five.
PATIENCE_S = 450.0


@dataclass(frozen=True, slots=True)
class Case:
    """An incident, and what its owner typed about it."""

    number: int
    words: str
    acted: bool

    def owes(self, told: list[dict[str, Any]]) -> dict[str, int]:
        """How often Slack shows each thing about it: once, where nothing was lost and nothing doubled."""
        about = [one for one in told if re.search(rf"\bINC-{self.number}\b", json.dumps(one))]
        public = [one for one in about if one["channel"] == CHANNEL and not one["ephemeral_to"]]
        lines = [one for one in told if one.get("thread_ts") and self.words in json.dumps(one)]
        shown = {
            "cards": sum(not one.get("thread_ts") for one in public),
            "lines": sum(json.dumps(one["blocks"]).count(self.words) for one in lines),
        }
        # Whoever has acted by then need not be told. What was kept for a moment is answered there as well.
        direct = sum(one["channel"].startswith("D") and "(ref " not in one["text"] for one in about)
        return shown | {"direct": max(direct, 1) if self.acted else direct}


ONCE = {"cards": 1, "lines": 1, "direct": 1}


@pytest.fixture
def healed(stack: Target) -> Iterator[None]:
    """Whatever becomes of the claim, the session's Slack works afterwards."""
    yield
    _back(stack)
    doors.use(stack.slack, "fail", {"mode": "none"})


@pytest.mark.usefixtures("healed")
def test_fault_26_a_slack_in_every_kind_of_trouble_loses_no_command_and_no_notice_and_doubles_none(
    stack: Target, deadair: Deadair, register: Register
) -> None:
    run = uuid4().hex[:6]
    owners = [f"U0T{run}{nth}".upper() for nth in range(len(TROUBLES))]
    slugs = [register(owner=_person(who)) for who in owners]
    cases = [
        _in_trouble(stack, order, slug, who, typed)
        for order, slug, who, typed in zip(TROUBLES, slugs, owners, TYPED, strict=True)
    ]
    doors.use(stack.slack, "fail", {"mode": "none"})

    shown = _settled(stack, cases)
    assert shown == {case.number: ONCE for case in cases}
    assert not [error for error in _standing(stack) if error.kind is Kind.UNDELIVERED]
    assert deadair("verify")[0] == 0
    assert _settled(stack, cases) == shown, "nothing comes after the last"


def _person(who: str) -> dict[str, str]:
    return {"name": f"Person {who}", "email": f"{who.lower()}@example.com", "slack_id": who}


def _in_trouble(stack: Target, order: dict[str, Any], slug: str, who: str, typed: str) -> Case:
    """An incident opens while Slack is in that trouble, and its owner types something about it."""
    began = time.monotonic()
    doors.use(stack.slack, "fail", order)
    body = an_event_body(f"{slug}-silence")
    stack.client("sqs").send_message(QueueUrl=stack.outputs["IntakeQueueUrl"], MessageBody=body)
    case = Case(_opened(stack, slug), f"words-of-{who}", acted=not typed.startswith("note"))
    time.sleep(max(0.0, AWAY_S - (time.monotonic() - began)))
    if order["mode"] == "gone":
        _back(stack)
    answer = _typed(stack, who, typed.format(n=case.number, words=case.words))
    assert f"INC-{case.number}" in answer or "Saved to the queue" in answer
    return case


def _typed(stack: Target, who: str, text: str) -> str:
    """The answer to a command, as the room gives it to Slack; a busy machine may take longer than Slack would wait."""
    name = "/deadair/local/slack/signing-secret"
    secret = stack.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    form = {"team_id": "T0DEADAIR", "channel_id": CHANNEL, "user_id": who, "command": "/incident", "text": text}
    body, stamp = urlencode(form | {"trigger_id": uuid4().hex}).encode(), str(int(time.time()))
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": sign(secret, stamp, body)}
    request = urllib.request.Request(f"{stack.web}/slack/commands", body, headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return str(json.loads(response.read())["text"])


def _opened(stack: Target, slug: str) -> int:
    store, until = IncidentStore(stack.client("dynamodb"), stack.outputs["IncidentsTable"]), time.monotonic() + 30
    while time.monotonic() < until:
        if found := [one.number for one in store.open_incidents(1000) if one.integration == slug]:
            return found[0]
        time.sleep(0.1)
    raise TimeoutError(slug)


def _back(stack: Target) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            doors.state(stack.slack)
        except OSError:
            time.sleep(0.1)
        else:
            return


def _settled(stack: Target, cases: list[Case]) -> dict[int, dict[str, int]]:
    """What Slack shows of each, when everything is there or nobody would wait any longer."""
    until, shown = time.monotonic() + PATIENCE_S, {}
    while time.monotonic() < until:
        told = [one for one in doors.state(stack.slack)["messages"] if not one["deleted"]]
        shown = {case.number: case.owes(told) for case in cases}
        if all(min(counts.values()) for counts in shown.values()):
            break
        time.sleep(1)
    return shown


def _standing(stack: Target) -> list[Any]:
    return StandingErrors(stack.client("dynamodb"), stack.outputs["IncidentsTable"]).all()
