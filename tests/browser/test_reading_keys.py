"""Claims about reading in a real browser: keys that can be switched off, search as somebody types, contents, paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from infra.target import Target
from tests.browser.a_site import Site, believable, serving

pytestmark = [pytest.mark.stack, pytest.mark.browser]
HITS = ".hit h3 a"


@pytest.fixture(scope="module")
def site(stack: Target) -> Iterator[Site]:
    with serving(believable(stack)) as site:
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="Asia/Tokyo")
    name, _, value = site.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": site.address}])
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def test_j_and_k_move_through_what_was_found_and_enter_opens_it(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/postmortems")
    for key, place in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        expect(page.locator(HITS).nth(place)).to_be_focused()

    first = page.locator(HITS).first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first}")


def test_in_a_document_j_goes_from_section_to_section(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/postmortems/INC-41")
    page.keyboard.press("j")
    page.keyboard.press("j")

    expect(page.locator(".part > h2").nth(1)).to_be_focused()
    expect(page.locator(".contents-beside a[aria-current]")).to_have_count(1)


def test_keys_do_nothing_while_somebody_types_and_slash_comes_to_the_search(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/postmortems")
    page.keyboard.press("/")
    page.keyboard.type("j/k?")

    expect(page.get_by_role("searchbox")).to_have_value("j/k?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_keys_are_explained_and_once_switched_off_they_stay_so(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/postmortems")
    page.keyboard.press("?")
    page.get_by_label("Single keys do something").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("?")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(f"{HITS}:focus")).to_have_count(0)
    page.get_by_role("button", name="Keyboard").click()
    page.get_by_label("Single keys do something").check()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.locator(HITS).first).to_be_focused()


def test_what_is_found_while_somebody_types_is_in_the_address_and_said_aloud(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/postmortems")
    page.get_by_role("searchbox").press_sequentially("bulk imprt", delay=20)

    expect(page.get_by_text("Searched for")).to_be_visible()
    expect(page.locator("[data-said]")).to_contain_text("for “bulk imprt”")
    assert page.url.endswith("/postmortems?q=bulk+imprt")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_a_document_is_copied_as_markdown_and_a_heading_as_its_address(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/postmortems/INC-41")
    page.get_by_role("button", name="Copy as Markdown").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "## What broke?" in page.evaluate("navigator.clipboard.readText()")

    page.get_by_role("link", name="Link to “What broke?”").click()
    expect(page.get_by_role("link", name="Link to “What broke?”")).to_have_text("copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site.address}/postmortems/INC-41#what_broke"


def test_times_in_a_document_are_the_readers_own_and_utc_stands_behind(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/postmortems/INC-41")
    moment = page.locator(".moment > time").first

    assert "UTC" in (moment.get_attribute("title") or "")
    assert "UTC" not in moment.inner_text()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_on_paper_there_is_the_document_its_facts_and_where_it_stands_and_nothing_to_press(
    site: Site, page: Page, paper: str
) -> None:
    page.goto(f"{site.address}/postmortems/INC-41")
    page.emulate_media(media="print")

    for gone in ("nav", ".find", ".foot", ".take-away", ".anchor", "button", ".contents", ".metric-table"):
        assert page.locator(f"{gone}:visible").count() == 0, gone
    for there in (".facts-in-text", ".printed", "#what_broke", "#timeline"):
        expect(page.locator(there).first).to_be_visible()
    assert "Asia/Tokyo" in page.locator(".printed").inner_text()
    assert page.pdf(format=paper).startswith(b"%PDF")
