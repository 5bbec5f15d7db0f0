"""Claims about `apps.manifest.validate`: a manifest in order is taken, each fault is named with its place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from infra.local.slack.installed import BOT_EVENTS, COMMAND, SHORTCUTS, USAGE_HINT
from infra.local.slack.scopes import GRANTED
from infra.local.slack.web_api.manifest import problems_of
from tests.local_slack.conftest import Running, refused

Json = dict[str, Any]
HOST = "https://deadair.example"
GOOD: Json = {
    "_metadata": {"major_version": 1, "minor_version": 1},
    "display_information": {"name": "Deadair", "long_description": "x" * 175, "background_color": "#12605c"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "deadair"},
        "slash_commands": [
            {"command": COMMAND, "url": f"{HOST}/slack/commands", "description": "x", "usage_hint": USAGE_HINT}
        ],
        "shortcuts": [{**shortcut, "description": "x"} for shortcut in SHORTCUTS],
    },
    "oauth_config": {"redirect_urls": [f"{HOST}/auth/callback"], "scopes": {"bot": sorted(GRANTED)}},
    "settings": {
        "interactivity": {"is_enabled": True, "request_url": f"{HOST}/slack/interactions"},
        "event_subscriptions": {"request_url": f"{HOST}/slack/events", "bot_events": sorted(BOT_EVENTS)},
    },
}


def changed(pointer: str, value: object) -> Json:
    """The good manifest with another value in one place."""
    manifest = copy.deepcopy(GOOD)
    *way, last = pointer.strip("/").split("/")
    place: Any = manifest
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value
    return manifest


def test_what_is_installed_here_makes_a_manifest_that_slack_takes(slack: Running) -> None:
    assert problems_of(GOOD) == []
    assert slack.client.api_call("apps.manifest.validate", params={"manifest": json.dumps(GOOD)})["ok"]


@pytest.mark.parametrize(
    ("pointer", "value", "at"),
    [
        ("/display_information/name", "x" * 36, "/display_information/name"),
        ("/display_information/long_description", "short", "/display_information/long_description"),
        ("/features/shortcuts/0/name", "x" * 25, "/features/shortcuts/0/name"),
        ("/features/slash_commands/0/usage_hint", "x" * 1001, "/features/slash_commands/0/usage_hint"),
        ("/features/slash_commands/0/url", "deadair.example", "/features/slash_commands/0/url"),
        ("/features/slash_commands/0/colour", "red", "/features/slash_commands/0"),
        ("/settings/event_subscriptions", {"bot_events": ["app_mention"]}, "/settings"),
        ("/settings/interactivity", {"is_enabled": False}, "/features/shortcuts"),
        ("/settings/interactivity", {"is_enabled": True}, "/settings/interactivity"),
    ],
)
def test_a_fault_is_named_with_its_place(pointer: str, value: object, at: str) -> None:
    assert [problem["pointer"] for problem in problems_of(changed(pointer, value))] == [at]


def test_a_manifest_that_is_refused_says_why(slack: Running) -> None:
    answer = refused(slack, "apps.manifest.validate", manifest=json.dumps({"features": {}}))

    assert answer["error"] == "invalid_manifest"
    assert answer["errors"] == [{"message": "missing property: display_information", "pointer": "/"}]
    assert refused(slack, "apps.manifest.validate", manifest="{")["error"] == "invalid_manifest"
