"""The registry's pages as people meet them: the map wide and narrow, an alarm that gets its owner without a script."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from infra.target import Target
from tests.browsing import NewPage
from tests.builders import an_event_body
from tests.signing_in import come_in
from tests.stack import REGISTRY, Deadair

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture
def stranger(deadair: Deadair, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """An alarm that no row claims, and its incident. The registry is the sample again afterwards."""
    name, file = f"old-braze-push-{uuid4().hex[:8]}", tmp_path / "alarm.json"
    file.write_text(an_event_body(name))
    yield name, str(json.loads(deadair("replay", file)[1])["incident"])
    deadair("registry", "import", REGISTRY)


def test_on_a_wide_screen_the_map_is_a_drawing_that_leads_to_the_integration(
    stack: Target, deadair: Deadair, new_page: NewPage
) -> None:
    page = new_page(viewport={"width": 1440, "height": 900})
    come_in(page, stack, "/map")
    drawing = page.get_by_role("region", name="Drawing of the map")
    expect(drawing).to_be_visible()

    link = drawing.get_by_role("link", name="HubSpot → Salesforce.")
    link.focus()
    row = drawing.locator(".m-row", has=page.locator("a:focus"))
    assert row.locator(".m-line").first.evaluate("line => getComputedStyle(line).opacity") == "1"
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1, name="HubSpot → Salesforce")).to_be_visible()


def test_on_a_phone_the_map_is_a_list(stack: Target, deadair: Deadair, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 800})
    come_in(page, stack, "/map")

    expect(page.get_by_role("region", name="Drawing of the map")).to_be_hidden()
    page.get_by_role("link", name="HubSpot → Salesforce", exact=True).first.click()
    expect(page.get_by_role("heading", name="How it is now")).to_be_visible()


def test_the_last_day_is_told_in_a_table_too(stack: Target, deadair: Deadair, new_page: NewPage) -> None:
    page = new_page()
    come_in(page, stack, "/integrations/hubspot-salesforce")
    expect(page.get_by_role("img", name="Records of each of the last 24 hours")).to_be_visible()
    page.get_by_role("region", name="How it is now").get_by_text("The same as a table").click()

    expect(page.get_by_role("table", name="hour by hour").get_by_role("row")).to_have_count(25)


def test_an_alarm_without_a_row_gets_its_owner_from_its_incident_without_a_script(
    stack: Target, stranger: tuple[str, str], new_page: NewPage
) -> None:
    name, incident = stranger
    page = new_page(java_script_enabled=False)
    come_in(page, stack, f"/incidents/{incident}", "Zoë Okonkwo")
    page.get_by_role("link", name="Give it an owner").click()

    form = page.locator(f"#{incident}")
    assert form.get_by_label("Belongs to").input_value() == "braze-push"
    assert form.get_by_label("Alarms named").input_value() == name
    form.get_by_role("button", name="Give it an owner").click()
    expect(page.get_by_role("status")).to_contain_text("From now on")
    page.get_by_role("status").get_by_role("link").first.click()

    expect(page.get_by_text("Changed by zoe.okonkwo@example.com")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text=name).first).to_be_visible()
