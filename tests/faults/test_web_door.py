"""Claims about the web's door: without its right no request reads or changes anything, and nothing odd opens it.

The whole table of routes is walked, so that a page that comes later is walked as well.
"""

import json
import logging
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from deadair.domain.stages import Status
from deadair.usecases.maintain import Maintenance, maintain
from tests.builders import ANA, an_actor
from tests.rooms.web_room import FORM, NOWHERE, READS, SIGNER, ask, cookie, read, send, web
from tests.rooms.web_site import NOW
from web.front import respond
from web.handler import handler, surroundings
from web.pages.incident_steps import STEPS
from web.routes import ROUTES
from web.sessions import COOKIE, Signer, new_session
from web.settings import WebSettings
from web.surroundings import Surroundings

__all__ = ["web"]
pytestmark = pytest.mark.stack
FILLED = {"<ref>": "INC-42", "<slug>": "hubspot-salesforce", "<doc>": "INC-39", "<letter>": "letter-1"}


def filled(rule: str) -> list[str]:
    """The addresses of a rule, one for each step of an incident."""
    for part, value in FILLED.items():
        rule = rule.replace(part, value)
    return [rule.replace("<verb>", step) for step in STEPS] if "<verb>" in rule else [rule]


POSTS = [address for method, rule, _ in ROUTES if method == "POST" for address in filled(rule)]
GETS = [address for method, rule, _ in ROUTES if method == "GET" and rule != "/sign-in" for address in filled(rule)]


@pytest.fixture(autouse=True, scope="module")
def unchanged(web: Surroundings) -> Any:
    """Whatever the claims here do, no incident is another one afterwards."""
    before = {number: web.incidents.get(number) for number in (41, 42, 43)}
    yield
    assert {number: web.incidents.get(number) for number in before} == before


@pytest.mark.parametrize("address", [*GETS, *READS])
@pytest.mark.parametrize(
    "jar",
    [[], ["session=valid"], [f"{COOKIE}=valid"], [f"{COOKIE}={Signer(b'x' * 40).seal(new_session('s', NOW, ANA))}"]],
)
def test_g1_nobody_reads_anything_without_a_session(web: Surroundings, address: str, jar: list[str]) -> None:
    page = ask(web, address, cookies=jar)
    data = ask(web, address, cookies=jar, headers={"accept": "application/json"})

    if address.startswith("/v1/"):
        assert page["statusCode"] == 401
    else:
        assert (page["statusCode"], page["body"]) == (303, "")
        assert page["headers"]["Location"].startswith("/sign-in")
    assert (data["statusCode"], json.loads(data["body"])) == (401, {"error": {"code": "signed_out"}})


@pytest.mark.parametrize(("method", "rule"), [(method, rule) for method, rule, _ in ROUTES])
def test_g1_a_closed_door_refuses_everyone_on_every_route_and_reads_nothing(method: str, rule: str) -> None:
    def nothing(service: str) -> Any:
        raise AssertionError(f"{service} was asked")

    shut = Surroundings(WebSettings(**NOWHERE), now=lambda: NOW, client=nothing)
    address = re.sub("<.*?>", "INC-42", rule)

    for given in (cookie(), {}, {"headers": {"accept": "application/json"}}):
        assert ask(shut, address, method, **given)["statusCode"] == 403


@pytest.mark.parametrize("door", ["", "open", "LOCAL", "oidc"])
def test_g1_a_door_that_is_not_known_is_closed(web: Surroundings, door: str) -> None:
    assert ask(replace(web, settings=replace(web.settings, door=door)), "/", **cookie())["statusCode"] == 403


def test_g1_the_handler_is_closed_unless_it_is_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NOWHERE.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.delenv("DOOR", raising=False)
    surroundings.cache_clear()

    assert handler({"rawPath": "/incidents"}, None)["statusCode"] == 403
    assert handler({"rawPath": "/healthz"}, None)["body"] == "ok\n"
    surroundings.cache_clear()


def test_g1_a_made_up_cookie_resolves_nothing(web: Surroundings) -> None:
    event = {
        "version": "2.0",
        "rawPath": "/incidents/INC-42/resolve",
        "cookies": ["session=valid"],
        "body": "status=resolved",
        "requestContext": {"http": {"method": "POST", "path": "/incidents/INC-42/resolve"}},
    }

    assert respond(event, None, web)["statusCode"] == 403
    assert web.incidents.get(42).status is Status.ACKNOWLEDGED


FORGED: list[dict[str, Any]] = [
    {"token": ""},
    {"token": "wrong"},
    {"token": SIGNER.token(new_session("another", NOW))},
    {"headers": {"origin": "https://attacker.example"}},
    {"headers": {"origin": "null"}},
    {"headers": {"sec-fetch-site": "cross-site"}},
    {"headers": {"sec-fetch-site": "same-site"}},
]


@pytest.mark.parametrize("address", POSTS)
@pytest.mark.parametrize("forged", FORGED)
def test_fault_39_a_form_that_is_not_ours_changes_nothing(
    web: Surroundings, address: str, forged: dict[str, Any]
) -> None:
    answer = send(web, address, fix="x", what_broke="x", **forged)

    assert answer["statusCode"] == 403
    assert "cookies" not in answer
    assert web.incidents.get(42).status is Status.ACKNOWLEDGED
    assert web.incidents.postmortem(42) is None


@pytest.mark.parametrize("address", POSTS)
def test_g1_nobody_posts_without_a_session(web: Surroundings, address: str) -> None:
    body = urlencode({"token": SIGNER.token(new_session("s1", NOW)), "fix": "x"})
    answer = ask(web, address, "POST", headers={"content-type": FORM}, body=body)

    assert answer["statusCode"] == 403
    assert web.incidents.get(42).status is Status.ACKNOWLEDGED


def test_fault_39_signing_in_gives_a_new_session_and_leads_on(web: Surroundings) -> None:
    form = ask(web, "/sign-in?next=/incidents/INC-42")
    before = form["cookies"][0].partition(";")[0]
    token = re.search(r'name="token" value="([^"]+)"', form["body"])
    assert token is not None
    body = urlencode({"token": token[1], "person": "ana.lima@example.com", "next": "/incidents/INC-42"})

    answer = ask(web, "/sign-in", "POST", headers={"content-type": FORM}, body=body, cookies=[before])
    after = answer["cookies"][0].partition(";")[0]

    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "/incidents/INC-42")
    assert after != before
    assert "Ana Lima" in ask(web, "/incidents/INC-42", cookies=[after])["body"]


@pytest.mark.parametrize(
    "elsewhere", ["//attacker.example", "/\\attacker.example", "https:attacker.example", "/%09/attacker.example"]
)
@pytest.mark.parametrize("path", ["/login", "/sign-in"])
def test_fault_39_next_never_leads_elsewhere(web: Surroundings, path: str, elsewhere: str) -> None:
    asked = ask(web, f"{path}?{urlencode({'next': elsewhere})}")
    signed = send(web, "/sign-in", person="ana.lima@example.com", next=elsewhere)

    assert "attacker" not in asked["body"]
    assert "attacker" not in asked["headers"].get("Location", "")
    assert "attacker" not in signed["headers"]["Location"]


def test_fault_39_where_a_redirect_leads_is_plain_ascii(web: Surroundings) -> None:
    answer = ask(web, "/integrations/größe", "GET")
    assert answer["headers"]["Location"].isascii()

    answer = send(web, "/sign-in", name="Jürgen", next="/integrations/größe?q=a&b=%20x")
    assert answer["headers"]["Location"] == "/integrations/gr%C3%B6%C3%9Fe?q=a&b=%20x"


ODD: list[dict[str, Any]] = [
    {},
    {"rawPath": None, "headers": None, "requestContext": None, "cookies": None, "body": None},
    {"headers": {"cookie": None, "accept": 3}, "requestContext": {"http": None}},
    {"rawPath": "/static/../../../etc/passwd"},
    {"rawPath": "/static/..%2f..%2fsettings.py"},
    {"rawPath": "/static/%2e%2e/base.html"},
    {"rawPath": "/incidents/\x00\ud800"},
    {"rawPath": "/postmortems/" + "a/" * 500},
    {"rawPath": "/postmortems/~!!!"},
    {"rawQueryString": "q=" + "a" * 100_000},
    {"rawPath": "/incidents", "rawQueryString": "before=%ff%fe&state=past"},
    {"rawPath": "/incidents", "rawQueryString": "before=bm8&state=past"},
    {"rawPath": "/postmortems", "rawQueryString": "page=-1&q=%22)%20OR%20*&integration=%00"},
    {"requestContext": {"http": {"method": "PATCH"}}},
    {"requestContext": {"http": {"method": "POST"}}, "body": "\xff", "isBase64Encoded": True},
    {"headers": {"origin": "http://[", "sec-fetch-site": "x"}, "requestContext": {"http": {"method": "POST"}}},
]


@pytest.mark.parametrize("event", ODD)
@pytest.mark.parametrize("known", [True, False])
def test_fault_39_an_odd_request_gets_an_answer_and_never_a_fault(
    web: Surroundings, event: dict[str, Any], *, known: bool
) -> None:
    answer = respond({**event, **(cookie() if known else {})}, None, web)

    assert answer["statusCode"] < 500
    assert "root:" not in answer["body"]
    assert "Content-Security-Policy" in answer["headers"]
    answer["body"].encode()


@pytest.mark.parametrize("address", [*READS, "/healthz", "/sign-in", "/nothing", "/static/app.css"])
def test_fault_39_every_answer_carries_the_headers_that_protect_it(web: Surroundings, address: str) -> None:
    headers = read(web, address)["headers"]

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Cache-Control"] == ("public, no-cache" if address.startswith("/static") else "no-store")


@pytest.mark.parametrize("address", READS)
def test_fault_39_no_page_has_inline_script_or_style_or_loads_from_elsewhere(web: Surroundings, address: str) -> None:
    body = read(web, address)["body"]

    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=\"/static/)", body)
    assert not re.search(r"<(?:script|link|img|source)[^>]*(?:src|href|srcset)=\"(?!/)", body)


@pytest.mark.parametrize("address", POSTS)
def test_fault_39_a_form_without_its_fields_is_refused_and_never_a_fault(web: Surroundings, address: str) -> None:
    if address.endswith(("/acknowledge", "/mitigate", "/resolve", "/reopen", "/check", "/postmortem", "sign-out")):
        return  # these need no more than the button
    answer = send(web, address)

    assert answer["statusCode"] in {303, 404, 409, 422}
    assert "Traceback" not in answer["body"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("ref", ["INC-999", "zebra", "INC-42%2F..%2F43", "-1", "42%00", "9" * 30])
def test_fault_39_a_step_on_what_is_not_there_is_a_404(web: Surroundings, step: str, ref: str) -> None:
    fields = {"text": "x", "fix": "x", "owner": "ana.lima@example.com", "into": "43", "alarm-1": "a", "for": "30m"}
    told = {"severity": "SEV2", "class": "auth", "check": "auth.user", "milestone": "started", "at": "10:00"}

    assert send(web, f"/incidents/{ref}/{step}", fields | told, reason="x")["statusCode"] == 404


def test_fault_39_a_window_is_ended_only_from_an_integration_that_has_it(web: Surroundings) -> None:
    at = Maintenance(web.maintenance, web.incidents, web.registry)
    ends = NOW.replace(hour=23)
    planned = maintain(
        at, ["web-form-marketo"], an_actor(), begins_at=ends.replace(hour=22), ends_at=ends, reason="x", now=NOW
    )
    window = planned.window.id

    assert send(web, "/integrations/hubspot-salesforce/maintenance-end", window=window)["statusCode"] == 404
    assert [one.id for one in web.maintenance.of("web-form-marketo")] == [window]
    assert send(web, "/integrations/web-form-marketo/maintenance-end", window=window)["statusCode"] == 303
    assert web.maintenance.of("web-form-marketo") == ()


@pytest.mark.parametrize(
    "flood",
    [
        [f"c{i}={i}" for i in range(2000)],
        [f"{COOKIE}={'a' * 20_000}"],
        [f"{COOKIE}=a", f"{COOKIE}={SIGNER.seal(new_session('s1', NOW, ANA))}"],
        [";" * 10_000],
        ["=" * 100],
    ],
)
def test_fault_39_a_flood_of_cookies_is_nobody(web: Surroundings, flood: list[str]) -> None:
    assert ask(web, "/incidents", cookies=flood)["statusCode"] == 303


def test_fault_39_a_session_set_by_somebody_else_is_not_signed_in_by_it(web: Surroundings) -> None:
    """Fixation: whoever plants a session of nobody in a browser knows no session after the signing in."""
    planted = f"{COOKIE}={SIGNER.seal(new_session('planted', NOW))}"
    body = urlencode({"token": SIGNER.token(new_session("planted", NOW)), "person": "ana.lima@example.com"})
    answer = ask(web, "/sign-in", "POST", headers={"content-type": FORM}, body=body, cookies=[planted])

    assert answer["statusCode"] == 303
    assert planted not in answer["cookies"][0]
    assert ask(web, "/incidents", cookies=[planted])["statusCode"] == 303


@pytest.mark.parametrize("address", ["/", "/incidents/INC-42", "/sign-in", "/nothing"])
@pytest.mark.parametrize("header", ["host", "x-forwarded-host", "x-original-url", "x-rewrite-url", "forwarded"])
def test_fault_39_a_made_up_host_is_said_nowhere(web: Surroundings, address: str, header: str) -> None:
    for who in (cookie(), {}):
        answer = ask(web, address, headers={header: "attacker.example"}, **who)

        assert "attacker.example" not in json.dumps(answer)


def test_fault_39_a_form_for_another_host_changes_nothing(web: Surroundings) -> None:
    answer = send(
        web, "/incidents/INC-42/resolve", headers={"origin": "http://here", "host": "attacker.example"}, fix="x"
    )

    assert answer["statusCode"] == 403


def test_g1_every_refusal_is_logged_and_tells_no_secret(web: Surroundings, caplog: pytest.LogCaptureFixture) -> None:
    secret = SIGNER.seal(new_session("s2", NOW, ANA))[:-1] + "x"
    with caplog.at_level(logging.WARNING):
        refused = send(web, "/incidents/INC-42/resolve", token="a-forged-token", fix="x")
        ask(web, "/incidents\n{}", cookies=[f"{COOKIE}={secret}"], headers={"accept": "application/json"})

    assert refused["statusCode"] == 403
    assert {getattr(record, "why", "") for record in caplog.records} == {"form", "signed_out"}
    for record in caplog.records:
        assert not {"a-forged-token", secret} & set(map(str, vars(record).values()))
        assert "\n" not in str(vars(record).get("path"))
