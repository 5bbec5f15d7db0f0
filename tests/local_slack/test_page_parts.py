"""The parts of the page in a real Chromium: menus, shortcuts, reactions, fields, Home, signing in; by keyboard, too."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import NewPage
from tests.local_slack.an_app import as_json
from tests.local_slack.conftest import Running
from tests.local_slack.signing_in import question
from tests.local_slack.waiting import until

pytestmark = pytest.mark.browser

HERE = "C0INCIDENTS"
Json = dict[str, Any]


def words(text: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def an_option(value: str) -> Json:
    """An option whose words are its value."""
    return {"text": words(value), "value": value}


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One page, in silence: words in its console fail the test."""
    return new_page()


def opens(slack: Running, *fields: Json) -> None:
    """Let the app open a modal with these fields at every click and shortcut."""
    blocks = [
        {"type": "input", "block_id": e["action_id"], "label": words(e["action_id"]), "element": e} for e in fields
    ]
    view = {"type": "modal", "title": words("A modal"), "submit": words("Save"), "blocks": blocks}

    def answer(path: str, given: Json) -> tuple[int, bytes, str]:
        if path == "/slack/options":
            return as_json({"options": [an_option("INC-41"), an_option("INC-42")]})
        if given["type"] in ("shortcut", "message_action", "block_actions"):
            slack.client.views_open(trigger_id=given["trigger_id"], view=view)
        return 200, b"", ""

    slack.app.answer = answer


def held(slack: Running) -> Json:
    """What the fields held when they were submitted, by action."""
    values = slack.app.received[-1][1]["view"]["state"]["values"]
    return {name: {k: v for k, v in part[name].items() if k != "type"} for name, part in values.items()}


def test_a_modal_with_every_field_is_filled_in_by_keyboard(slack: Running, page: Page) -> None:
    opens(
        slack,
        {"type": "plain_text_input", "action_id": "text", "multiline": True, "min_length": 3},
        {"type": "external_select", "action_id": "incident", "min_query_length": 0},
        {"type": "users_select", "action_id": "person"},
        {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-30"},
        {"type": "timepicker", "action_id": "time", "initial_time": "10:42"},
        {"type": "datetimepicker", "action_id": "moment", "initial_date_time": 1795240000},
        {"type": "checkboxes", "action_id": "boxes", "options": [an_option("a"), an_option("b")]},
        {"type": "radio_buttons", "action_id": "radio", "options": [an_option("1"), an_option("2")]},
    )
    page.goto(f"{slack.handle.url}/?as=U0ANA")
    page.get_by_role("button", name="Shortcuts").press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="text")).to_be_focused()
    page.keyboard.type("ab")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Please write at least 3 characters.")).to_be_visible()
    expect(page.get_by_role("textbox", name="text")).to_be_focused()
    page.keyboard.type("c")
    page.get_by_role("combobox", name="incident").focus()
    expect(page.get_by_role("option", name="INC-42")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="person").select_option(label="Ben Okafor")
    page.get_by_role("group", name="boxes").get_by_label("b").check()
    page.get_by_role("group", name="radio").get_by_label("2").check()
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)

    assert held(slack) == {
        "text": {"value": "abc"},
        "incident": {"selected_option": an_option("INC-42")},
        "person": {"selected_user": "U0BEN"},
        "day": {"selected_date": "2026-11-30"},
        "time": {"selected_time": "10:42"},
        "moment": {"selected_date_time": 1795239960},  # the field has no seconds
        "boxes": {"selected_options": [an_option("b")]},
        "radio": {"selected_option": an_option("2")},
    }


def test_a_message_has_its_menu_its_reactions_and_its_thread(slack: Running, page: Page) -> None:
    opens(slack, {"type": "plain_text_input", "action_id": "text"})
    ts = slack.door("message", user="U0BEN", channel=HERE, text="HubSpot is down")["ts"]
    page.goto(f"{slack.handle.url}/?as=U0ANA")
    message = page.locator(".message").filter(has_text="HubSpot is down")
    message.hover()
    message.get_by_role("button", name="Add reaction").click()
    page.get_by_role("menuitem", name="stopwatch").click()
    reaction = message.get_by_role("button", name="stopwatch, 1, by Ana Lima")
    expect(reaction).to_have_attribute("aria-pressed", "true")
    reaction.click()
    expect(reaction).to_have_count(0)
    assert [given["event"]["type"] for _, given in slack.app.received] == ["reaction_added"]

    message.get_by_role("button", name="More actions for this message").press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("A modal")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert slack.app.received[1][1]["message_ts"] == ts

    message.hover()
    message.get_by_role("button", name="Reply in thread").click()
    page.keyboard.type("looking at it")
    page.keyboard.press("Enter")
    expect(message.get_by_text("1 reply")).to_be_visible()
    assert slack.last()["thread_ts"] == ts


def test_an_overflow_menu_is_used_by_keyboard_and_closes_with_escape(slack: Running, page: Page) -> None:
    more = {"type": "overflow", "action_id": "more", "options": [an_option("Assign"), an_option("Snooze")]}
    slack.client.chat_postMessage(channel=HERE, text="card", blocks=[{"type": "actions", "elements": [more]}])
    page.goto(f"{slack.handle.url}/?as=U0ANA")
    opener = page.get_by_role("button", name="More actions", exact=True)
    opener.press("Enter")
    expect(page.get_by_role("menuitem", name="Assign")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(opener).to_be_focused()
    until(lambda: bool(slack.app.received))

    assert slack.app.received[-1][1]["actions"][0]["selected_option"] == an_option("Snooze")


def test_what_the_page_does_not_know_is_shown_as_such(slack: Running, page: Page) -> None:
    odd: list[Json] = [
        {"type": "actions", "elements": [{"type": "workflow_button", "text": words("x")}]},
        {"type": "carousel"},
    ]
    slack.client.chat_postMessage(channel=HERE, text="x", blocks=odd)
    page.goto(f"{slack.handle.url}/?as=U0ANA")

    expect(page.get_by_text("An element of the type “workflow_button” is not drawn here")).to_be_visible()
    expect(page.get_by_text("A block of the type “carousel” is not drawn here")).to_be_visible()


def test_what_was_said_since_is_marked_as_new(slack: Running, page: Page) -> None:
    slack.door("message", user="U0BEN", channel=HERE, text="read long ago")
    page.goto(f"{slack.handle.url}/?as=U0ANA")
    expect(page.get_by_text("read long ago")).to_be_visible()
    page.goto(f"{slack.handle.url}/?as=U0BEN")
    slack.door("message", user="U0BEN", channel=HERE, text="said meanwhile")
    page.goto(f"{slack.handle.url}/?as=U0ANA")

    expect(page.locator(".day.new + .message")).to_contain_text("said meanwhile")


def test_the_home_is_drawn_and_used(slack: Running, page: Page) -> None:
    find = {
        "type": "static_select",
        "action_id": "find",
        "options": [an_option("INC-42")],
        "placeholder": words("Find"),
    }
    blocks = [{"type": "header", "text": words("Your incidents")}, {"type": "actions", "elements": [find]}]
    slack.client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": blocks})
    page.goto(f"{slack.handle.url}/?as=U0ANA&in=D0ANA")
    page.get_by_role("button", name="Home").click()
    expect(page.get_by_role("heading", name="Your incidents")).to_be_visible()
    page.get_by_role("combobox", name="Find").select_option("INC-42")
    until(lambda: len(slack.app.received) == 2)

    kinds = [given.get("type") for _, given in slack.app.received]
    assert kinds == ["event_callback", "block_actions"]
    assert slack.app.received[-1][1]["container"]["type"] == "view"


def test_a_failure_on_purpose_is_shown_and_stopped(slack: Running, page: Page) -> None:
    page.goto(f"{slack.handle.url}/?as=U0ANA")
    page.get_by_role("button", name="Failures on purpose").click()
    page.get_by_label("What", exact=True).select_option("500")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Failing on purpose: Slack answers with 500.")).to_be_visible()
    assert slack.state()["fail"]["mode"] == "500"
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Failing on purpose")).to_be_hidden()
    assert slack.state()["fail"]["mode"] == "none"


def test_somebody_says_who_they_are_and_is_led_back(slack: Running, page: Page) -> None:
    page.goto(f"{slack.handle.url}/openid/connect/authorize?{urlencode(question(slack, login_hint='U0BEN'))}")
    expect(page.get_by_role("button", name="Ben Okafor")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("signed in")).to_be_visible()

    assert page.url.startswith(f"{slack.app.url}/auth/callback?code=")


def test_an_open_menu_stays_on_a_narrow_page(slack: Running, page: Page) -> None:
    button: Json = {"type": "button", "action_id": "go", "text": words("A long button")}
    more = {"type": "overflow", "action_id": "more", "options": [an_option("Hand over to somebody else")]}
    blocks: list[Json] = [{"type": "actions", "elements": [button, more]}]
    slack.client.chat_postMessage(channel=HERE, text="card", blocks=blocks)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{slack.handle.url}/?as=U0ANA")
    page.get_by_role("button", name="More actions", exact=True).click()
    item = page.get_by_role("menuitem", name="Hand over").bounding_box()

    assert item is not None
    assert item["x"] >= 0
    assert item["x"] + item["width"] <= 320
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
