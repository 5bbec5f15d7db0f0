"""The story in a real browser: an alarm, the Slack page, the five questions, and somebody who finds them."""

import json
import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from infra.target import Target
from tests.browsing import NewPage
from tests.builders import an_event_body
from tests.signing_in import come_in
from tests.stack import Deadair

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.usefixtures("patient_slack")]
PATIENCE_MS = 30_000
ANSWERS = {
    "What broke?": "Opt-outs from the preference centre did not reach the mail tool.",
    "When did it start?": "At the release of the preference centre on Monday morning.",
    "How was it detected?": "By the alarm on silence; nobody had complained yet.",
    "What was the fix?": "The renamed field was mapped again; rejects were replayed.",
    "What would have caught it earlier?": "A contract test of the form's fields before each release.",
}


# No other claim on the session's stack is about this one, so its card is ours.
INTEGRATION, NAME, OWNER = "billing-hubspot", "Stripe webhook → HubSpot lifecycle", "Siobhán Ní Bhriain"


def an_alarm(stack: Target) -> str:
    """Let an alarm of the integration go off, at the front of the line; returns the alarm's name."""
    name = f"{INTEGRATION}-{uuid4().hex[:6]}-silence"
    event = json.loads(an_event_body(name, integration=INTEGRATION))
    entry = {
        "Source": "deadair.local",
        "DetailType": event["detail-type"],
        "Resources": [],
        "Detail": json.dumps(event["detail"]),
    }
    stack.client("events").put_events(Entries=[entry])
    return name


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
    slack.get_by_role("button", name=OWNER).click()

    card = slack.get_by_role("listitem").filter(has_text=an_alarm(stack))
    expect(card).to_be_visible(timeout=PATIENCE_MS)
    incident = re.search(r"INC-\d+", card.inner_text())
    assert incident is not None
    number = incident.group()
    card.get_by_role("button", name="Acknowledge").click()
    expect(slack.locator(".only-you").last).to_contain_text(number)
    say(slack, f"/incident resolve {number} Mapped the renamed field again.")
    expect(slack.locator(".only-you").last).to_contain_text("resolved", ignore_case=True)

    come_in(web, stack, f"/incidents/{number}/postmortem", OWNER)
    expect(web.get_by_role("heading", name="Five questions")).to_be_visible()
    for question, answer in ANSWERS.items():
        web.get_by_label(question).fill(answer)
    web.get_by_role("button", name="Publish").click()

    web.wait_for_url("**done=publish")
    until_found(web, f"{stack.web}/v1/postmortems?q=preference+centre", number)
    web.get_by_role("searchbox").first.fill("preference centre opt-outs contract")
    web.keyboard.press("Enter")
    web.get_by_role("link", name=f"{NAME}: silence").first.click()

    expect(web.get_by_text(ANSWERS["What would have caught it earlier?"])).to_be_visible()
    assert number in web.url
