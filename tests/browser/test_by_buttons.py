"""An incident worked to its end on the Slack page by buttons and forms alone: nobody types a command."""

import json
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from infra.target import Target
from tests.browsing import NewPage
from tests.builders import an_event_body
from tests.stack import Register

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.usefixtures("patient_slack")]
PATIENCE_MS = 30_000
ANSWERS = {
    "What broke?": "The contacts of the day did not reach the CRM.",
    "When did it start?": "With the night's deploy.",
    "How was it detected?": "By the alarm on silence.",
    "What was the fix?": "The token was renewed.",
    "What would have caught it earlier?": "A check of the token's last day.",
}


def ring(stack: Target, slug: str) -> None:
    """Let an alarm of the integration go off, at the front of the line."""
    event = json.loads(an_event_body(f"{slug}-{uuid4().hex[:6]}-silence", integration=slug))
    detail = {"DetailType": event["detail-type"], "Detail": json.dumps(event["detail"])}
    stack.client("events").put_events(Entries=[{"Source": "deadair.local", "Resources": [], **detail}])


def form(slack: Page) -> Locator:
    """The form that is open."""
    return slack.get_by_role("dialog")


def send(slack: Page, button: str) -> None:
    """Send the form, and wait until it is gone."""
    form(slack).get_by_role("button", name=button, exact=True).click()
    expect(form(slack)).to_have_count(0)


def test_an_incident_is_worked_to_its_end_without_a_typed_verb(
    stack: Target, register: Register, new_page: NewPage
) -> None:
    slug = register()
    slack = new_page()
    slack.goto(f"{stack.slack}/?as=U0ZOE")
    ring(stack, slug)
    card = slack.locator("#messages > li").filter(has_text=slug).filter(has=slack.locator("h3"))
    expect(card).to_be_visible(timeout=PATIENCE_MS)

    card.get_by_role("button", name="Acknowledge").click()
    expect(card).to_contain_text("Zoë Okonkwo, since", timeout=PATIENCE_MS)

    card.get_by_role("button", name="Add note").click()
    form(slack).get_by_label("What did you see or do?").fill("The token expired at midnight.")
    send(slack, "Add note")
    expect(card.locator(".thread")).to_contain_text("The token expired at midnight.", timeout=PATIENCE_MS)

    card.get_by_role("button", name="1 done").click()
    expect(card).to_contain_text("☑ 1.", timeout=PATIENCE_MS)

    card.get_by_role("button", name="Mitigated").click()
    expect(card).to_contain_text("cause not yet fixed", timeout=PATIENCE_MS)

    card.get_by_role("button", name="Resolve").click()
    form(slack).get_by_label("What fixed it?").fill("A new token.")
    send(slack, "Resolve")
    expect(card).to_contain_text("A new token.", timeout=PATIENCE_MS)

    card.get_by_role("button", name="Answer", exact=True).click(timeout=PATIENCE_MS)
    for question, answer in ANSWERS.items():
        form(slack).get_by_label(question).fill(answer)
    form(slack).get_by_label("Publish it: everybody can find it").check()
    send(slack, "Save")
    expect(card).to_contain_text("published", timeout=PATIENCE_MS)
