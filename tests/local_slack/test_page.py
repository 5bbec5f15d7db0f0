"""The page in a real Chromium: what a person sees and presses."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import NewPage
from tests.local_slack.an_app import as_json
from tests.local_slack.conftest import Running

pytestmark = pytest.mark.browser

HERE = "C0INCIDENTS"


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One page, in silence: words in its console fail the test."""
    return new_page()


def button(text: str, action_id: str, **more: Any) -> dict[str, Any]:
    """Return a button."""
    return {
        "type": "button",
        "action_id": action_id,
        "value": "42",
        "text": {"type": "plain_text", "text": text},
        **more,
    }


def test_a_person_presses_a_button_and_alone_sees_the_answer(slack: Running, page: Page) -> None:
    """The card comes live, the click is signed, the answer comes by the response address."""

    def answer(path: str, given: dict[str, Any]) -> tuple[int, bytes, str]:
        later = {"response_type": "ephemeral", "text": "*INC-42* is yours, <@U0ANA>."}
        threading.Thread(target=slack.app.reply_later, args=(given, later)).start()
        return 200, b"", ""

    slack.app.answer = answer
    page.goto(slack.handle.url)
    page.get_by_role("button", name="Ana Lima").click()
    expect(page.get_by_text("Quiet so far")).to_be_visible()
    card = [{"type": "actions", "elements": [button("Acknowledge", "ack", style="primary")]}]
    ts = slack.client.chat_postMessage(channel=HERE, text="card", blocks=card)["ts"]
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".only-you")).to_contain_text("INC-42 is yours, @Ana Lima.")
    assert slack.app.forged == 0
    slack.client.chat_update(channel=HERE, ts=ts, text="acknowledged", blocks=[])
    expect(page.get_by_text("(edited)")).to_be_visible()
    page.goto(f"{slack.handle.url}/?as=U0BEN")
    expect(page.get_by_text("acknowledged", exact=True)).to_be_visible()
    expect(page.locator(".only-you")).to_have_count(0)


def test_a_command_is_typed_completed_and_answered_by_keyboard_alone(slack: Running, page: Page) -> None:
    """Slash, Tab, words, Enter; the arrow brings the line back."""
    slack.app.answer = lambda path, given: as_json({"text": f"you said `{given['text']}`"})
    page.goto(f"{slack.handle.url}/?as=U0ANA")
    line = page.get_by_label("Message or command")
    expect(line).to_be_focused()
    page.keyboard.type("/in")
    page.keyboard.press("Tab")
    page.keyboard.type("ack 42 @be")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("you said ack 42 ben.okafor")).to_be_visible()
    assert slack.app.received[0][1]["text"] == "ack 42 <@U0BEN|ben.okafor>"
    page.keyboard.press("ArrowUp")
    expect(line).to_have_value("/incident ack 42 @ben.okafor")


def test_hostile_text_and_unknown_blocks_are_shown_as_what_they_are(slack: Running, page: Page) -> None:
    """Nothing runs, nothing is loaded, nothing is dropped."""
    hostile = "<img src=x onerror=document.title='gone'> <javascript:alert(1)|press> </script><script>alert(1)</script>"
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": hostile[:150]}},
        {"type": "section", "text": {"type": "mrkdwn", "text": hostile}},
        {"type": "image", "image_url": "http://127.0.0.1:9/beacon.png", "alt_text": "a beacon"},
        {"type": "video", "title": "not drawn here"},
        {"type": "actions", "elements": [button("Go", "go", url="javascript:alert(1)")]},
    ]
    slack.client.chat_postMessage(channel=HERE, text=hostile, blocks=blocks)
    page.goto(f"{slack.handle.url}/?as=U0ANA")
    expect(page.get_by_text("A block of the type “video”")).to_be_visible()
    expect(page.get_by_text("a beacon (picture, not loaded)")).to_be_visible()
    assert page.locator("#messages img:not([src='/static/mark.svg'])").count() == 0
    assert page.locator("#messages script, #messages a").count() == 0
    expect(page.get_by_role("heading", name=hostile[:40])).to_be_visible()


def test_a_modal_is_filled_in_on_the_page(slack: Running, page: Page) -> None:
    """Opened by a click, closed by its submission."""
    text = {"type": "plain_text", "text": "Add note"}
    field = {"type": "input", "block_id": "b", "label": text, "element": {"type": "plain_text_input", "action_id": "a"}}
    view = {"type": "modal", "title": text, "submit": text, "blocks": [field]}

    def answer(path: str, given: dict[str, Any]) -> tuple[int, bytes, str]:
        if given["type"] == "block_actions":
            slack.client.views_open(trigger_id=given["trigger_id"], view=view)
        return 200, b"", ""

    slack.app.answer = answer
    confirm = {key: {"type": "plain_text", "text": key} for key in ("title", "text", "confirm", "deny")}
    card = [{"type": "actions", "elements": [button("Note", "note", confirm=confirm)]}]
    slack.client.chat_postMessage(channel=HERE, text="card", blocks=card)
    page.goto(f"{slack.handle.url}/?as=U0ANA")
    page.get_by_role("button", name="Note").click()
    page.get_by_role("button", name="confirm").click()
    page.get_by_role("textbox", name="Add note").fill("rotated the key")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    held = slack.app.received[-1][1]["view"]["state"]["values"]
    assert held == {"b": {"a": {"type": "plain_text_input", "value": "rotated the key"}}}


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_its_width_and_shows_the_readers_time(slack: Running, page: Page, width: int) -> None:
    """No sideways scrolling; times in the zone of the person's profile, with UTC to hover."""
    slack.door("people", id="U0CHIYO", name="Chiyo Tanaka", tz="America/New_York")
    when = {"type": "mrkdwn", "text": "<!date^1392734382^{date_num} {time}|x> " + "verylongword" * 40}
    slack.client.chat_postMessage(channel=HERE, text="x", blocks=[{"type": "section", "text": when}])
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{slack.handle.url}/?as=U0CHIYO")
    token = page.locator(".text time")
    expect(token).to_have_text("2014-02-18 09:39")
    expect(token).to_have_attribute("title", "2014-02-18 14:39:42 UTC")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
