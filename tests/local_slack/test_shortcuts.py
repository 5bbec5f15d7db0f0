"""Claims about shortcuts, menus that the app fills, and what the elements of a modal hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.local_slack.an_app import as_json
from tests.local_slack.conftest import Running, refused, refused_door

HERE = "C0INCIDENTS"
Json = dict[str, Any]


def words(text: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def an_option(value: str) -> Json:
    """An option whose words are its value."""
    return {"text": words(value), "value": value}


def a_modal(*elements: Json, **more: Any) -> Json:
    """A modal with one field for each element, its block named as its action."""
    blocks = [{"type": "input", "block_id": e["action_id"], "label": words("x"), "element": e} for e in elements]
    return {"type": "modal", "title": words("A modal"), "submit": words("Save"), "blocks": blocks} | more


def opened(slack: Running, view: Json) -> Json:
    """The modal that Ana sees after the app opened it at a click."""
    slack.door("shortcut", user="U0ANA", callback_id="open_incident")
    trigger = slack.app.received[-1][1]["trigger_id"]
    made: Json = slack.client.views_open(trigger_id=trigger, view=view)["view"]
    return made


def test_a_message_shortcut_carries_the_message_its_time_and_an_address_to_answer(slack: Running) -> None:
    ts = slack.door("message", user="U0BEN", channel=HERE, text="HubSpot is *down*")["ts"]

    assert slack.door("shortcut", user="U0ANA", callback_id="add_timeline", channel=HERE, ts=ts)["ok"]

    path, given = slack.app.received[-1]
    assert path == "/slack/interactions"
    assert (given["type"], given["callback_id"], given["message_ts"]) == ("message_action", "add_timeline", ts)
    assert given["user"]["id"] == "U0ANA"
    assert given["channel"] == {"id": HERE, "name": "incidents"}
    assert (given["message"]["user"], given["message"]["text"], given["message"]["ts"]) == (
        "U0BEN",
        "HubSpot is *down*",
        ts,
    )
    slack.app.reply_later(given, {"text": "Added."})
    assert slack.last("U0ANA")["text"] == "Added."
    link = slack.client.chat_getPermalink(channel=HERE, message_ts=ts)["permalink"]
    assert link == f"{slack.handle.url}/archives/{HERE}/p{ts.replace('.', '')}"


def test_the_permalink_of_a_reply_names_its_thread(slack: Running) -> None:
    first = slack.door("message", user="U0BEN", channel=HERE, text="one")["ts"]
    second = slack.door("message", user="U0BEN", channel=HERE, text="two", thread_ts=first)["ts"]

    link = slack.client.chat_getPermalink(channel=HERE, message_ts=second)["permalink"]

    assert link.endswith(f"/p{second.replace('.', '')}?thread_ts={first}&cid={HERE}")


def test_a_global_shortcut_has_no_message_and_opens_a_modal_within_three_seconds(slack: Running) -> None:
    view = opened(slack, a_modal({"type": "plain_text_input", "action_id": "a"}))

    given = slack.app.received[-1][1]
    assert (given["type"], given["callback_id"]) == ("shortcut", "open_incident")
    assert not {"message", "channel", "response_url"} & given.keys()
    assert slack.state()["modals"]["U0ANA"]["id"] == view["id"]
    assert refused(slack, "views.open", trigger_id=given["trigger_id"], view=view)["error"] == "invalid_arguments"


def test_what_only_one_person_sees_has_no_shortcut_and_an_unknown_one_is_refused(slack: Running) -> None:
    slack.app.answer = lambda path, given: as_json({"text": "for you"})
    slack.door("command", user="U0ANA", text="list")
    ts = slack.last("U0ANA")["ts"]

    assert (
        refused_door(slack, "shortcut", user="U0ANA", callback_id="add_timeline", channel=HERE, ts=ts)
        == "message_not_found"
    )
    assert refused_door(slack, "shortcut", user="U0ANA", callback_id="sing") == "unknown_shortcut"


def test_a_menu_is_filled_by_the_app_and_one_of_its_offers_is_chosen(slack: Running) -> None:
    slack.app.answer = lambda path, given: as_json({"options": [an_option("41"), an_option("42")]})
    menu = {"type": "external_select", "action_id": "inc", "min_query_length": 0}
    ts = slack.client.chat_postMessage(channel=HERE, text="x", blocks=[{"type": "actions", "elements": [menu]}])["ts"]

    offered = slack.door("options", user="U0ANA", channel=HERE, ts=ts, action_id="inc", value="4")

    path, asked = slack.app.received[-1]
    assert (path, asked["type"], asked["value"]) == ("/slack/options", "block_suggestion", "4")
    assert [option["value"] for option in offered["options"]] == ["41", "42"]
    slack.door("click", user="U0ANA", channel=HERE, ts=ts, action_id="inc", value="42")
    assert slack.app.received[-1][1]["actions"][0]["selected_option"] == an_option("42")


@pytest.mark.parametrize(
    "said",
    [{}, {"options": "none"}, {"options": [an_option("x" * 151)]}, {"options": [an_option("a")] * 101}],
)
def test_offers_beyond_slacks_limits_are_refused_and_noted(slack: Running, said: Json) -> None:
    slack.app.answer = lambda path, given: as_json(said)
    opened(slack, a_modal({"type": "external_select", "action_id": "inc"}))

    answer = slack.door("options", user="U0ANA", action_id="inc", value="")

    assert answer == {"ok": False, "error": "invalid_options"}
    assert "the options of inc were refused" in slack.state()["warnings"][-1]


@pytest.mark.parametrize(
    ("element", "value", "held"),
    [
        ({"type": "users_select"}, "U0BEN", {"selected_user": "U0BEN"}),
        ({"type": "datepicker"}, "2026-11-30", {"selected_date": "2026-11-30"}),
        ({"type": "timepicker"}, "10:42", {"selected_time": "10:42"}),
        ({"type": "datetimepicker"}, "1795240000", {"selected_date_time": 1795240000}),
        ({"type": "multi_users_select"}, '["U0BEN"]', {"selected_users": ["U0BEN"]}),
        ({"type": "overflow", "options": [an_option("a")]}, "a", {"selected_option": an_option("a")}),
        ({"type": "checkboxes", "options": [an_option("a")]}, '["a"]', {"selected_options": [an_option("a")]}),
        ({"type": "radio_buttons", "options": [an_option("a")]}, "a", {"selected_option": an_option("a")}),
        ({"type": "static_select", "options": [an_option("a")]}, "b", {"selected_option": None}),
    ],
)
def test_each_element_tells_what_it_holds_under_slacks_key(
    slack: Running, element: Json, value: str, held: Json
) -> None:
    blocks = [{"type": "actions", "elements": [element | {"action_id": "a"}]}]
    ts = slack.client.chat_postMessage(channel=HERE, text="x", blocks=blocks)["ts"]

    slack.door("click", user="U0ANA", channel=HERE, ts=ts, action_id="a", value=value)

    assert held.items() <= slack.app.received[-1][1]["actions"][0].items()


def test_the_four_answers_to_a_submission_do_what_they_say(slack: Running) -> None:
    first = opened(slack, a_modal({"type": "plain_text_input", "action_id": "a"}))
    second = a_modal({"type": "plain_text_input", "action_id": "b"}, title=words("Second"))
    answers: list[Json] = [
        {"response_action": "update", "view": second},
        {"response_action": "push", "view": first | {"title": words("Third")}},
        {"response_action": "errors", "errors": {"nowhere": "lost"}},
        {"response_action": "clear"},
    ]
    pushed = {key: first[key] for key in ("type", "submit", "blocks")} | {"title": words("Third")}
    answers[1]["view"] = pushed
    seen = []
    for answer in answers:
        slack.app.answer = lambda path, given, answer=answer: as_json(answer)  # type: ignore[misc]
        said = slack.door("submit", user="U0ANA", values={})
        modal = slack.state()["modals"].get("U0ANA")
        seen.append((said.get("error"), modal and modal["title"]["text"]))

    assert seen == [(None, "Second"), (None, "Third"), ("invalid_view_response", "Third"), (None, None)]


def test_a_modal_that_clears_on_close_tells_so(slack: Running) -> None:
    view = a_modal({"type": "plain_text_input", "action_id": "a"}, notify_on_close=True, clear_on_close=True)
    opened(slack, view)

    slack.door("close", user="U0ANA")

    given = slack.app.received[-1][1]
    assert (given["type"], given["is_cleared"]) == ("view_closed", True)
    assert "trigger_id" not in given
    assert slack.state()["modals"] == {}


def test_views_keep_slacks_rules_of_hash_stack_and_name(slack: Running) -> None:
    view = a_modal({"type": "plain_text_input", "action_id": "a"}, external_id="one")
    made = opened(slack, view)

    assert refused(slack, "views.update", view_id=made["id"], view=view, hash="0.old")["error"] == "hash_conflict"
    slack.door("shortcut", user="U0BEN", callback_id="open_incident")
    trigger = slack.app.received[-1][1]["trigger_id"]
    assert refused(slack, "views.open", trigger_id=trigger, view=view)["error"] == "duplicate_external_id"
    large = {"type": "home", "blocks": [{"type": "section", "text": words("字" * 2900)}] * 40}
    assert refused(slack, "views.publish", user_id="U0ANA", view=large)["error"] == "view_too_large"
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    slack.client.views_publish(user_id="U0ANA", view=home)
    assert refused(slack, "views.publish", user_id="U0ANA", view=home, hash="0.old")["error"] == "hash_conflict"


def test_the_state_says_nothing_of_a_secret(slack: Running) -> None:
    assert "xoxb" not in json.dumps(slack.state())
