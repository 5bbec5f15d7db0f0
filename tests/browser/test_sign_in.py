"""Signing in and out as people see it; no page on the way says a word in the console, so no policy is broken."""

import pytest
from playwright.sync_api import expect

from infra.target import Target
from tests.browsing import NewPage
from tests.signing_in import come_in

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_a_link_to_an_incident_leads_there_after_signing_in(stack: Target, new_page: NewPage) -> None:
    page = new_page()
    come_in(page, stack, "/incidents?state=past")

    assert page.url == f"{stack.web}/incidents?state=past"
    names = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert names["deadair-session"]["httpOnly"]
    assert names["deadair-session"]["sameSite"] == "Lax"
    assert "deadair-signing-in" not in names


def test_the_back_button_after_signing_in_shows_a_page_of_ours(stack: Target, new_page: NewPage) -> None:
    page = new_page()
    come_in(page, stack, "/incidents")
    for _ in range(2):
        page.go_back()

    page.goto(f"{stack.web}/auth/callback?code=old&state=old")
    assert page.url == f"{stack.web}/"


def test_without_a_script_somebody_signs_out_everywhere_and_the_other_window_is_out(
    stack: Target, new_page: NewPage
) -> None:
    here, there = new_page(java_script_enabled=False), new_page(viewport={"width": 390, "height": 780})
    for page in (here, there):
        come_in(page, stack, "/incidents", "Maren Holt")

    here.get_by_text("Maren Holt").first.click()
    here.get_by_role("button", name="Sign out everywhere").click()
    expect(here.get_by_role("status")).to_contain_text("signed out, in every browser")
    for _ in range(75):
        there.goto(f"{stack.web}/incidents")
        if "/sign-in" in there.url:
            break
        there.wait_for_timeout(1000)
    expect(there.get_by_role("link", name="Sign in with")).to_be_visible()


def test_whoever_signs_out_is_told_so_and_is_out(stack: Target, new_page: NewPage) -> None:
    page = new_page()
    come_in(page, stack, "/numbers")
    page.get_by_text("Ana Lima").first.click()
    page.get_by_role("button", name="Sign out", exact=True).click()

    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    page.goto(f"{stack.web}/numbers")
    expect(page.get_by_role("link", name="Sign in with")).to_be_visible()
