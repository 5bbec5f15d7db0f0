"""The running local Slack, called as the rooms call it: with Slack's own client, and by its doors."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from infra.local.slack.server import listen
from tests.local_slack.an_app import TOKEN, AnApp, as_json
from tests.local_slack.conftest import Running, run

HERE = "C0INCIDENTS"
CARD: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "INC-42"}},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "ack", "value": "42", "text": {"type": "plain_text", "text": "Acknowledge"}}
        ],
    },
]


def refused(slack: Running, method: str, **arguments: Any) -> str:
    """Return Slack's word for why it refuses."""
    with pytest.raises(SlackApiError) as caught:
        slack.client.api_call(method, json=arguments)
    return str(caught.value.response["error"])


def test_a_card_is_posted_and_edited_in_place_and_its_wordings_are_kept(slack: Running) -> None:
    """One message, its newest wording, and every earlier one for the tests."""
    about = {"event_type": "card", "event_payload": {"incident": "INC-42"}}
    ts = slack.client.chat_postMessage(channel=HERE, text="open", blocks=CARD, metadata=about)["ts"]
    slack.client.chat_update(channel=HERE, ts=ts, text="acknowledged")
    assert [block["type"] for block in slack.last()["blocks"]] == ["header", "actions"]
    slack.client.chat_update(channel=HERE, ts=ts, text="acknowledged", blocks=[])
    assert slack.last()["blocks"] == []
    history = slack.client.conversations_history(channel=HERE, include_all_metadata=True)["messages"]
    assert [message["text"] for message in history] == ["acknowledged"]
    assert history[0]["metadata"] == about
    assert history[0]["edited"]["user"] == "U0DEADAIR"
    assert [edit["text"] for edit in slack.last()["edits"]] == ["open", "acknowledged"]


def test_what_slack_refuses_is_refused_with_slacks_word(slack: Running) -> None:
    """Each documented error, once."""
    assert refused(slack, "chat.postMessage", channel=HERE) == "no_text"
    assert refused(slack, "chat.postMessage", channel=HERE, text="x" * 40_001) == "msg_too_long"
    assert refused(slack, "chat.postMessage", channel="C0NOWHERE", text="x") == "channel_not_found"
    assert refused(slack, "chat.postMessage", channel="C0GENERAL", text="x") == "not_in_channel"
    assert refused(slack, "chat.postMessage", channel=HERE, blocks=[{"type": "nope"}]) == "invalid_blocks"
    assert refused(slack, "chat.postMessage", channel=HERE, blocks="[") == "invalid_blocks_format"
    assert refused(slack, "chat.postMessage", channel=HERE, text="x", thread_ts="1.000000") == "thread_not_found"
    assert refused(slack, "chat.postMessage", channel=HERE, text="x", metadata={"a": 1}) == "invalid_metadata_schema"
    assert refused(slack, "chat.update", channel=HERE, ts="1.000000", text="x") == "message_not_found"
    ts = slack.client.chat_postMessage(channel=HERE, text="x")["ts"]
    assert refused(slack, "chat.update", channel=HERE, ts=ts, text="x" * 4001) == "msg_too_long"
    assert refused(slack, "chat.postEphemeral", channel=HERE, user="U0GONE", text="x") == "user_not_found"
    assert refused(slack, "users.lookupByEmail", email="nobody@example.com") == "users_not_found"
    assert refused(slack, "no.such") == "unknown_method"
    long = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2500}}] * 5
    assert refused(slack, "chat.postMessage", channel=HERE, blocks=long) == "msg_blocks_too_long"


def test_a_wrong_token_is_refused(slack: Running) -> None:
    """Before anything is done."""
    stranger = WebClient("xoxb-wrong", base_url=f"{slack.handle.url}/api/")
    with pytest.raises(SlackApiError) as caught:
        stranger.auth_test()
    assert caught.value.response["error"] == "invalid_auth"


def test_form_json_and_query_arguments_are_one(slack: Running) -> None:
    """Slack's methods take all three."""
    blocks = json.dumps(CARD)
    assert slack.client.api_call("chat.postMessage", data={"channel": HERE, "blocks": blocks, "text": "x"})["ok"]
    assert (
        slack.client.api_call("users.info", http_verb="GET", params={"user": "U0ANA"})["user"]["tz"] == "Europe/Lisbon"
    )
    assert slack.client.users_lookupByEmail(email="ANA.lima@example.com")["user"]["id"] == "U0ANA"


def test_a_direct_message_is_opened_by_the_person(slack: Running) -> None:
    """And nobody else may read it."""
    channel = slack.client.conversations_open(users="U0ANA")["channel"]["id"]
    slack.client.chat_postMessage(channel=channel, text="yours")
    assert slack.client.conversations_history(channel=channel)["messages"][0]["text"] == "yours"
    with pytest.raises(HTTPError) as caught:
        slack.door("message", user="U0BEN", channel=channel, text="hello")
    caught.value.close()


def test_a_thread_hangs_below_its_message(slack: Running) -> None:
    """History shows the parent with its count; replies show both."""
    ts = slack.client.chat_postMessage(channel=HERE, text="card")["ts"]
    slack.client.chat_postMessage(channel=HERE, text="a line", thread_ts=ts)
    assert [m["reply_count"] for m in slack.client.conversations_history(channel=HERE)["messages"]] == [1]
    assert [m["text"] for m in slack.client.conversations_replies(channel=HERE, ts=ts)["messages"]] == [
        "card",
        "a line",
    ]


def test_history_is_paged_newest_first(slack: Running) -> None:
    """The cursor goes on where the page ended."""
    for text in ("one", "two", "three"):
        slack.client.chat_postMessage(channel=HERE, text=text)
    first = slack.client.conversations_history(channel=HERE, limit=2)
    assert [message["text"] for message in first["messages"]] == ["three", "two"]
    rest = slack.client.conversations_history(channel=HERE, cursor=first["response_metadata"]["next_cursor"])
    assert [message["text"] for message in rest["messages"]] == ["one"]
    assert not rest["has_more"]


def test_a_hard_kill_loses_nothing_that_was_answered(tmp_path: Path, app: AnApp) -> None:
    """The process dies by SIGKILL right after its answer; the next one has the message."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "infra.local.slack", "--port", str(port), "--state-dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"Local Slack")
        WebClient("xoxb-try", base_url=f"http://localhost:{port}/api/").chat_postMessage(channel=HERE, text="kept")
        process.kill()
    second = run(tmp_path, app)
    assert second.last()["text"] == "kept"
    second.handle.stop()


def test_a_command_reaches_the_app_signed_and_its_answer_only_the_person(slack: Running) -> None:
    """The form is Slack's; the answer in the HTTP response is ephemeral by default."""
    slack.app.answer = lambda path, given: as_json({"text": "done"})
    slack.door("command", user="U0ANA", channel=HERE, text="/incident assign 42 @ben.okafor <now>")
    path, given = slack.app.received[0]
    assert path == "/slack/commands"
    assert given["command"] == "/incident"
    assert given["text"] == "assign 42 <@U0BEN|ben.okafor> &lt;now&gt;"
    assert given["team_id"] == "T0DEADAIR"
    assert given["channel_name"] == "incidents"
    assert slack.app.forged == 0
    assert slack.last("U0ANA")["text"] == "done"


def test_a_later_answer_comes_by_the_response_address(slack: Running) -> None:
    """In the channel when it says so."""
    slack.door("command", user="U0ANA", channel=HERE, text="list")
    slack.app.reply_later(slack.app.received[0][1], {"response_type": "in_channel", "text": "for all"})
    assert slack.last()["text"] == "for all"


def test_a_silent_app_is_told_to_the_person_after_three_seconds(slack: Running) -> None:
    """Slack's own words: operation_timeout."""
    wait = threading.Event()

    def hang(path: str, given: dict[str, Any]) -> tuple[int, bytes, str]:
        wait.wait(10)
        return 200, b"", ""

    slack.app.answer = hang
    began = time.monotonic()
    slack.door("command", user="U0ANA", channel=HERE, text="list")
    took = time.monotonic() - began
    wait.set()
    assert slack.last("U0ANA")["text"] == '/incident failed with the error "operation_timeout"'
    assert 2.9 < took < 5


def test_a_failing_app_and_a_refused_answer_are_told_to_the_person(slack: Running) -> None:
    """A status of 500, and blocks that Slack would not show."""
    slack.app.answer = lambda path, given: (500, b"boom", "text/plain")
    slack.door("command", user="U0ANA", text="list")
    assert slack.last("U0ANA")["text"] == '/incident failed with the error "dispatch_failed"'
    slack.app.answer = lambda path, given: as_json({"blocks": [{"type": "nope"}]})
    slack.door("command", user="U0ANA", text="list")
    assert slack.last("U0ANA")["text"] == '/incident failed with the error "invalid_command_response"'


def test_a_click_tells_the_app_what_was_pressed_and_may_replace_the_message(slack: Running) -> None:
    """Through the response address; a body in the acknowledgement is ignored, as Slack does, and noted."""
    ts = slack.client.chat_postMessage(channel=HERE, text="card", blocks=CARD)["ts"]
    slack.app.answer = lambda path, given: as_json({"text": "ignored"})
    assert slack.door("click", user="U0ANA", channel=HERE, ts=ts, action_id="ack")["ok"]
    _, given = slack.app.received[0]
    assert given["type"] == "block_actions"
    assert given["actions"][0]["value"] == "42"
    assert given["container"] == {"type": "message", "message_ts": ts, "channel_id": HERE, "is_ephemeral": False}
    assert given["message"]["ts"] == ts
    slack.app.reply_later(given, {"replace_original": True, "text": "acknowledged"})
    assert [m["text"] for m in slack.client.conversations_history(channel=HERE)["messages"]] == ["acknowledged"]
    assert "ignores it" in slack.state()["warnings"][0]


def test_a_modal_is_opened_filled_corrected_and_sent(slack: Running) -> None:
    """Errors keep it open; an empty answer closes it."""
    label = {"type": "plain_text", "text": "What"}
    field = {
        "type": "input",
        "block_id": "b",
        "label": label,
        "element": {"type": "plain_text_input", "action_id": "a"},
    }
    view = {"type": "modal", "callback_id": "note", "title": label, "submit": label, "blocks": [field]}
    slack.door("command", user="U0ANA", text="note")
    slack.client.views_open(trigger_id=slack.app.received[0][1]["trigger_id"], view=view)
    slack.app.answer = lambda path, given: as_json({"response_action": "errors", "errors": {"b": "too short"}})
    values = {"b": {"a": {"type": "plain_text_input", "value": "x"}}}
    assert slack.door("submit", user="U0ANA", values=values) == {"ok": False, "errors": {"b": "too short"}}
    slack.app.answer = lambda path, given: (200, b"", "")
    assert slack.door("submit", user="U0ANA", values=values)["ok"]
    assert slack.app.received[-1][1]["view"]["state"]["values"] == values
    with pytest.raises(HTTPError) as caught:
        slack.door("submit", user="U0ANA", values=values)
    caught.value.close()


@pytest.mark.parametrize(("mode", "word"), [("429", "ratelimited"), ("ok_false", "internal_error")])
def test_a_thrown_switch_fails_as_often_as_told(slack: Running, mode: str, word: str) -> None:
    """And then Slack is well again."""
    slack.door("fail", mode=mode, count=1, methods=["chat.postMessage"])
    assert slack.client.auth_test()["ok"]
    assert refused(slack, "chat.postMessage", channel=HERE, text="x") == word
    assert slack.client.chat_postMessage(channel=HERE, text="x")["ok"]


def test_a_switch_may_fail_after_the_work_is_done(slack: Running) -> None:
    """The caller sees 500, the message is there: this is how duplicates are made."""
    slack.door("fail", mode="500", count=1, after=True)
    with pytest.raises(SlackApiError):
        slack.client.chat_postMessage(channel=HERE, text="once")
    assert slack.last()["text"] == "once"


def test_the_rate_of_one_message_a_second_can_be_switched_on(slack: Running) -> None:
    """Per channel, with Retry-After."""
    slack.door("fail", mode="rate")
    slack.client.chat_postMessage(channel=HERE, text="1")
    with pytest.raises(SlackApiError) as caught:
        slack.client.chat_postMessage(channel=HERE, text="2")
    assert caught.value.response.headers["retry-after"] == "1"
    assert slack.client.chat_postMessage(channel="U0ANA", text="elsewhere")["ok"]


def test_messages_and_people_are_there_after_a_restart(tmp_path: Path, app: AnApp) -> None:
    """Also those that were added by the door."""
    first = run(tmp_path, app)
    first.client.chat_postMessage(channel=HERE, text="kept")
    first.door("people", id="U0NEW", name="New Person", email="new@example.com")
    first.handle.stop()
    second = run(tmp_path, app)
    assert second.last()["text"] == "kept"
    assert second.client.users_info(user="U0NEW")["user"]["real_name"] == "New Person"
    second.handle.stop()


def test_another_web_page_can_neither_read_nor_press_anything(slack: Running) -> None:
    """A foreign Origin is a forged request, a foreign Host is DNS rebinding."""
    parts = urlsplit(slack.handle.url)
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        connection = http.client.HTTPConnection("127.0.0.1", parts.port or 0, timeout=5)
        connection.request("POST", "/_local/command", b'{"user":"U0ANA","text":"list"}', headers)
        assert connection.getresponse().status == 403
        connection.close()
    assert slack.app.received == []


def test_a_taken_port_is_an_error_at_once() -> None:
    """The supervisor says by what flag to move."""
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_the_token_is_never_in_the_state(slack: Running) -> None:
    """Nor is the signing secret."""
    slack.door("command", user="U0ANA", text="list")
    assert TOKEN not in json.dumps(slack.state())
