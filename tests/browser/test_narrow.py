"""Claims about the narrowest screen: 320 CSS pixels, as WCAG's reflow asks, and names that no line holds."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from infra.target import Target
from tests.browsing import NewPage
from tests.builders import an_event_body
from tests.local_slack import doors
from tests.signing_in import come_in
from tests.stack import Deadair

pytestmark = [pytest.mark.stack, pytest.mark.browser]
WIDTH = 320
PAGES = (
    "/",
    "/incidents",
    "/postmortems?q=" + "w" * 300,
    "/integrations?q=" + "w" * 300,
    "/integrations/hubspot-salesforce",
    "/map",
    "/map?system=HubSpot",
    "/coverage",
)


@pytest.fixture
def incident(deadair: Deadair, tmp_path: Path) -> str:
    """An incident whose alarm has a name of hundreds of letters without a place to break."""
    file = tmp_path / "alarm.json"
    file.write_text(an_event_body("n" * 900 + uuid4().hex))
    return str(json.loads(deadair("replay", file)[1])["incident"])


LONG = "W" * 80


@pytest.fixture(autouse=True)
def somebody_with_a_long_name(stack: Target) -> None:
    """As long as a name may be."""
    doors.use(stack.slack, "people", {"id": "U0WIDE", "name": LONG, "email": f"{'w' * 60}@example.com"})


def test_no_page_is_wider_than_the_screen(stack: Target, incident: str, new_page: NewPage) -> None:
    page = new_page(viewport={"width": WIDTH, "height": 700})
    come_in(page, stack, f"/incidents/{incident}", LONG)
    page.get_by_role("button", name="Acknowledge").first.click()

    wide = []
    for path in (*PAGES, f"/incidents/{incident}"):
        page.goto(f"{stack.web}{path}")
        if page.evaluate("document.documentElement.scrollWidth") > WIDTH:
            wide.append(path)
    assert wide == []
