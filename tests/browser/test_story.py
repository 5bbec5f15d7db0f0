"""The story in a real browser: an alarm, the Slack page, the five questions, and somebody who finds them."""

import json
import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from infra.target import Target
from tests.browsing import NewPage
from tests.builders import an_event_body
from tests.stack import Deadair

pytestmark = [pytest.mark.stack, pytest.mark.browser]
PATIENCE_MS = 30_000
ANSWERS = {
    "What broke?": "Opt-outs from the preference centre did not reach the mail tool.",
    "When did it start?": "At the release of the preference centre on Monday morning.",
    "How was it detected?": "By the alarm on silence; nobody had complained yet.",
    "What was the fix?": "The renamed field was mapped again; rejects were replayed.",
    "What would have caught it earlier?": "A contract test of the form's fields before each release.",
}


def an_alarm_about(stack: Target, integration: str) -> None:
    """Let an alarm of the integration go off, at the front of the line."""
    event = json.loads(an_event_body(f"{integration}-{uuid4().hex[:6]}-silence", integration=integration))
    entry = {
        "Source": "deadair.local",
        "DetailType": event["detail-type"],
        "Resources": [],
        "Detail": json.dumps(event["detail"]),
    }
    stack.client("events").put_events(Entries=[entry])


def say(slack: Page, text: str) -> None:
    """Type a line into Slack and send it."""
    slack.get_by_label("Message or command").fill(text)
    slack.keyboard.press("Enter")


def until_found(web: Page, address: str, number: str) -> None:
    """Wait until a search finds the postmortem: its documents are written after the form has answered."""
    for _ in range(PATIENCE_MS // 200):
        if number in web.request.get(address).text():
            return
        web.wait_for_timeout(200)
    raise AssertionError(f"{number} is not found")


def test_from_alarm_to_found_again(stack: Target, deadair: Deadair, new_page: NewPage) -> None:
    slack, web = new_page(), new_page()
    slack.goto(stack.slack)
    slack.get_by_role("button", name="Tomáš Dvořák").click()

    an_alarm_about(stack, "webinar-hubspot")
    acknowledge = slack.get_by_role("button", name="Acknowledge").last
    expect(acknowledge).to_be_visible(timeout=PATIENCE_MS)
    card = slack.get_by_text(re.compile(r"INC-\d+")).last.inner_text()
    incident = re.search(r"INC-\d+", card)
    assert incident is not None
    number = incident.group()
    acknowledge.click()
    expect(slack.locator(".only-you").last).to_contain_text(number)
    say(slack, f"/incident resolve {number} Mapped the renamed field again.")
    expect(slack.locator(".only-you").last).to_contain_text("resolved", ignore_case=True)

    web.goto(f"{stack.web}/incidents/{number}/postmortem")
    web.get_by_role("button", name="Tomáš Dvořák").click()
    expect(web.get_by_role("heading", name="Five questions")).to_be_visible()
    for question, answer in ANSWERS.items():
        web.get_by_label(question).fill(answer)
    web.get_by_role("button", name="Publish").click()

    web.wait_for_url("**done=publish")
    until_found(web, f"{stack.web}/v1/postmortems?q=preference+centre", number)
    web.get_by_role("searchbox").first.fill("preference centre opt-outs contract")
    web.keyboard.press("Enter")
    web.get_by_role("link", name=re.compile("silence")).first.click()

    expect(web.get_by_text(ANSWERS["What would have caught it earlier?"])).to_be_visible()
    assert number in web.url
