"""Writing a postmortem in a real browser: two people at once, a network that goes away, previews, and the review."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.ownership import Person
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.domain.severity import Severity
from deadair.domain.timeline import Actor, Source
from deadair.usecases.answer_postmortem import answer_postmortem
from deadair.usecases.open_by_hand import open_by_hand
from deadair.usecases.resolve import resolve
from infra.target import Target
from tests.browsing import NewPage
from tests.builders import ANA
from tests.signing_in import come_in
from tests.stack import Register

pytestmark = [pytest.mark.stack, pytest.mark.browser]
ZOE = Person("Zoë Okonkwo", "zoe.okonkwo@example.com", "U0ZOE")
READER = {"name": "Jürgen Weiß", "email": "juergen.weiss@example.com", "slack_id": "U0JUERGEN"}
PATIENCE_S = 30
ANSWERS = {key: f"About **{key}**." for key in QUESTIONS}


@dataclass(frozen=True)
class Written:
    """A SEV1 that is over, with its draft."""

    store: IncidentStore
    number: int

    @property
    def address(self) -> str:
        return f"/incidents/INC-{self.number}/postmortem"

    def answer(self, **texts: str) -> None:
        """Zoë answers, elsewhere."""
        answer_postmortem(self.store, self.number, Actor(ZOE, Source.WEB), texts, now=datetime.now(UTC))

    @property
    def postmortem(self) -> Postmortem | None:
        return self.store.postmortem(self.number)

    def until(self, holds: Callable[[Postmortem], bool]) -> Postmortem:
        """Wait for what the browser does by itself."""
        for _ in range(PATIENCE_S * 10):
            known = self.postmortem
            if known is not None and holds(known):
                return known
            time.sleep(0.1)
        raise AssertionError(f"it did not come to that: {self.postmortem}")


@pytest.fixture
def written(stack: Target, register: Register) -> Written:
    client = stack.client("dynamodb")
    store = IncidentStore(client, stack.outputs["IncidentsTable"])
    slug = register(severity="SEV1", deputy=READER)
    rows, actor = RegistryStore(client, stack.outputs["RegistryTable"]).rows(), Actor(ZOE, Source.WEB)
    now = datetime.now(UTC)
    number = open_by_hand(store, rows, slug, actor, Severity.SEV1, "No leads.", now=now).incident.number
    resolve(store, number, actor, "A new token.", now=now)
    one = Written(store, number)
    one.until(lambda _: True)
    return one


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Of a page whose console may say that the network is away."""
    made = browser.new_context(timezone_id="Asia/Tokyo")
    yield made
    made.close()


def opened(page: Page, stack: Target, written: Written, who: str = ZOE.name, *, script: bool = True) -> Page:
    come_in(page, stack, written.address, who)
    expect(page.get_by_role("heading", name="Five questions")).to_be_visible()
    if script:
        # It is at work: a network that goes away before has nothing to be kept.
        expect(page.get_by_role("button", name="Preview")).to_have_attribute("aria-expanded", "false")
    return page


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_contain_text("Saved ")


def test_two_people_write_at_once_and_only_what_both_changed_is_asked(
    stack: Target, written: Written, new_page: NewPage
) -> None:
    zoe = opened(new_page(), stack, written)
    ana = opened(new_page(), stack, written, ANA.name)

    zoe.get_by_label(QUESTIONS["what_broke"]).fill("The token.")
    zoe.get_by_label(QUESTIONS["what_fixed"]).fill("A new one, says Zoë.")
    saved(zoe)
    ana.get_by_label("Summary", exact=True).fill("In short.")

    expect(ana.locator("#saved")).to_contain_text(f"with what {ZOE.name} wrote")
    expect(ana.get_by_label(QUESTIONS["what_broke"])).to_have_value("The token.")
    written.answer(what_fixed="A service seat, says Zoë.")
    ana.get_by_label(QUESTIONS["what_fixed"]).fill("A new seat, says Ana.")

    expect(ana.locator("#saved")).to_contain_text(f"{ZOE.name} changed the same text")
    expect(ana.locator("#m-what_fixed")).to_contain_text("A service seat, says Zoë.")
    assert written.until(lambda _: True).answers["what_fixed"] == "A service seat, says Zoë."
    ana.get_by_role("button", name="Put both together").click()
    known = written.until(lambda one: "Ana" in one.answers["what_fixed"])
    assert known.answers["what_fixed"] == "A service seat, says Zoë.\n\nA new seat, says Ana."
    assert written.until(lambda one: "summary" in one.extras).extras == {"summary": "In short."}


def test_words_of_a_network_that_was_away_are_offered_back(
    stack: Target, written: Written, context: BrowserContext
) -> None:
    page = opened(context.new_page(), stack, written)
    context.set_offline(True)
    page.get_by_label(QUESTIONS["what_broke"]).fill("Typed in a tunnel.")
    expect(page.locator("#saved")).to_contain_text("Your words are kept in this browser")
    page.close()
    context.set_offline(False)
    assert "what_broke" not in written.until(lambda _: True).answers

    again = context.new_page()
    again.goto(f"{stack.web}{written.address}")
    expect(again.get_by_text("did not reach Deadair")).to_be_visible()
    expect(again.get_by_label(QUESTIONS["what_broke"])).not_to_have_value("Typed in a tunnel.")
    again.get_by_role("button", name="Bring them back").click()

    assert written.until(lambda one: "what_broke" in one.answers).answers["what_broke"] == "Typed in a tunnel."
    saved(again)
    again.reload()
    expect(again.get_by_text("did not reach Deadair")).to_be_hidden()


def test_words_from_a_tunnel_do_not_go_over_what_was_written_meanwhile(
    stack: Target, written: Written, context: BrowserContext
) -> None:
    page = opened(context.new_page(), stack, written, ANA.name)
    context.set_offline(True)
    page.get_by_label(QUESTIONS["what_broke"]).fill("Ana, in a tunnel.")
    expect(page.locator("#saved")).to_contain_text("Your words are kept in this browser")
    written.answer(what_broke="Zoë, at her desk.")

    context.set_offline(False)

    expect(page.locator("#saved")).to_contain_text(f"{ZOE.name} changed the same text")
    assert written.until(lambda _: True).answers["what_broke"] == "Zoë, at her desk."
    page.get_by_role("button", name="Take theirs").click()
    expect(page.get_by_label(QUESTIONS["what_broke"])).to_have_value("Zoë, at her desk.")


def test_a_sev1_is_written_read_and_published_without_a_script_and_looks_as_its_preview(
    stack: Target, written: Written, browser: Browser, new_page: NewPage
) -> None:
    # Its console says that a refusal is one.
    zoe = opened(browser.new_context(java_script_enabled=False).new_page(), stack, written, script=False)
    for key, question in QUESTIONS.items():
        zoe.get_by_label(question).fill(ANSWERS[key])
    zoe.get_by_role("button", name="Preview").click()
    previewed = zoe.locator("#preview .answer").filter(has_text="About what_broke.").inner_text()
    zoe.get_by_role("button", name="Publish").click()
    expect(zoe.get_by_role("alert")).to_contain_text(f"anybody but {ZOE.name}")
    zoe.get_by_label("Who reads it?").select_option(label=READER["name"])
    zoe.get_by_role("button", name="Ask for a review").click()
    expect(zoe.get_by_role("status").first).to_contain_text("asked for a review")

    reader = new_page(java_script_enabled=False)
    come_in(reader, stack, f"{written.address}/preview", READER["name"])
    reader.get_by_role("button", name="Approve").click()
    expect(reader.get_by_role("status").first).to_contain_text("Approved")

    zoe.reload()
    zoe.get_by_role("button", name="Publish").click()
    assert written.until(lambda one: one.is_published).version == 1
    zoe.goto(f"{stack.web}/postmortems/INC-{written.number}")
    for _ in range(PATIENCE_S):
        if zoe.locator("#what_broke").count():
            break
        zoe.wait_for_timeout(500)
        zoe.reload()
    assert previewed.split("\n")[-1] == "About what_broke."
    expect(zoe.get_by_text("About what_broke.")).to_be_visible()


def test_who_only_looks_saves_nothing_and_the_preview_beside_the_form_follows_what_is_typed(
    stack: Target, written: Written, new_page: NewPage
) -> None:
    before = written.postmortem
    page = opened(new_page(viewport={"width": 1440, "height": 900}), stack, written)
    page.get_by_role("button", name="Preview").click()
    page.get_by_label(QUESTIONS["what_broke"]).click()
    page.wait_for_timeout(3000)
    assert written.postmortem == before
    page.get_by_label(QUESTIONS["what_earlier"]).fill("A **volume alarm**.")

    expect(page.locator("#live-preview strong", has_text="volume alarm")).to_be_visible()
    page.get_by_role("button", name="Close preview").click()
    expect(page.locator("#live-preview")).to_be_hidden()
