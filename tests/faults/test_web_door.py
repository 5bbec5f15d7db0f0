"""Claims about the web's door: without its right no request reads or changes anything, and nothing odd opens it.

The whole table of routes is walked, so that a page that comes later is walked as well. What signing in refuses is
claimed in `test_sign_in.py`.
"""

import json
import logging
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.slack.members import Member
from deadair.domain.ownership import Person
from deadair.domain.stages import Status
from deadair.usecases.maintain import Maintenance, maintain
from infra.target import Target
from tests.builders import ANA, an_actor
from tests.rooms.web_room import FORM, NOWHERE, READS, SIGNER, ask, cookie, read, send, web
from tests.rooms.web_site import KEY, NOW
from tests.signing_in import sealed
from web import gate
from web.cookies import SESSION
from web.front import respond
from web.handler import handler, surroundings
from web.pages.incident_steps import STEPS
from web.routes import ROUTES
from web.sessions import Session, Signer, new_session
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
GETS = [
    address
    for method, rule, _ in ROUTES
    if method == "GET" and rule not in gate.AT_THE_DOOR
    for address in filled(rule)
]


@pytest.fixture(autouse=True, scope="module")
def unchanged(web: Surroundings) -> Any:
    """Whatever the claims here do, no incident is another one afterwards."""
    before = {number: web.incidents.get(number) for number in (41, 42, 43)}
    yield
    assert {number: web.incidents.get(number) for number in before} == before


GONE = Person("Ruud Gone", "ruud.gone@example.com", "U0RUUD")
OUT = Person("Olga Out", "olga.out@example.com", "U0OLGA")
OTHER_KEY = Signer(b"x" * 40)


def with_session(began: timedelta, seen: timedelta, person: Person = ANA, signer: Signer = SIGNER) -> list[str]:
    """The cookie of a session that began and was last seen so long ago."""
    return [f"{SESSION}={signer.seal(Session('sid', NOW - began, NOW - seen, person))}"]


SOON = timedelta(minutes=1)
JARS: dict[str, list[str]] = {
    "none": [],
    "another name": ["session=valid"],
    "made up": [f"{SESSION}=valid"],
    "another key": with_session(SOON, SOON, signer=OTHER_KEY),
    "changed": [with_session(SOON, SOON)[0][:-3] + "abc"],
    "half a day old": with_session(timedelta(hours=12), SOON),
    "two hours idle": with_session(timedelta(hours=3), timedelta(hours=2)),
    "not begun": with_session(timedelta(minutes=-3), timedelta(minutes=-3)),
    "a sign-in that waits": [f"{SESSION}={SIGNER.sealed('signing-in', ['x'])}"],
    "the name of https": [f"__Host-{with_session(SOON, SOON)[0]}"],
    "signed out": with_session(SOON, SOON, OUT),
    "signed out everywhere": with_session(timedelta(minutes=30), SOON, GONE),
    "deactivated": with_session(timedelta(minutes=5), SOON, GONE),
}


@pytest.fixture(scope="module")
def people_who_left(web: Surroundings) -> None:
    """One signed out in one browser, one signed out everywhere ten minutes ago and was deactivated since."""
    web.entry.sessions.end(OUT.slack_id, "sid", NOW)
    web.entry.sessions.end_all(GONE.slack_id, NOW - timedelta(minutes=10))
    members = MemberStore(web.client("dynamodb"), web.settings.incidents_table)
    left = Member(GONE.slack_id, GONE.name, GONE.email, deactivated=True, asked_at=NOW)
    members.put(left, NOW)


class Watched:
    """A client whose calls are written down."""

    def __init__(self, client: Any, calls: list[str]) -> None:
        self._client, self._calls = client, calls

    def __getattr__(self, name: str) -> Any:
        def call(**request: Any) -> Any:
            self._calls.append(f"{name} {json.dumps(request, default=str)}")
            return getattr(self._client, name)(**request)

        return (
            call if name in {"get_item", "query", "batch_get_item", "get_object", "put_item"} else self._written(name)
        )

    def _written(self, name: str) -> Any:
        self._calls.append(name)
        return getattr(self._client, name)


def watched(web: Surroundings) -> tuple[Surroundings, list[str]]:
    """The same site with nothing remembered, and what it reads."""
    calls: list[str] = []
    return replace(web, client=lambda service: Watched(web.client(service), calls)), calls


def only_at_the_door(calls: list[str]) -> bool:
    """Whether nothing was read but keys of ours, and whether a session is over."""
    return all(call == "get_parameters" or "SESSIONS#" in call or "MEMBER#" in call for call in calls)


@pytest.mark.parametrize("jar", JARS)
@pytest.mark.usefixtures("people_who_left")
def test_g1_nobody_reads_anything_without_a_session(web: Surroundings, jar: str) -> None:
    site, calls = watched(web)
    for address in [*GETS, *READS]:
        page = ask(site, address, cookies=JARS[jar])
        data = ask(site, address, cookies=JARS[jar], headers={"accept": "application/json"})

        if address.startswith("/v1/"):
            assert page["statusCode"] == 401
        else:
            assert (page["statusCode"], page["body"]) == (303, "")
            assert page["headers"]["Location"].startswith("/sign-in")
        assert (data["statusCode"], json.loads(data["body"])) == (401, {"error": {"code": "signed_out"}})
    assert only_at_the_door(calls)


@pytest.mark.parametrize("jar", JARS)
@pytest.mark.usefixtures("people_who_left")
def test_g1_nobody_posts_without_a_session(web: Surroundings, jar: str) -> None:
    site, calls = watched(web)
    fields = {"token": SIGNER.token(new_session("sid", NOW, ANA)), "fix": "x"}
    for address in POSTS:
        headers = {"content-type": FORM}
        answer = ask(site, address, "POST", headers=headers, body=urlencode(fields), cookies=JARS[jar])

        assert answer["statusCode"] == 403
        assert "cookies" not in answer
    assert only_at_the_door(calls)


@pytest.mark.parametrize(("method", "rule"), [(method, rule) for method, rule, _ in ROUTES])
@pytest.mark.parametrize(
    "lacks",
    [
        {},
        {"oidc_client_id": "a-client"},
        {"oidc_teams": "T0DEADAIR"},
        {"oidc_client_id": "a-client", "oidc_teams": " , "},
        {"oidc_client_id": "a-client", "oidc_teams": "T0DEADAIR", "web_url": "http://deadair.example.com"},
        {"oidc_client_id": "a-client", "oidc_teams": "T0DEADAIR", "web_url": "http://localhost.example.com"},
    ],
    ids=str,
)
def test_g1_a_door_that_nobody_set_up_refuses_everyone_on_every_route_and_reads_nothing(
    method: str, rule: str, lacks: dict[str, str]
) -> None:
    def nothing(service: str) -> Any:
        raise AssertionError(f"{service} was asked")

    shut = Surroundings(WebSettings(**NOWHERE | lacks), now=lambda: NOW, client=nothing)
    address = re.sub("<.*?>", "INC-42", rule)

    for given in (cookie(), {}, {"headers": {"accept": "application/json"}}):
        assert ask(shut, address, method, **given)["statusCode"] == 403


def test_g1_the_handler_is_closed_unless_it_is_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NOWHERE.items():
        monkeypatch.setenv(name.upper(), value)
    for name in ("OIDC_CLIENT_ID", "OIDC_TEAMS", "OIDC_DOMAINS", "SLACK_TEAM"):
        monkeypatch.delenv(name, raising=False)
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
    {"token": SIGNER.token(new_session("another", NOW, ANA))},
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


BUTTONS = {"acknowledge", "mitigate", "resolve", "reopen", "check", "postmortem", "sign-out", "sign-out-everywhere"}
FORMS = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)


@pytest.mark.parametrize("address", READS)
def test_fault_39_every_form_of_every_page_carries_its_sessions_token_and_leads_here(
    web: Surroundings, address: str
) -> None:
    found = FORMS.findall(read(web, address)["body"])
    token = f'name="token" value="{SIGNER.token(new_session("s1", NOW, ANA))}"'

    posting = [(start, inside) for start, inside in found if 'method="post"' in start]
    assert len(posting) >= 2  # the two ways out are on every page
    for _, inside in posting:
        assert token in inside
    for start, _ in found:
        assert re.search(r'action="/(?!/)', start) or "action=" not in start


def test_fault_39_signing_out_ends_the_session_for_every_copy_of_its_cookie(web: Surroundings) -> None:
    mine, other = cookie(sid="out-1"), cookie(sid="out-2")
    token = SIGNER.token(new_session("out-1", NOW, ANA))
    body = urlencode({"token": token})
    answer = ask(web, "/sign-out", "POST", headers={"content-type": FORM}, body=body, **mine)

    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, "/sign-in?done=out")
    assert answer["cookies"] == [f"{SESSION}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"]
    for site in (web, replace(web)):
        assert ask(site, "/incidents", **mine)["statusCode"] == 303
        assert ask(site, "/incidents", **other)["statusCode"] == 200


def test_fault_39_signing_out_everywhere_ends_every_session_and_no_later_one(web: Surroundings) -> None:
    person = Person("Ewa Everywhere", "ewa@example.com", "U0EWA")
    body = urlencode({"token": SIGNER.token(new_session("e1", NOW, person))})
    answer = ask(web, "/sign-out-everywhere", "POST", headers={"content-type": FORM}, body=body, **cookie(person, "e1"))

    assert answer["headers"]["Location"] == "/sign-in?done=everywhere"
    later = replace(web, now=lambda: NOW + timedelta(seconds=5))
    for site in (web, later):
        assert ask(site, "/incidents", **cookie(person, "e2"))["statusCode"] == 303
    again = sealed(SIGNER, NOW + timedelta(seconds=2), person, "e3")
    assert ask(later, "/incidents", cookies=[again])["statusCode"] == 200


def test_a_session_lives_as_long_as_it_is_used_and_half_a_day_at_most(web: Surroundings) -> None:
    jar, at, answers = cookie(), NOW, 0
    while True:
        at += timedelta(minutes=90)
        answer = ask(replace(web, now=lambda at=at: at), "/numbers", **jar)  # type: ignore[misc]
        if answer["statusCode"] != 200:
            break
        answers += 1
        assert len(answer["cookies"]) == 1
        jar = {"cookies": [answer["cookies"][0].partition(";")[0]]}

    assert answers == 7
    assert at - NOW == timedelta(hours=12)


def test_a_session_that_was_just_seen_gets_no_new_cookie(web: Surroundings) -> None:
    assert "cookies" not in ask(web, "/incidents", **cookie())


def test_a_session_outlives_a_change_of_our_key_while_the_key_before_is_there(stack: Target, web: Surroundings) -> None:
    path = f"{web.settings.web_secrets}/turned"
    turned = replace(web, settings=replace(web.settings, web_secrets=path))
    for name, value in (("session-key", "n" * 40), ("session-key-before", KEY)):
        stack.client("ssm").put_parameter(Name=f"{path}/{name}", Value=value, Type="SecureString")

    later = replace(turned, now=lambda: NOW + timedelta(minutes=10))
    answer = ask(later, "/incidents", **cookie())
    new = answer["cookies"][0].partition(";")[0]
    stack.client("ssm").delete_parameter(Name=f"{path}/session-key-before")

    assert answer["statusCode"] == 200
    assert ask(replace(later), "/incidents", cookies=[new])["statusCode"] == 200
    assert ask(replace(later), "/incidents", **cookie())["statusCode"] == 303


def test_over_https_only_this_very_host_can_have_set_the_cookie_and_browsers_stay_there(web: Surroundings) -> None:
    safe = replace(web, settings=replace(web.settings, web_url="https://deadair.example.com"))
    good = sealed(SIGNER, NOW, secure=True)
    later = replace(safe, now=lambda: NOW + timedelta(minutes=10))

    assert ask(safe, "/incidents", **cookie())["statusCode"] == 303
    answer = ask(later, "/incidents", cookies=[good])
    assert answer["statusCode"] == 200
    name, _, attributes = answer["cookies"][0].partition("=")
    assert name == "__Host-deadair-session"
    assert attributes.partition("; ")[2] == "Path=/; HttpOnly; SameSite=Lax; Max-Age=7200; Secure"
    assert answer["headers"]["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in read(web, "/")["headers"]


def test_a_page_costs_one_read_about_its_session_and_the_next_one_none(web: Surroundings) -> None:
    site, calls = watched(web)
    for _ in range(3):
        assert ask(site, "/postmortems", **cookie(sid="cost"))["statusCode"] == 200

    assert len([call for call in calls if "SESSIONS#" in call]) == 1
    assert len([call for call in calls if "MEMBER#" in call]) <= 2


@pytest.mark.parametrize(
    "elsewhere", ["//attacker.example", "/\\attacker.example", "https:attacker.example", "/%09/attacker.example"]
)
@pytest.mark.parametrize("path", ["/login", "/sign-in", "/sign-in/start"])
def test_fault_39_next_never_leads_elsewhere(web: Surroundings, path: str, elsewhere: str) -> None:
    address = f"{path}?{urlencode({'next': elsewhere})}"
    for who in ({}, cookie()):
        answer = ask(web, address, **who)

        assert "attacker" not in answer["body"]
        assert "attacker" not in answer["headers"].get("Location", "")


def test_fault_39_where_a_redirect_leads_is_plain_ascii(web: Surroundings) -> None:
    answer = ask(web, "/integrations/größe", "GET")
    assert answer["headers"]["Location"].isascii()

    answer = ask(web, "/sign-in?next=/integrations/gr%C3%B6%C3%9Fe%3Fq%3Da", **cookie())
    assert answer["headers"]["Location"] == "/integrations/gr%C3%B6%C3%9Fe?q=a"


@pytest.mark.parametrize("address", ["/sign-in", "/sign-in/start", "/auth/callback"])
def test_fault_39_looking_whether_a_page_is_there_signs_nobody_in(web: Surroundings, address: str) -> None:
    answer = ask(web, address, "HEAD")

    assert answer["statusCode"] == 405
    assert "cookies" not in answer


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
    if address.rpartition("/")[2] in BUTTONS:
        return  # these need no more than the button
    answer = send(web, address)

    # A preview shows what is there, and changes nothing.
    assert answer["statusCode"] in ({200} if address.endswith("/preview") else {303, 404, 409, 422})
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
        [f"{SESSION}={'a' * 20_000}"],
        [f"{SESSION}=a", f"{SESSION}={SIGNER.seal(new_session('s1', NOW, ANA))}"],
        [";" * 10_000],
        ["=" * 100],
    ],
)
def test_fault_39_a_flood_of_cookies_is_nobody(web: Surroundings, flood: list[str]) -> None:
    assert ask(web, "/incidents", cookies=flood)["statusCode"] == 303


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
        ask(web, "/incidents\n{}", cookies=[f"{SESSION}={secret}"], headers={"accept": "application/json"})

    assert refused["statusCode"] == 403
    assert {getattr(record, "why", "") for record in caplog.records} == {"form", "signed_out"}
    for record in caplog.records:
        assert not {"a-forged-token", secret} & set(map(str, vars(record).values()))
        assert "\n" not in str(vars(record).get("path"))
