"""Claims about every page there is: who cannot see or use a mouse, how heavy it is, whether it moves, how it looks.

The list of pages is held against the table of routes, so that a new one cannot be forgotten. Pictures of all of them
are left in `tests/browser/pictures`, or in the folder that DEADAIR_PICTURES names, for people to look at.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from infra.target import Target
from tests.browser.a_site import LETTER, Site, believable, serving
from tests.builders import ANA
from web import addresses
from web.routes import ROUTES

pytestmark = [pytest.mark.stack, pytest.mark.browser]
PICTURES = Path(os.environ.get("DEADAIR_PICTURES") or Path(__file__).with_name("pictures"))
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
BYTES_AT_MOST = 60_000
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Every address that answers with a page, by its route, with a name for its picture.
PAGES: dict[str, dict[str, str]] = {
    "/": {"home": "/"},
    "/sign-in": {"sign-in": "/sign-in"},
    "/incidents": {"incidents": "/incidents", "incidents-past": "/incidents?state=past"},
    "/incidents/<ref>": {"incident-open": "/incidents/INC-43", "incident-over": "/incidents/INC-41"},
    "/incidents/<ref>/postmortem": {"form": "/incidents/INC-41/postmortem"},
    "/incidents/<ref>/postmortem/preview": {"preview": "/incidents/INC-41/postmortem/preview"},
    "/postmortems": {
        "postmortems": "/postmortems",
        "search": "/postmortems?q=bulk+imprt+quota",
        "search-nothing": "/postmortems?q=zzzqqq",
    },
    "/postmortems/<doc>": {
        "postmortem": "/postmortems/INC-41",
        "postmortem-old": addresses.postmortem("2023/04 marketo: limits?"),
        "refusal": "/postmortems/INC-99999",
    },
    "/postmortems/<doc>/v/<number>": {"version": "/postmortems/INC-41/v/1"},
    "/postmortems/<doc>/changes": {"changes": "/postmortems/INC-41/changes?from=1&to=2"},
    "/integrations": {"integrations": "/integrations"},
    "/integrations/<slug>": {"integration": "/integrations/hubspot-salesforce"},
    "/map": {"map": "/map"},
    "/coverage": {"coverage": "/coverage"},
    "/dead-letters": {"dead-letters": "/dead-letters"},
    "/dead-letters/<letter>": {"dead-letter": f"/dead-letters/{LETTER}"},
    "/numbers": {"numbers": "/numbers?days=365"},
    "/trends": {"trends": "/trends"},
    "/actions": {"actions": "/actions"},
    "/people": {"people": "/people"},
    "/people/<who>": {"person": addresses.person(ANA)},
    "/templates": {"templates": "/templates"},
}
# What answers a GET and shows no page.
NO_PAGE = {
    "/sign-in/start": "it leads to whoever says who somebody is",
    "/auth/callback": "it is the way back from there",
    "/v1/postmortems": "it is JSON",
}
ADDRESSES = {name: address for pages in PAGES.values() for name, address in pages.items()}
IN_THE_DARK_TOO = {"home", "incident-open", "postmortem", "postmortems", "form", "trends", "map"}


def test_no_page_is_forgotten() -> None:
    asked = {rule for method, rule, _ in ROUTES if method == "GET"}

    assert asked == PAGES.keys() | NO_PAGE.keys()


@pytest.fixture(scope="module")
def site(stack: Target) -> Iterator[Site]:
    with serving(believable(stack)) as site:
        yield site


@pytest.fixture(scope="module")
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """Somebody who is signed in, with a quiet eye on layout from the first moment."""
    context = a_context(browser, site)
    yield context
    context.close()


@pytest.fixture(scope="module")
def without_script(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    context = a_context(browser, site, java_script_enabled=False)
    yield context
    context.close()


def a_context(browser: Browser, site: Site, **options: Any) -> BrowserContext:
    more = {"viewport": WIDE, "timezone_id": "Europe/Berlin", "locale": "en-GB", "reduced_motion": "reduce"}
    context = browser.new_context(**{**more, **options})
    name, _, value = site.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": site.address}])
    return context


def shown(context: BrowserContext, site: Site, name: str) -> Page:
    """The page, looked at by whoever may: only the door is for people without a session."""
    page = context.new_page()
    if name == "sign-in":
        page.set_extra_http_headers({"Cookie": "none=none"})
    answer = page.goto(f"{site.address}{ADDRESSES[name]}", wait_until="load")
    assert answer is not None
    assert answer.status == (404 if name == "refusal" else 200)
    return page


def violations(page: Page, rules: dict[str, Any]) -> list[str]:
    """What axe finds, with the elements that it is about."""
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {' | '.join(node['html'][:160] for node in one['nodes'][:4])}" for one in found]


# How far the page moved while it was built, as browsers count it.
MOVED = """() => new Promise(done => {
  let moved = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) moved += one.value; })
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(moved), 60);
})"""
LOADED = "() => [location.href, ...performance.getEntriesByType('resource').map(one => one.name)]"
# The innermost of what makes a page wider than its screen; what scrolls by itself may hold what is wide.
TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const out = one => one.getBoundingClientRect().right > root.clientWidth + 1;
  const scrolls = one => one && (getComputedStyle(one).overflowX !== 'visible' || scrolls(one.parentElement));
  return [...document.querySelectorAll('body *')]
    .filter(one => out(one) && ![...one.children].some(out) && !scrolls(one.parentElement))
    .map(one => `${one.tagName}.${one.className} in ${one.parentElement.tagName}.${one.parentElement.className}`)
    .slice(0, 5);
}"""


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_is_for_everybody_light_still_and_as_wide_as_its_screen(
    context: BrowserContext, site: Site, name: str
) -> None:
    page = shown(context, site, name)
    wrong: list[str] = []
    try:
        moved = page.evaluate(MOVED)
        wrong += [f"it moves by {moved}"] * (moved >= 0.01)
        heavy = sum(site.weights.get(url.removeprefix(site.address), 0) for url in page.evaluate(LOADED))
        wrong += [f"it weighs {heavy} bytes"] * (heavy > BYTES_AT_MOST)
        wrong += [f"it is wider than its screen: {one}" for one in page.evaluate(TOO_WIDE)]
        wrong += violations(page, {"type": "tag", "values": RULES})
        picture(page, name, 1440, "light")
        page.emulate_media(color_scheme="dark")
        wrong += [f"in the dark: {one}" for one in violations(page, {"type": "rule", "values": ["color-contrast"]})]
        if name in IN_THE_DARK_TOO:
            picture(page, name, 1440, "dark")
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        wrong += [f"it is wider than a phone: {one}" for one in page.evaluate(TOO_WIDE)]
        if name in IN_THE_DARK_TOO:
            picture(page, name, 390, "dark")
        page.emulate_media(color_scheme="light")
        wrong += [f"on a phone: {one}" for one in violations(page, {"type": "rule", "values": ["target-size"]})]
        picture(page, name, 390, "light")
    finally:
        page.close()
    assert not wrong, "\n".join(wrong)


# What a page says, without what a script may add or put into the reader's zone.
SAID = """() => {
  const main = document.querySelector('main').cloneNode(true);
  main.querySelectorAll('time, button, dialog, template, [aria-live], [data-zone]').forEach(one => one.remove());
  return main.textContent.replace(/\\s+/g, ' ').trim();
}"""


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_says_the_same_without_a_script(
    context: BrowserContext, without_script: BrowserContext, site: Site, name: str
) -> None:
    said = []
    for one in (context, without_script):
        page = shown(one, site, name)
        said.append(page.evaluate(SAID))
        page.close()

    assert said[0] == said[1]
    assert len(said[1]) > 20


def picture(page: Page, name: str, width: int, theme: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}-{width}-{theme}.png", full_page=True)
