"""A browser for each module that asks: a real Chromium, and pages that fail the test for any word in their console.

`tests/conftest.py` loads this module as a plugin. A test that asks for `browser` must carry the marker `browser`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from infra.browser import find_browser
from infra.local.slack import app_link

# Chromium looks for its own servers otherwise, and a machine without a network has none.
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NewPage = Callable[..., Page]
# A page that a busy machine draws late is no page that lacks something.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running Chromium.

    Not for the session: while Playwright runs, its event loop holds this thread, and no other can run in it.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=list(ARGS))
        yield chromium
        chromium.close()


@pytest.fixture
def patient_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    """The local Slack waits longer for the app than Slack does: a busy machine is no app that is late."""
    monkeypatch.setattr(app_link, "PATIENCE_SECONDS", 30.0)


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Makes pages, each in a context of its own; words in a console and requests elsewhere fail the test."""
    contexts = []
    words: list[str] = []

    def make(**options: Any) -> Page:
        context = browser.new_context(**{"timezone_id": "Asia/Tokyo", "locale": "en-GB"} | options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: words.append(message.text))
        page.on("pageerror", lambda problem: words.append(str(problem)))
        page.on("request", lambda request: words.append(request.url) if _elsewhere(request.url) else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert words == []


def _elsewhere(url: str) -> bool:
    return not url.startswith(("http://localhost:", "http://127.0.0.1:", "data:", "blob:"))
