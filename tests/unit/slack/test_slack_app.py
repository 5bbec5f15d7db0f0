"""Claims about the app as Slack is told of it: the least scopes, exactly what the rooms call, hear and answer."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.local.slack.scopes import NEEDED, NEEDED_TO_HEAR
from infra.local.slack.web_api.manifest import problems_of
from infra.slack_app import scopes
from infra.slack_app.manifest import LONG, PATHS, Unfit, as_yaml, manifest
from slack_commands.doors.happenings import WORK
from slack_commands.doors.shortcuts import ADD_TIMELINE, OPEN_INCIDENT
from slack_commands.routes import DOORS
from web.signing_in.entry import CALLBACK

FUNCTIONS = Path(__file__).parents[3] / "functions"
URL = "https://deadair.example"
MADE = manifest(URL)
METHOD = re.compile(r"(chat|conversations|reactions|team|usergroups|users|views)(\.[a-zA-Z]+)+|auth\.test")
BOT = MADE["oauth_config"]["scopes"]["bot"]


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the functions, with its file."""
    for file in sorted(FUNCTIONS.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        yield from ((file.name, node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def called_methods() -> set[str]:
    """The methods of Slack's Web API that the functions name where they call something."""
    said = (one.value for _, node in calls() for one in node.args if isinstance(one, ast.Constant))
    return {word for word in said if isinstance(word, str) and METHOD.fullmatch(word)}


def test_the_app_asks_for_the_scopes_of_the_methods_that_the_rooms_call_and_no_others() -> None:
    methods = {method for scope in scopes.BOT for method in scope.methods}

    assert called_methods() == methods | set(scopes.FREE_METHODS)
    assert set(BOT) == {"commands"} | {scope.name for scope in scopes.BOT if scope.methods or scope.events}
    assert methods.isdisjoint(scopes.FREE_METHODS)


def test_slack_is_called_in_one_place_so_that_no_method_goes_unseen() -> None:
    asking = {file for file, node in calls() if isinstance(node.func, ast.Attribute) and node.func.attr == "api_call"}
    clients = {path.name for path in FUNCTIONS.rglob("*.py") if "import WebClient" in path.read_text("utf-8")}

    assert asking == clients == {"calling.py"}


def test_the_local_slack_knows_the_same_scopes_for_the_same_methods_and_events() -> None:
    for scope in scopes.BOT:
        assert all(scope.name in NEEDED[method] for method in scope.methods)
        assert all(NEEDED_TO_HEAR[event] == scope.name for event in scope.events)
    assert not {*NEEDED} & {*scopes.FREE_METHODS}
    assert not {*NEEDED_TO_HEAR} & {*scopes.FREE_EVENTS}


def test_every_scope_has_its_reason_also_where_people_paste_it() -> None:
    text = as_yaml(MADE)

    for scope in (*scopes.BOT, *scopes.USER):
        assert f"- {scope.name}  # {scope.why}\n" in text
    assert yaml.safe_load(text) == MADE


def test_the_app_hears_the_events_that_a_room_works_and_no_others() -> None:
    assert MADE["settings"]["event_subscriptions"]["bot_events"] == sorted(WORK)


def test_without_the_reaction_its_event_and_its_scope_are_not_asked_for() -> None:
    plain = manifest(URL, emoji=False)

    assert {*BOT} - {*plain["oauth_config"]["scopes"]["bot"]} == {"reactions:read"}
    assert "reaction_added" not in plain["settings"]["event_subscriptions"]["bot_events"]


def test_the_shortcuts_are_those_that_the_room_answers() -> None:
    shortcuts = MADE["features"]["shortcuts"]

    assert {one["callback_id"] for one in shortcuts} == {ADD_TIMELINE, OPEN_INCIDENT}
    assert {one["callback_id"]: one["type"] for one in shortcuts}[ADD_TIMELINE] == "message"


def test_every_address_is_one_that_a_room_answers() -> None:
    settings, command = MADE["settings"], MADE["features"]["slash_commands"][0]
    asked = {
        command["url"],
        settings["interactivity"]["request_url"],
        settings["interactivity"]["message_menu_options_url"],
        settings["event_subscriptions"]["request_url"],
    }

    assert asked == {f"{URL}/slack/{door}" for door in DOORS}
    assert MADE["oauth_config"]["redirect_urls"] == [URL + CALLBACK]
    assert PATHS["callback"] == CALLBACK


def test_names_in_commands_come_as_ids() -> None:
    assert MADE["features"]["slash_commands"][0]["should_escape"] is True


@pytest.mark.parametrize("emoji", [True, False])
@pytest.mark.parametrize("name", ["Deadair", "x" * 35, "Débâcle & Söhne", "停電"])
def test_every_manifest_keeps_slacks_schema(name: str, *, emoji: bool) -> None:
    made = manifest(f"{URL}/", name=name, command="/inc", emoji=emoji)

    assert problems_of(made) == []
    assert "//slack" not in json.dumps(made)
    assert re.fullmatch(r"[a-z0-9._-]+", made["features"]["bot_user"]["display_name"])
    assert 174 < len(LONG) <= 4000


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"url": "http://deadair.example"}, "url"),
        ({"url": "deadair.example"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://deadair.example/?a=1"}, "url"),
        ({"url": "https://[::1"}, "url"),
        ({"name": ""}, "name"),
        ({"name": "x" * 36}, "name"),
        ({"command": "incident"}, "command"),
        ({"command": "/Incident"}, "command"),
        ({"command": "/remind"}, "command"),
        ({"command": "/in cident"}, "command"),
    ],
)
def test_what_slack_would_not_take_is_refused_with_its_field(said: dict[str, str], field: str) -> None:
    asked: dict[str, Any] = {"url": URL, **said}
    with pytest.raises(Unfit, match=f"^{field}: "):
        manifest(asked.pop("url"), **asked)
