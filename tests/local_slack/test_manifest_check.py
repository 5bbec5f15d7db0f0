"""Claims about `apps.manifest.validate`: a manifest in order is taken, each fault is named with its place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from infra.local.slack.web_api.manifest import problems_of
from infra.slack_app.manifest import manifest as made
from tests.local_slack.conftest import Running, refused

Json = dict[str, Any]
GOOD: Json = made("https://deadair.example")


def changed(pointer: str, value: object) -> Json:
    """The good manifest with another value in one place."""
    manifest = copy.deepcopy(GOOD)
    *way, last = pointer.strip("/").split("/")
    place: Any = manifest
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value
    return manifest


def test_our_manifest_is_one_that_slack_takes(slack: Running) -> None:
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
