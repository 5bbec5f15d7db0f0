"""Claims about texts that want to be more: each goes from an incident to its published postmortem, and stays text.

On every page that shows it, in the feeds, as Markdown and as JSON: no script runs, nothing is asked of another origin,
no line of the front matter is its own, and a person sees what was written.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
import yaml
from playwright.sync_api import Browser, Page

from deadair.domain.postmortem import QUESTIONS
from deadair.domain.visible import visible
from infra.target import Target
from tests.browser.a_site import FIRST_HARD, HARD, Site, hostile, serving
from tests.browser.test_every_page import NARROW, RULES, TOO_WIDE, a_context, violations

pytestmark = [pytest.mark.stack, pytest.mark.browser]
NUMBERS = {name: number for number, name in enumerate(HARD, FIRST_HARD)}
OF_ONE = ("/incidents/{}", "/postmortems/{}", "/incidents/{}/postmortem", "/incidents/{}/postmortem/preview")
OF_ALL = (
    *("/", "/incidents?state=past", "/postmortems", "/integrations/hubspot-salesforce", "/integrations", "/map"),
    *("/coverage", "/numbers?days=365", "/numbers?days=365&by=owner", "/trends", "/people", "/actions"),
)


@pytest.fixture(scope="module")
def site(stack: Target) -> Iterator[Site]:
    with serving(hostile(stack)) as site:
        yield site


@pytest.fixture(scope="module")
def watched(browser: Browser, site: Site) -> Iterator[tuple[Page, list[str]]]:
    """A page, and every sign that something of a text has acted."""
    context = a_context(browser, site, viewport=NARROW)
    page, signs = context.new_page(), list[str]()
    page.on("console", lambda message: signs.append(f"said {message.text}"))
    page.on("pageerror", lambda problem: signs.append(f"failed {problem}"))
    page.on("dialog", lambda dialog: signs.append(f"asked {dialog.message}"))
    page.on("request", lambda request: signs.extend([] if _is_ours(request.url, site) else [request.url]))
    yield page, signs
    context.close()


def _is_ours(url: str, site: Site) -> bool:
    return url.startswith((site.address + "/", "data:"))


def look(watched: tuple[Page, list[str]], site: Site, address: str) -> list[str]:
    """What is wrong with the page at an address."""
    page, signs = watched
    signs.clear()
    answer = page.goto(f"{site.address}{address}")
    wrong = list(signs)
    if answer is None or answer.status != 200:
        wrong.append(f"answers {answer and answer.status}")
    if page.evaluate("window.ran"):
        wrong.append("a script ran")
    if page.evaluate("document.querySelectorAll('main img, main iframe, main svg[onload], main [onerror]').length"):
        wrong.append("markup of a text")
    wrong += [f"is wider than a phone: {one}" for one in page.evaluate(TOO_WIDE)]
    return [f"{address}: {one}" for one in wrong]


def plain(text: str) -> str:
    """A text as a person reads it, whatever spaces it has."""
    return re.sub(r"\s+", " ", visible(text)).strip()


def as_xml(text: str) -> str:
    """The same where controls cannot be said, not even as what stands for them."""
    return plain(unicodedata.normalize("NFC", visible(text)).replace("\N{REPLACEMENT CHARACTER}", " "))


@pytest.mark.parametrize("name", HARD)
def test_a_text_stays_text_on_every_page_of_its_incident(
    watched: tuple[Page, list[str]], site: Site, name: str
) -> None:
    wrong = [one for address in OF_ONE for one in look(watched, site, address.format(f"INC-{NUMBERS[name]}"))]
    page, _ = watched
    look(watched, site, f"/postmortems/INC-{NUMBERS[name]}")

    assert not wrong, "\n".join(wrong)
    assert plain(page.locator("h1").inner_text()).startswith(plain(HARD[name])[:40])
    anchors = page.evaluate("[...document.querySelectorAll('main h2[id]')].map(one => one.id)")
    assert [anchor for anchor in anchors if anchor in QUESTIONS] == list(QUESTIONS)


@pytest.mark.parametrize("address", OF_ALL)
def test_no_text_acts_on_a_page_that_shows_many(watched: tuple[Page, list[str]], site: Site, address: str) -> None:
    wrong = look(watched, site, address)
    page, _ = watched
    wrong += violations(page, {"type": "tag", "values": RULES})

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", HARD)
def test_what_somebody_searches_for_stays_text(watched: tuple[Page, list[str]], site: Site, name: str) -> None:
    asked = quote(HARD[name][:100])

    wrong = look(watched, site, f"/postmortems?q={asked}&tag={asked}&owner={asked}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", HARD)
def test_the_files_of_a_document_say_the_text_and_nothing_more(
    watched: tuple[Page, list[str]], site: Site, name: str
) -> None:
    page, _ = watched
    number, text = NUMBERS[name], HARD[name]
    markdown = page.request.get(f"{site.address}/postmortems/INC-{number}.md")
    told = page.request.get(f"{site.address}/postmortems/INC-{number}.json")

    head = yaml.safe_load(markdown.text().split("\n---\n")[0].removeprefix("---\n"))
    assert (head["id"], "status" in head) == (f"INC-{number}", False)
    assert plain(head["title"]).startswith(plain(text)[:40])
    assert "text/markdown" in markdown.headers["content-type"]
    assert "<" not in told.text()
    assert json.loads(told.text())["answers"]["what_broke"].strip() == text.strip()


@pytest.mark.parametrize("address", ["/postmortems.atom", "/integrations/hubspot-salesforce.atom"])
def test_a_feed_is_well_formed_and_its_texts_are_text(
    watched: tuple[Page, list[str]], site: Site, address: str
) -> None:
    page, _ = watched
    answer = page.request.get(f"{site.address}{address}")
    entries = ET.fromstring(answer.text()).findall("{http://www.w3.org/2005/Atom}entry")

    assert len(entries) >= len(HARD)
    titles = {as_xml(entry.findtext("{http://www.w3.org/2005/Atom}title") or "") for entry in entries}
    lost = [text for text in HARD.values() if not any(as_xml(text)[:30] in title for title in titles)]
    assert not lost, sorted(titles)
    assert not re.search(r"<(script|img)\b", answer.text())
