"""Claims about what the app hears: reactions, mentions, its Home, that it was thrown out; and how often."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.local_slack.an_app import AnApp
from tests.local_slack.conftest import Running, refused_door, run
from tests.local_slack.waiting import until

HERE, ELSEWHERE = "C0INCIDENTS", "C0GENERAL"


@pytest.fixture
def hasty(tmp_path: Path, app: AnApp) -> Iterator[Running]:
    """A local Slack whose retries come at once."""
    running = run(tmp_path, app, retry_after_s=(0.0, 0.05, 0.05))
    yield running
    running.handle.stop()


def heard(slack: Running) -> list[dict[str, Any]]:
    """The events that the app got."""
    return [given["event"] for path, given in slack.app.received if path == "/slack/events"]


def test_a_reaction_is_shown_counted_once_and_told_to_the_app(slack: Running) -> None:
    ts = slack.client.chat_postMessage(channel=HERE, text="card")["ts"]

    assert slack.door("react", user="U0ANA", channel=HERE, ts=ts, name=":stopwatch:")["ok"]
    slack.door("react", user="U0BEN", channel=HERE, ts=ts, name="stopwatch")

    assert heard(slack)[0] | {"event_ts": ""} == {
        "type": "reaction_added",
        "user": "U0ANA",
        "reaction": "stopwatch",
        "item_user": "U0DEADAIR",
        "item": {"type": "message", "channel": HERE, "ts": ts},
        "event_ts": "",
    }
    got = slack.client.api_call("reactions.get", http_verb="GET", params={"channel": HERE, "timestamp": ts})["message"]
    assert got["reactions"] == [{"name": "stopwatch", "users": ["U0ANA", "U0BEN"], "count": 2}]
    assert got["permalink"].endswith(f"/archives/{HERE}/p{ts.replace('.', '')}")


def test_a_reaction_is_taken_away_and_cannot_be_given_twice(slack: Running) -> None:
    ts = slack.client.chat_postMessage(channel=HERE, text="card")["ts"]
    slack.door("react", user="U0ANA", channel=HERE, ts=ts, name="eyes")

    assert refused_door(slack, "react", user="U0ANA", channel=HERE, ts=ts, name="eyes") == "already_reacted"
    slack.door("react", user="U0ANA", channel=HERE, ts=ts, name="eyes", away=True)

    assert [event["type"] for event in heard(slack)] == ["reaction_added"]  # nobody asked to hear of the other
    assert refused_door(slack, "react", user="U0ANA", channel=HERE, ts=ts, name="eyes", away=True) == "no_reaction"
    assert refused_door(slack, "react", user="U0ANA", channel=HERE, ts=ts, name="No Emoji!") == "invalid_name"


def test_the_app_may_react_only_with_the_scope_for_it(slack: Running) -> None:
    ts = slack.client.chat_postMessage(channel=HERE, text="card")["ts"]

    with pytest.raises(SlackApiError) as caught:
        slack.client.reactions_add(channel=HERE, timestamp=ts, name="eyes")

    assert (caught.value.response["error"], caught.value.response["needed"]) == ("missing_scope", "reactions:write")
    assert "chat:write" in caught.value.response["provided"].split(",")


def test_a_mention_is_told_where_the_app_is_a_member_and_not_in_direct_messages(slack: Running) -> None:
    slack.door("message", user="U0ANA", channel=HERE, text="@Deadair what is open? @Ben Okafor")
    slack.door("message", user="U0ANA", channel=ELSEWHERE, text="@Deadair hello")
    slack.door("message", user="U0ANA", channel="D0ANA", text="@Deadair hello")

    (event,) = heard(slack)

    assert (event["type"], event["user"], event["channel"]) == ("app_mention", "U0ANA", HERE)
    assert event["text"] == "<@U0DEADAIR> what is open? <@U0BEN>"


def test_an_opened_home_carries_what_was_published(slack: Running) -> None:
    slack.door("home", user="U0ANA")
    assert "view" not in heard(slack)[-1]
    slack.client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [{"type": "divider"}]})
    slack.door("home", user="U0ANA", tab="messages")

    assert (heard(slack)[-1]["tab"], heard(slack)[-1]["view"]["type"]) == ("messages", "home")


def test_an_event_that_is_not_taken_comes_three_times_more(hasty: Running) -> None:
    hasty.app.answer = lambda path, given: (500, b"", "")

    answer = hasty.door("home", user="U0ANA")

    assert (answer["ok"], answer["status"]) == (False, 500)
    until(lambda: len(hasty.app.received) == 4)
    time.sleep(0.2)
    assert len({given["event_id"] for _, given in hasty.app.received}) == 1
    numbers = [headers.get("x-slack-retry-num") for headers in hasty.app.headers]
    assert numbers == [None, "1", "2", "3"]
    assert hasty.app.headers[1]["x-slack-retry-reason"] == "http_error"


def test_an_app_may_say_that_it_wants_no_retry(hasty: Running) -> None:
    hasty.app.more_headers = {"X-Slack-No-Retry": "1"}
    hasty.app.answer = lambda path, given: (500, b"", "")

    hasty.door("home", user="U0ANA")
    time.sleep(0.3)

    assert len(hasty.app.received) == 1


def test_retries_wait_as_slack_does_and_can_be_hurried(slack: Running) -> None:
    slack.app.answer = lambda path, given: (500, b"", "")
    slack.door("home", user="U0ANA")
    until(lambda: len(slack.app.received) == 2)

    assert slack.door("retry")["waiting"] == 1

    until(lambda: len(slack.app.received) == 3)


def test_a_command_or_a_click_is_never_retried(hasty: Running) -> None:
    hasty.app.answer = lambda path, given: (500, b"", "")

    hasty.door("command", user="U0ANA", text="list")
    hasty.door("shortcut", user="U0ANA", callback_id="open_incident")
    time.sleep(0.3)

    assert [path for path, _ in hasty.app.received] == ["/slack/commands", "/slack/interactions"]


@pytest.mark.parametrize(
    ("order", "event", "word"),
    [({}, "tokens_revoked", "token_revoked"), ({"uninstall": True}, "app_uninstalled", "account_inactive")],
)
def test_an_app_that_is_thrown_out_is_told_and_refused(
    slack: Running, order: dict[str, bool], event: str, word: str
) -> None:
    slack.door("revoke", **order)

    assert heard(slack)[-1]["type"] == event
    with pytest.raises(SlackApiError) as caught:
        slack.client.auth_test()
    assert caught.value.response["error"] == word
    slack.door("home", user="U0ANA")
    assert heard(slack)[-1]["type"] == event
    slack.door("install")
    assert slack.client.auth_test()["ok"]


def test_without_its_scope_an_event_is_not_told_and_a_method_refused(slack: Running) -> None:
    slack.door("install", without=["reactions:read", "users:read.email", "im:history", "commands"])
    ts = slack.client.chat_postMessage(channel=HERE, text="card")["ts"]

    slack.door("react", user="U0ANA", channel=HERE, ts=ts, name="eyes")

    assert heard(slack) == []
    assert "email" not in slack.client.users_info(user="U0ANA")["user"]["profile"]
    assert slack.client.conversations_history(channel=HERE)["ok"]
    with pytest.raises(SlackApiError, match="missing_scope"):
        slack.client.conversations_history(channel="D0ANA")
    with pytest.raises(SlackApiError, match="missing_scope"):
        slack.client.users_lookupByEmail(email="ana.lima@example.com")
    assert slack.client.auth_test().headers["x-oauth-scopes"].startswith("app_mentions:read,channels:history")
    slack.door("command", user="U0ANA", text="list")
    assert "not a command here" in slack.last("U0ANA")["text"]
    assert slack.app.received == []


@pytest.mark.parametrize(
    ("mode", "came", "error"),
    [("app_gone", 0, "dispatch_failed"), ("app_twice", 2, None), ("app_lost_answer", 1, "operation_timeout")],
)
def test_the_way_to_the_app_can_fail(slack: Running, mode: str, came: int, error: str | None) -> None:
    slack.door("fail", mode=mode, count=1, methods=["command"], people=["U0ANA"])
    slack.door("command", user="U0BEN", text="list")
    slack.app.received.clear()

    answer = slack.door("command", user="U0ANA", text="list")

    assert (len(slack.app.received), answer.get("error")) == (came, error)
    assert slack.door("command", user="U0ANA", text="list")["ok"]


@pytest.mark.parametrize("mode", ["app_forged", "app_stale"])
def test_requests_to_the_app_can_be_forged_and_stale(slack: Running, mode: str) -> None:
    slack.door("fail", mode=mode, count=1)

    slack.door("command", user="U0ANA", text="list")

    assert (slack.app.forged, slack.app.received) == (1, [])
