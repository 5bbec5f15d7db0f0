"""Claims about the switches: what fails, for whom, how often, how long; and that all is well afterwards."""

from __future__ import annotations

import json
import math
import urllib.request
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError, URLError

import pytest
from slack_sdk.errors import SlackApiError

from infra.local.slack.failures import Failures
from infra.local.slack.pace import PER_MINUTE, Pace
from infra.local.slack.switches import MODES
from tests.local_slack.conftest import Running, refused
from tests.local_slack.waiting import until

HERE = "C0INCIDENTS"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    """A moment so many seconds later."""
    return NOW + timedelta(seconds=seconds)


def answers(slack: Running) -> bool:
    """Whether anybody listens at its address."""
    try:
        with urllib.request.urlopen(f"{slack.handle.url}/_local/session", timeout=2):
            return True
    except (URLError, ConnectionError):
        return False


def test_a_switch_is_for_some_people_and_some_methods_only(slack: Running) -> None:
    slack.door("fail", mode="ok_false", error="fatal_error", methods=["chat.postMessage"], people=["D0ANA"])

    assert refused(slack, "chat.postMessage", channel="U0ANA", text="x")["error"] == "fatal_error"
    assert refused(slack, "chat.postMessage", channel="D0ANA", text="x")["error"] == "fatal_error"
    assert slack.client.chat_postMessage(channel="U0BEN", text="x")["ok"]
    assert slack.client.users_info(user="U0ANA")["ok"]


def test_several_switches_stand_beside_each_other(slack: Running) -> None:
    slack.door("fail", mode="ok_false", error="one", methods=["auth.test"])
    slack.door("fail", mode="ok_false", error="two", methods=["users.info"], also=True)

    assert refused(slack, "auth.test")["error"] == "one"
    assert refused(slack, "users.info")["error"] == "two"
    assert [one["error"] for one in slack.state()["fail"]["all"]] == ["one", "two"]
    slack.door("fail", mode="none")
    assert slack.client.auth_test()["ok"]


def test_a_switch_ends_by_itself_after_its_time() -> None:
    failures = Failures()
    failures.throw({"mode": "rate", "seconds": 10}, NOW)

    waits = [failures.over_pace("chat.postMessage", HERE, after(s)) for s in (0, 0.5, 1.5, 9.9, 9.95, 10.0)]

    assert waits == [0, 1, 0, 0, 1, 0]


def test_a_small_burst_is_allowed_when_asked_for() -> None:
    pace = Pace(3, tiers=False)

    waits = [pace.wait("chat.postMessage", HERE, after(0)) for _ in range(4)]

    assert waits == [0, 0, 0, 1]
    assert pace.wait("chat.postMessage", HERE, after(1)) == 0
    assert pace.wait("chat.postMessage", "C0OTHER", after(1)) == 0


@pytest.mark.parametrize(("method", "tier"), [("users.list", 2), ("conversations.history", 3), ("users.info", 4)])
def test_each_method_keeps_its_documented_tier(method: str, tier: int) -> None:
    pace = Pace(1, tiers=True)
    most = PER_MINUTE[tier]

    waits = [pace.wait(method, "", after(0)) for _ in range(most + 1)]

    assert waits[:-1] == [0] * most
    assert waits[-1] == math.ceil(60 / most)
    assert pace.wait(method, "", after(60)) == 0


def test_a_slack_that_is_gone_refuses_connections_and_comes_back_with_everything(slack: Running) -> None:
    slack.client.chat_postMessage(channel=HERE, text="kept")
    slack.door("fail", mode="gone", seconds=0.8)

    until(lambda: not answers(slack))
    with pytest.raises(URLError, match="refused"):
        slack.state()
    until(lambda: answers(slack))

    assert slack.last()["text"] == "kept"
    assert slack.client.chat_postMessage(channel=HERE, text="again")["ok"]


def test_a_slack_that_answers_with_a_page_is_no_answer(slack: Running) -> None:
    slack.door("fail", mode="garbage", count=1)

    with pytest.raises(SlackApiError, match="non-JSON"):
        slack.client.auth_test()


def test_response_addresses_fail_too(slack: Running) -> None:
    slack.door("command", user="U0ANA", text="list")
    given = slack.app.received[-1][1]
    slack.door("fail", mode="500", methods=["response_url"], count=1)

    with pytest.raises(HTTPError) as caught:
        slack.app.reply_later(given, {"text": "late"})
    caught.value.close()
    assert slack.app.reply_later(given, {"text": "late"}) == 200
    assert slack.last("U0ANA")["text"] == "late"


def test_the_modes_are_told_to_the_page_and_an_unknown_one_is_refused(slack: Running) -> None:
    with urllib.request.urlopen(f"{slack.handle.url}/_local/session", timeout=2) as response:
        assert json.loads(response.read())["modes"] == list(MODES)
    with pytest.raises(HTTPError) as caught:
        slack.door("fail", mode="earthquake")
    with caught.value as refusal:
        assert "use one of none, gone" in refusal.read().decode()
    with pytest.raises(HTTPError) as caught:
        slack.door("fail", mode="500", seconds="soon")
    caught.value.close()
