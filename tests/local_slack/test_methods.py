"""Claims about the methods that read: pages, threads, people, channels; and about who is no member any more."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.local_slack.conftest import Running, refused

HERE = "C0INCIDENTS"


def said(messages: list[dict[str, Any]]) -> list[str]:
    """What the messages say."""
    return [message["text"] for message in messages]


def test_a_thread_is_read_page_by_page_and_each_page_begins_with_its_first_message(slack: Running) -> None:
    first = slack.client.chat_postMessage(channel=HERE, text="card")["ts"]
    for number in range(3):
        slack.client.chat_postMessage(channel=HERE, text=str(number), thread_ts=first)

    page = slack.client.conversations_replies(channel=HERE, ts=first, limit=2)
    rest = slack.client.conversations_replies(
        channel=HERE, ts=first, limit=2, cursor=page["response_metadata"]["next_cursor"]
    )

    assert (said(page["messages"]), page["has_more"]) == (["card", "0", "1"], True)
    assert (said(rest["messages"]), rest["has_more"]) == (["card", "2"], False)
    assert page["messages"][0]["reply_count"] == 3


def test_history_includes_its_ends_only_when_asked(slack: Running) -> None:
    one, two, three = (slack.client.chat_postMessage(channel=HERE, text=text)["ts"] for text in ("1", "2", "3"))

    between = slack.client.conversations_history(channel=HERE, oldest=one, latest=three)["messages"]
    all_three = slack.client.conversations_history(channel=HERE, oldest=one, latest=three, inclusive=True)["messages"]

    assert (said(between), said(all_three)) == (["2"], ["3", "2", "1"])
    assert between[0]["ts"] == two


def test_channels_and_members_are_listed_for_whoever_may_see_them(slack: Running) -> None:
    assert refused(slack, "conversations.list")["needed"] == "channels:read"
    slack.door("install", scopes=["channels:read", "im:read", "users:read"])

    channels = slack.client.conversations_list(types="public_channel,im")["channels"]

    assert [channel["id"] for channel in channels] == [HERE, "C0GENERAL", "D0ANA", "D0BEN"]
    assert slack.client.conversations_members(channel=HERE)["members"] == ["U0ANA", "U0BEN", "U0DEADAIR"]
    assert slack.client.conversations_members(channel="C0GENERAL")["members"] == ["U0ANA", "U0BEN"]
    assert slack.client.conversations_info(channel=HERE)["channel"]["is_member"]
    assert slack.client.bots_info()["bot"]["user_id"] == "U0DEADAIR"


def test_whoever_is_deactivated_is_told_as_such_and_not_found_by_address(slack: Running) -> None:
    slack.door("people", id="U0BEN", name="Ben Okafor", email="ben.okafor@example.com", deleted=True)

    assert slack.client.users_info(user="U0BEN")["user"]["deleted"]
    with pytest.raises(SlackApiError, match="users_not_found"):
        slack.client.users_lookupByEmail(email="ben.okafor@example.com")
    assert refused(slack, "conversations.open", users="U0BEN")["error"] == "user_disabled"
    slack.door("install", scopes=["channels:read"])
    assert "U0BEN" not in slack.client.conversations_members(channel=HERE)["members"]


def test_only_its_own_messages_may_be_changed_or_deleted_by_the_app(slack: Running) -> None:
    ts = slack.door("message", user="U0ANA", channel=HERE, text="mine")["ts"]

    assert refused(slack, "chat.update", channel=HERE, ts=ts, text="yours")["error"] == "cant_update_message"
    assert refused(slack, "chat.delete", channel=HERE, ts=ts)["error"] == "cant_delete_message"


def test_a_method_that_reads_hears_nothing_in_a_json_body(slack: Running) -> None:
    ts = slack.client.chat_postMessage(channel=HERE, text="card")["ts"]

    assert refused(slack, "chat.getPermalink", channel=HERE, message_ts=ts)["error"] == "channel_not_found"
    assert slack.client.chat_getPermalink(channel=HERE, message_ts=ts)["ok"]
