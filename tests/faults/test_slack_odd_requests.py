"""Claims about what anybody may send to Slack's door: no event of any shape raises, and nothing unsigned is read."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from deadair.adapters.slack.signature import sign
from tests.rooms.slack_rooms import SECRET, SLACK_PATH, Neighbours, SlackRoom, a_process, neighbours, room

__all__ = ["neighbours", "room"]
pytestmark = pytest.mark.stack
PATHS = ("commands", "interactions", "events", "options")
odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.binary(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(["rawPath", "headers", "body", "isBase64Encoded", "version", "requestContext"])
header_names = st.sampled_from(
    ["x-slack-signature", "X-Slack-Request-Timestamp", "x-slack-request-timestamp", "Content-Type"]
)
headers = st.dictionaries(header_names | st.text(max_size=12), st.text(max_size=90) | odd, max_size=5)
lively = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@lively
@given(event=odd | st.dictionaries(names, odd, max_size=6) | st.fixed_dictionaries({"headers": headers, "body": odd}))
@example(event={"headers": {"x-slack-signature": "v0=\ud800", "x-slack-request-timestamp": "٣٣"}, "body": "\ud800"})
@example(event={"body": "====", "isBase64Encoded": True})
def test_fault_28_no_event_raises_and_none_without_a_signature_is_answered(room: SlackRoom, event: Any) -> None:
    assert room.handler(event, None)["statusCode"] == 401


@lively
@given(
    path=st.sampled_from(PATHS),
    body=st.binary(max_size=300) | odd.map(lambda one: repr(one).encode("utf-8", "replace")),
)
def test_fault_28_no_bytes_raise_though_they_are_signed(room: SlackRoom, path: str, body: bytes) -> None:
    assert room.post(path, body)["statusCode"] in {200, 400, 403}


payloads = st.dictionaries(
    st.sampled_from(
        ["type", "team", "user", "actions", "view", "response_url", "container", "event", "callback_id", "message"]
    ),
    odd | st.sampled_from(["block_actions", "view_submission", "shortcut", "message_action", "event_callback"]),
    max_size=8,
)


@lively
@given(path=st.sampled_from(PATHS), payload=payloads)
def test_fault_28_no_payload_raises_though_it_is_signed(room: SlackRoom, path: str, payload: dict[str, Any]) -> None:
    text = json.dumps(payload, default=repr)
    body = text.encode() if path == "events" else urlencode({"payload": text}).encode()
    assert room.post(path, body)["statusCode"] in {200, 400, 403}


@lively
@given(stamp=st.text(max_size=14), signature=st.text(max_size=80), body=st.binary(max_size=60))
def test_fault_28_no_stamp_and_no_signature_raise(room: SlackRoom, stamp: str, signature: str, body: bytes) -> None:
    odd_headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    assert room.post("commands", body, headers=odd_headers)["statusCode"] == 401


def test_fault_28_while_the_secret_is_exchanged_both_hold_and_no_third(neighbours: Neighbours) -> None:
    ssm = neighbours.target.client("ssm")
    path = f"{SLACK_PATH}-two"
    for name, value in (("signing-secret", f"{SECRET}\nthe-next-secret"), ("bot-token", "t")):
        ssm.put_parameter(Name=f"{path}/{name}", Value=value, Type="SecureString", Overwrite=True)
    with a_process("slack_commands.handler", neighbours.environment | {"SLACK_SECRETS": path}) as module:
        two = SlackRoom(module.handler, neighbours)
        answers = [
            two.post("commands", b"ssl_check=1", secret=secret) for secret in (SECRET, "the-next-secret", "third", "")
        ]
    assert [answer["statusCode"] for answer in answers] == [200, 200, 401, 401]


def test_fault_28_a_body_in_base64_is_checked_by_the_bytes_that_slack_signed(room: SlackRoom) -> None:
    body, stamp = b"ssl_check=1&text=%E2%80%9C", str(int(datetime.now(UTC).timestamp()))
    signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": sign(SECRET, stamp, body)}
    event = {"rawPath": "/slack/commands", "headers": signed}
    whole = event | {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    assert room.handler(whole, None)["statusCode"] == 200
    assert room.handler(event | {"body": body.decode(), "isBase64Encoded": False}, None)["statusCode"] == 200
    assert (
        room.handler(event | {"body": base64.b64encode(body).decode(), "isBase64Encoded": False}, None)["statusCode"]
        == 401
    )
