"""Fault 40: signing in refuses whatever does not prove who somebody is, and says calmly how to go on.

The issuer of these claims signs what it is told to. What it may do wrong in one answer is claimed, field by field, in
`unit/oidc/test_issuer.py`; here the whole way is walked, with the cookies of a browser.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.slack.members import Member
from infra.target import Target
from tests.an_issuer import CLIENT, SECRET, AnIssuer, an_issuer, by_curve, by_nobody, by_public_key, by_rsa, rsa
from tests.builders import ANA
from tests.rooms.web_room import ask, cookie, web
from tests.rooms.web_site import NOW
from web.surroundings import Surroundings

__all__ = ["web"]
pytestmark = pytest.mark.stack
GOOD, OTHER = rsa(), rsa("two")
STEPS = ("/.well-known/openid-configuration", "/token", "/keys")


class Browser:
    """Somebody's browser: it keeps cookies and follows nothing by itself."""

    def __init__(self, site: Surroundings, issuer: AnIssuer) -> None:
        self.site, self.issuer = site, issuer
        self.jar: dict[str, str] = {}

    def get(self, address: str) -> dict[str, Any]:
        """One request."""
        answer = ask(self.site, address, cookies=[f"{name}={value}" for name, value in self.jar.items()])
        for line in answer.get("cookies", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.jar[name] = value
            if not value:
                del self.jar[name]
        return answer

    def go(self, wanted: str = "/incidents/INC-42") -> str:
        """To the issuer; returns the address to which it sends whoever says yes."""
        where = self.get(f"/sign-in/start?next={wanted}")
        assert where["statusCode"] == 303, where["body"]
        code, state = self.issuer.code(where["headers"]["Location"])
        return f"/auth/callback?code={code}&state={state}"

    def sign_in(self, wanted: str = "/incidents/INC-42") -> dict[str, Any]:
        """The whole way."""
        return self.get(self.go(wanted))

    def is_in(self) -> bool:
        """Whether pages are shown."""
        return bool(self.get("/incidents")["statusCode"] == 200)


@pytest.fixture(scope="module")
def running() -> Iterator[Callable[[], AnIssuer]]:
    with an_issuer(GOOD) as fresh:
        yield fresh


@pytest.fixture
def issuer(running: Callable[[], AnIssuer]) -> AnIssuer:
    issuer = running()
    issuer.now = int(NOW.timestamp())
    return issuer


@pytest.fixture(scope="module")
def site(stack: Target, web: Surroundings, running: Callable[[], AnIssuer]) -> Surroundings:
    secret = f"{web.settings.web_secrets}/client-secret"
    stack.client("ssm").put_parameter(Name=secret, Value=SECRET, Type="SecureString")
    return replace(web, settings=replace(web.settings, oidc_issuer=running().url, oidc_client_id=CLIENT))


@pytest.fixture
def browser(site: Surroundings, issuer: AnIssuer) -> Browser:
    return Browser(replace(site), issuer)


def told(answer: dict[str, Any]) -> tuple[int, str]:
    """The status and the heading of a page."""
    heading = re.search(r"<h1>(.*?)</h1>", answer["body"])
    return answer["statusCode"], heading[1] if heading else ""


OVER = (400, "This sign-in is over.")
UNPROVED = (403, "That did not prove who you are.")


def test_signing_in_gives_a_new_session_and_leads_on(browser: Browser) -> None:
    answer = browser.sign_in()

    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "/incidents/INC-42")
    assert set(browser.jar) == {"deadair-session"}
    page = browser.get("/incidents/INC-42")
    assert "Ana Lima" in page["body"]
    assert browser.issuer.posted["redirect_uri"] == "http://localhost:8761/auth/callback"
    assert browser.issuer.posted["client_secret"] == SECRET


def test_fault_39_each_sign_in_is_another_session_and_a_planted_one_is_worth_nothing(browser: Browser) -> None:
    browser.sign_in()
    first = browser.jar["deadair-session"]
    browser.sign_in()

    assert browser.jar["deadair-session"] != first
    assert ask(replace(browser.site), "/incidents", cookies=[f"deadair-session={first}"])["statusCode"] == 303
    assert browser.get("/sign-in?next=/map")["headers"]["Location"] == "/map"


def test_fault_40_a_code_that_is_said_to_be_of_another_issuer_is_not_redeemed(browser: Browser) -> None:
    ours = browser.issuer.url
    assert told(browser.get(f"{browser.go()}&iss=https://evil.example")) == UNPROVED
    assert browser.issuer.posted == {}
    assert browser.get(f"{browser.go()}&iss={ours}")["statusCode"] == 303


def test_fault_39_who_is_an_administrator_says_the_proved_address_not_that_of_a_row(browser: Browser) -> None:
    browser.site = replace(browser.site, settings=replace(browser.site.settings, admins=ANA.email))
    browser.issuer.change = {"email": "bob@example.com"}  # with the id that the row of Ana has
    browser.sign_in()

    signer = browser.site.entry.signer()
    session = signer.read(browser.jar["deadair-session"], NOW)
    assert session is not None
    assert (session.person.name, session.person.email) == (ANA.name, "bob@example.com")
    assert not browser.site.rights_of(session.person).admin


@pytest.mark.parametrize("wanted", ["//evil.example", "https:evil.example", "/sign-in", "/auth/callback", "/x" * 400])
def test_fault_39_wherever_it_was_to_lead_it_leads_to_a_page_of_ours(browser: Browser, wanted: str) -> None:
    assert browser.sign_in(wanted)["headers"]["Location"] == "/"


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"iss": "https://evil.example"},
        {"exp": timedelta(seconds=-91)},
        {"iat": timedelta(seconds=200)},
        {"nbf": timedelta(seconds=200)},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"azp": "another"},
        {"sub": None},
    ],
    ids=str,
)
def test_fault_40_a_token_that_does_not_hold_opens_nothing(browser: Browser, change: dict[str, Any]) -> None:
    browser.issuer.change = change

    assert told(browser.sign_in()) == UNPROVED
    assert browser.jar == {}
    assert not browser.is_in()


@pytest.mark.parametrize(
    "sign",
    [by_nobody, by_public_key(GOOD), by_rsa(OTHER, "one"), by_rsa(OTHER, "two")],
    ids=["none", "hmac", "key", "id"],
)
def test_fault_40_a_token_that_another_key_signed_opens_nothing(browser: Browser, sign: Any) -> None:
    browser.issuer.sign = sign

    assert told(browser.sign_in()) == UNPROVED
    assert not browser.is_in()


def test_fault_40_keys_that_change_while_somebody_signs_in_keep_nobody_out(browser: Browser) -> None:
    from joserfc.jwk import ECKey

    back = browser.go()
    browser.issuer.key = OTHER
    browser.issuer.sign = by_rsa(OTHER, "two")
    assert browser.get(back)["statusCode"] == 303

    curve = ECKey.generate_key("P-256", {"kid": "curve"})
    fresh = Browser(replace(browser.site), browser.issuer)
    browser.issuer.published = [GOOD.as_dict(private=False), curve.as_dict(private=False)]
    browser.issuer.sign = by_curve(curve, "curve")
    assert fresh.sign_in()["statusCode"] == 303


@pytest.mark.parametrize(
    "back",
    [
        "/auth/callback",
        "/auth/callback?code=code-0",
        "/auth/callback?code=code-0&state=",
        "/auth/callback?code=code-0&state=made-up",
        "/auth/callback?error=access_denied&state=made-up",
        "/auth/callback?code=%00&state=%ff",
    ],
)
@pytest.mark.parametrize("waits", [True, False])
def test_fault_40_an_answer_that_nobody_here_asked_for_opens_nothing(browser: Browser, back: str, waits: bool) -> None:  # noqa: FBT001
    if waits:
        browser.go()

    assert told(browser.get(back)) == OVER
    assert "/token" not in browser.issuer.asked
    assert not browser.is_in()


def test_fault_40_an_answer_in_another_browser_opens_nothing(browser: Browser) -> None:
    """Somebody who lures another to their own answer signs nobody in."""
    lured = Browser(browser.site, browser.issuer)
    lured.go()

    assert told(lured.get(browser.go())) == OVER
    assert not lured.is_in()


def test_fault_40_an_answer_counts_for_ten_minutes(browser: Browser) -> None:
    back = browser.go()
    browser.site = replace(browser.site, now=lambda: NOW + timedelta(minutes=10))

    assert told(browser.get(back)) == OVER


def test_fault_40_an_answer_that_comes_twice_is_no_news_for_whoever_is_in(browser: Browser) -> None:
    """A double click, the back button: calm, and on to where they wanted."""
    back = browser.go()
    before = dict(browser.jar)
    first, again = browser.get(back), browser.get(back)
    assert (first["statusCode"], again["statusCode"], again["headers"]["Location"]) == (303, 303, "/")

    browser.jar |= before  # both clicks left with the same cookies
    twice = browser.get(back)
    assert (twice["statusCode"], twice["headers"]["Location"]) == (303, "/incidents/INC-42")
    thief = Browser(browser.site, browser.issuer)
    thief.jar = before
    assert told(thief.get(back)) == OVER
    assert not thief.is_in()


def test_fault_40_a_sign_in_takes_effect_once_even_if_the_issuer_takes_a_code_twice(browser: Browser) -> None:
    back = browser.go()
    before, codes = dict(browser.jar), dict(browser.issuer.codes)
    browser.get(back)
    browser.issuer.codes = codes
    thief = Browser(browser.site, browser.issuer)
    thief.jar = before

    assert told(thief.get(back)) == OVER
    assert not thief.is_in()


def test_two_tabs_sign_in_beside_each_other(browser: Browser) -> None:
    one, two = browser.go("/incidents/INC-41"), browser.go("/incidents/INC-42")

    assert browser.get(one)["headers"]["Location"] == "/incidents/INC-41"
    assert browser.get(two)["headers"]["Location"] == "/incidents/INC-42"
    assert "deadair-signing-in" not in browser.jar


@pytest.mark.parametrize(
    ("error", "heading"),
    [("access_denied", (400, "You did not sign in.")), ("server_error", UNPROVED), ("<script>", UNPROVED)],
)
def test_fault_40_whoever_says_no_is_told_so_and_may_begin_again(
    browser: Browser, error: str, heading: tuple[int, str]
) -> None:
    state = browser.go().partition("state=")[2]
    answer = browser.get(f"/auth/callback?error={error}&error_description=<b>x</b>&state={state}")

    assert told(answer) == heading
    assert 'href="/sign-in/start?next=%2Fincidents%2FINC-42"' in answer["body"]
    assert "<b>" not in answer["body"].partition("</header>")[2]
    assert "<script>" not in answer["body"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("how", [(500, {}), (200, b"<!doctype html>"), (302, {}), (200, [])], ids=str)
def test_fault_40_an_issuer_that_fails_at_a_step_is_said_calmly_and_the_next_try_succeeds(
    browser: Browser, step: str, how: tuple[int, Any]
) -> None:
    if step != STEPS[0]:
        back = browser.go()
    browser.issuer.broken = {step: how}
    answer = browser.get("/sign-in/start?next=/map" if step == STEPS[0] else back)

    assert told(answer) == (503, "The local Slack does not answer just now.")
    assert "stays so" in answer["body"]
    assert re.search(r"Reference <code>[0-9a-f]{8}</code>", answer["body"])
    browser.issuer.broken = {}
    again = Browser(replace(browser.site), browser.issuer)
    assert again.sign_in()["statusCode"] == 303


def test_fault_40_whoever_is_in_stays_in_while_the_issuer_is_down(site: Surroundings) -> None:
    with an_issuer(GOOD) as fresh:
        gone = fresh()
    settings = replace(site.settings, oidc_issuer=gone.url)
    away = Browser(replace(site, settings=settings), gone)

    assert told(away.get("/sign-in/start"))[0] == 503
    assert ask(away.site, "/incidents", **cookie())["statusCode"] == 200


@pytest.mark.parametrize(
    "change",
    [
        {"https://slack.com/team_id": "T0FOREIGN"},
        {"https://slack.com/team_id": None},
        {"https://slack.com/team_id": "T0FOREIGN", "email": "boss@deadair.example.com"},
    ],
    ids=str,
)
def test_fault_40_somebody_of_another_workspace_is_told_so_and_reads_nothing(
    browser: Browser, change: dict[str, Any]
) -> None:
    browser.issuer.change = change

    assert told(browser.sign_in()) == (403, "You cannot come in with this account.")
    assert not browser.is_in()


def test_an_address_of_a_domain_comes_in_only_when_the_issuer_stands_for_it(browser: Browser) -> None:
    slackless = {"https://slack.com/team_id": None, "https://slack.com/user_id": None}
    settings = replace(browser.site.settings, oidc_teams="", oidc_domains="example.com")
    browser.site = replace(browser.site, settings=settings)
    browser.issuer.change = slackless | {"email_verified": None}
    assert told(browser.sign_in())[0] == 403

    browser.issuer.userinfo = {"email": "ana.lima@example.com", "email_verified": True}
    assert browser.sign_in()["statusCode"] == 303
    # The registry knows more of her than the issuer: her name there, her id in Slack.
    assert "Ana Lima" in browser.get("/")["body"]


def test_fault_40_whoever_is_deactivated_in_slack_does_not_come_in_and_loses_what_they_had(browser: Browser) -> None:
    who = {"https://slack.com/user_id": "U0LEFT", "email": "left@example.com", "name": "Lea Left"}
    browser.issuer.change = who
    assert browser.sign_in()["statusCode"] == 303
    assert browser.is_in()

    members = MemberStore(browser.site.client("dynamodb"), browser.site.settings.incidents_table)
    members.put(Member("U0LEFT", "Lea Left", "left@example.com", deactivated=True, asked_at=NOW), NOW)
    browser.site = replace(browser.site)  # another process, which asks
    assert not browser.is_in()
    assert told(browser.sign_in()) == (403, "This account is deactivated.")


def test_fault_40_a_guest_whom_no_row_names_does_not_come_in_and_loses_what_they_had(browser: Browser) -> None:
    browser.issuer.change = {"https://slack.com/user_id": "U0GUEST", "email": "guest@example.com", "name": "Gus Guest"}
    assert browser.sign_in()["statusCode"] == 303
    members = MemberStore(browser.site.client("dynamodb"), browser.site.settings.incidents_table)
    members.put(Member("U0GUEST", "Gus Guest", "guest@example.com", guest=True, asked_at=NOW), NOW)
    members.put(Member(ANA.slack_id, ANA.name, ANA.email, guest=True, asked_at=NOW), NOW)
    browser.site = replace(browser.site)  # another process, which asks

    assert not browser.is_in()
    assert told(browser.sign_in()) == (403, "Guests cannot come in here.")
    browser.issuer.change = {}
    assert browser.sign_in()["statusCode"] == 303  # a row names her
    assert browser.is_in()
    members.put(Member(ANA.slack_id, ANA.name, ANA.email, asked_at=NOW), NOW)


@pytest.mark.parametrize("said", ["invalid_client", "bad_redirect_uri", "invalid_team_for_non_distributed_app"])
def test_fault_40_what_only_an_operator_can_mend_is_said_as_such(browser: Browser, said: str) -> None:
    browser.issuer.refuses = said

    assert told(browser.sign_in()) == (503, "Signing in is not set up right.")


def test_fault_40_an_issuer_that_is_another_one_is_a_mistake_of_the_set_up(browser: Browser) -> None:
    browser.issuer.card = {"issuer": "https://evil.example"}

    assert told(browser.get("/sign-in/start")) == (503, "Signing in is not set up right.")


def test_a_client_secret_may_change_without_a_deployment(stack: Target, browser: Browser) -> None:
    browser.site = replace(browser.site)
    name = f"{browser.site.settings.web_secrets}/client-secret"
    stack.client("ssm").put_parameter(Name=name, Value="another", Type="SecureString", Overwrite=True)
    browser.sign_in()
    stack.client("ssm").put_parameter(Name=name, Value=SECRET, Type="SecureString", Overwrite=True)

    assert browser.issuer.posted["client_secret"] == "another"


def test_fault_40_no_refusal_tells_a_secret(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    browser.issuer.change = {"nonce": "another"}
    with caplog.at_level(logging.DEBUG):
        back = browser.go()
        waits = browser.jar["deadair-signing-in"]
        answer = browser.get(back)

    logged = json.dumps([{key: str(value) for key, value in vars(record).items()} for record in caplog.records])
    secrets = [SECRET, back.partition("code=")[2], waits, browser.issuer.posted["code_verifier"]]
    for secret in [*secrets, *re.findall(r"(?:code|state)=([^&]+)", back)]:
        assert secret not in answer["body"]
        assert secret not in logged
    assert '"nonce"' in logged
    assert "not signed in" in logged
