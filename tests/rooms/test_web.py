"""The web room on a local AWS: events as an HTTP API sends them, answers as it takes them."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError

from deadair.adapters.aws import CONFIG
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.incident import Status
from deadair.domain.ownership import Person
from deadair.domain.postmortem import PostmortemStatus
from infra.target import Target, local_clients
from tests.builders import ANA
from tests.rooms import web_site
from tests.rooms.web_site import KEY, NOW
from web import addresses
from web.front import respond
from web.handler import handler, surroundings
from web.routes import ROUTES
from web.sessions import COOKIE, Signer, new_session
from web.settings import WebSettings
from web.surroundings import Surroundings
from web.views import incidents

pytestmark = pytest.mark.stack
SIGNER = Signer(KEY.encode())
FORM = "application/x-www-form-urlencoded"
READS = (
    "/",
    "/incidents",
    "/incidents?state=past&owner=Ana+Lima",
    "/incidents/INC-42",
    "/incidents/INC-41",
    "/incidents/41/postmortem",
    "/postmortems",
    "/postmortems?q=bulk+imprt&tag=quota",
    "/postmortems/INC-39",
    addresses.postmortem("2023/04 marketo: limits?"),
    "/integrations",
    "/integrations/hubspot-salesforce",
    "/map",
    "/map?system=Salesforce",
    "/coverage",
)
NOWHERE = {
    "incidents_table": "incidents",
    "registry_table": "registry",
    "knowledge_bucket": "knowledge",
    "web_secrets": "/deadair/nowhere/web",
    "web_url": "http://localhost:8761",
    "signal_queue_url": "http://localhost/signals",
    "change_queue_url": "http://localhost/changes",
    "signal_secrets": "/deadair/nowhere/signals",
    "metric_namespace": "Deadair",
    "alarm_prefix": "deadair",
}


@pytest.fixture(scope="module")
def web(stack: Target) -> Surroundings:
    site = web_site.shelves(stack)
    web_site.fill(stack, site)
    return Surroundings(site, now=lambda: NOW, client=stack.client)


@pytest.fixture
def store(web: Surroundings) -> Iterator[IncidentStore]:
    """The incidents, for tests that change them: afterwards all is as before."""
    yield web.incidents
    web_site.fill_incidents(web.incidents)


def ask(web: Surroundings, address: str, method: str = "GET", **event: Any) -> dict[str, Any]:
    path, _, query = address.partition("?")
    http = {"method": method, "path": path}
    whole = {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "requestContext": {"stage": "$default", "http": http},
    }
    return respond({**whole, **event}, None, web)


def cookie(person: Person | None = ANA, sid: str = "s1") -> dict[str, Any]:
    return {"cookies": [f"{COOKIE}={SIGNER.seal(new_session(sid, NOW, person))}"]}


def read(web: Surroundings, address: str, **headers: str) -> dict[str, Any]:
    return ask(web, address, headers=headers, **cookie())


def send(
    web: Surroundings,
    address: str,
    fields: dict[str, str] | None = None,
    *,
    token: str | None = None,
    headers: dict[str, str] | None = None,
    **more: str,
) -> dict[str, Any]:
    good = SIGNER.token(new_session("s1", NOW))
    body = urlencode({"token": good if token is None else token, **(fields or {}), **more})
    return ask(
        web, address, "POST", headers={"content-type": FORM, "host": "here", **(headers or {})}, body=body, **cookie()
    )


@pytest.mark.parametrize("address", READS)
def test_every_page_is_read_by_somebody_who_signed_in(web: Surroundings, address: str) -> None:
    answer = read(web, address)

    assert answer["statusCode"] == 200
    assert "Ana Lima" in answer["body"]


@pytest.mark.parametrize("address", READS)
def test_every_page_has_its_json(web: Surroundings, address: str) -> None:
    answer = read(web, address, accept="application/json")

    assert answer["headers"]["Content-Type"].startswith("application/json")
    assert json.loads(answer["body"])


@pytest.mark.parametrize("address", READS)
@pytest.mark.parametrize(
    "jar",
    [[], ["session=valid"], [f"{COOKIE}=valid"], [f"{COOKIE}={Signer(b'x' * 40).seal(new_session('s', NOW, ANA))}"]],
)
def test_nobody_reads_anything_without_a_session(web: Surroundings, address: str, jar: list[str]) -> None:
    page = ask(web, address, cookies=jar)
    data = ask(web, address, cookies=jar, headers={"accept": "application/json"})

    assert (page["statusCode"], page["body"]) == (303, "")
    assert page["headers"]["Location"].startswith("/sign-in")
    assert (data["statusCode"], json.loads(data["body"])) == (401, {"error": {"code": "signed_out"}})


@pytest.mark.parametrize(("method", "rule"), [(method, rule) for method, rule, _ in ROUTES])
def test_a_closed_door_refuses_everyone_on_every_route_and_reads_nothing(method: str, rule: str) -> None:
    def nothing(service: str) -> Any:
        raise AssertionError(f"{service} was asked")

    shut = Surroundings(WebSettings(**NOWHERE), now=lambda: NOW, client=nothing)
    address = re.sub("<.*?>", "INC-42", rule)

    for given in (cookie(), {}, {"headers": {"accept": "application/json"}}):
        assert ask(shut, address, method, **given)["statusCode"] == 403


@pytest.mark.parametrize("door", ["", "open", "LOCAL", "oidc"])
def test_a_door_that_is_not_known_is_closed(web: Surroundings, door: str) -> None:
    assert ask(replace(web, settings=replace(web.settings, door=door)), "/", **cookie())["statusCode"] == 403


def test_the_handler_is_closed_unless_it_is_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NOWHERE.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.delenv("DOOR", raising=False)
    surroundings.cache_clear()

    assert handler({"rawPath": "/incidents"}, None)["statusCode"] == 403
    assert handler({"rawPath": "/healthz"}, None)["body"] == "ok\n"
    surroundings.cache_clear()


def test_a_made_up_cookie_resolves_nothing(web: Surroundings, store: IncidentStore) -> None:
    event = {
        "version": "2.0",
        "rawPath": "/incidents/INC-42/resolve",
        "cookies": ["session=valid"],
        "body": "status=resolved",
        "requestContext": {"http": {"method": "POST", "path": "/incidents/INC-42/resolve"}},
    }

    assert respond(event, None, web)["statusCode"] == 403
    assert store.get(42).status is Status.ACKNOWLEDGED


POSTS = [re.sub("<ref>", "INC-42", rule).replace("<verb>", "resolve") for method, rule, _ in ROUTES if method == "POST"]
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
def test_a_form_that_is_not_ours_changes_nothing(
    web: Surroundings, store: IncidentStore, address: str, forged: dict[str, Any]
) -> None:
    answer = send(web, address, fix="x", what_broke="x", **forged)

    assert answer["statusCode"] == 403
    assert "cookies" not in answer
    assert store.get(42).status is Status.ACKNOWLEDGED
    assert store.postmortem(42) is None


@pytest.mark.parametrize("address", POSTS)
def test_nobody_posts_without_a_session(web: Surroundings, store: IncidentStore, address: str) -> None:
    body = urlencode({"token": SIGNER.token(new_session("s1", NOW)), "fix": "x"})
    answer = ask(web, address, "POST", headers={"content-type": FORM}, body=body)

    assert answer["statusCode"] == 403
    assert store.get(42).status is Status.ACKNOWLEDGED


def test_signing_in_gives_a_new_session_and_leads_on(web: Surroundings) -> None:
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


def test_signing_in_needs_a_name(web: Surroundings) -> None:
    answer = send(web, "/sign-in", name=" \u202e ".strip("\u202e "), email="x@example.com")

    assert answer["statusCode"] == 422
    assert "Say who you are" in answer["body"]


@pytest.mark.parametrize(
    "elsewhere", ["//attacker.example", "/\\attacker.example", "https:attacker.example", "/%09/attacker.example"]
)
@pytest.mark.parametrize("path", ["/login", "/sign-in"])
def test_next_never_leads_elsewhere(web: Surroundings, path: str, elsewhere: str) -> None:
    asked = ask(web, f"{path}?{urlencode({'next': elsewhere})}")
    signed = send(web, "/sign-in", person="ana.lima@example.com", next=elsewhere)

    assert "attacker" not in asked["body"]
    assert "attacker" not in asked["headers"].get("Location", "")
    assert "attacker" not in signed["headers"]["Location"]


def test_where_a_redirect_leads_is_plain_ascii(web: Surroundings) -> None:
    answer = ask(web, "/integrations/größe", "GET")
    assert answer["headers"]["Location"].isascii()

    answer = send(web, "/sign-in", name="Jürgen", next="/integrations/größe?q=a&b=%20x")
    assert answer["headers"]["Location"] == "/integrations/gr%C3%B6%C3%9Fe?q=a&b=%20x"


def test_signing_out_ends_the_session_in_the_browser(web: Surroundings) -> None:
    answer = send(web, "/sign-out")

    assert answer["cookies"][0].startswith(f"{COOKIE}=;")
    assert "Max-Age=0" in answer["cookies"][0]


def test_the_verbs_do_what_they_do_in_slack(web: Surroundings, store: IncidentStore) -> None:
    steps: tuple[tuple[str, dict[str, str]], ...] = (
        ("acknowledge", {}),
        ("note", {"text": "Asked the vendor."}),
        ("mitigate", {"text": "Paused the form."}),
        ("resolve", {"fix": "Rotated the key."}),
        ("reopen", {"text": "It is back."}),
    )
    for verb, fields in steps:
        answer = send(web, f"/incidents/INC-43/{verb}", fields)
        assert (answer["statusCode"], answer["headers"]["Location"]) == (303, f"/incidents/INC-43?done={verb}")

    assert store.get(43).status is Status.ACKNOWLEDGED
    told = [entry.text for entry in store.timeline(43)]
    assert "Asked the vendor." in told
    assert {entry.author for entry in store.timeline(43) if entry.source.value == "web"} == {"Ana Lima"}


def test_handing_over_names_somebody_of_the_registry(web: Surroundings, store: IncidentStore) -> None:
    assert send(web, "/incidents/INC-42/assign", owner="juergen.weiss@example.com")["statusCode"] == 303
    assert store.get(42).owner.name == "Jürgen Weiß"

    answer = send(web, "/incidents/INC-42/assign", owner="eve@attacker.example")

    assert answer["statusCode"] == 422
    assert store.get(42).owner.name == "Jürgen Weiß"


def test_a_step_that_does_not_apply_shows_where_the_incident_is(web: Surroundings) -> None:
    answer = send(web, "/incidents/INC-42/acknowledge")

    assert answer["statusCode"] == 409
    assert "acknowledge does not apply" in answer["body"]
    assert "Mitigated" in answer["body"]


def test_a_refused_note_keeps_its_words(web: Surroundings) -> None:
    answer = send(web, "/incidents/INC-42/note", text="<b>" + "a" * 3100)

    assert answer["statusCode"] == 422
    assert "&lt;b&gt;aaa" in answer["body"]


@pytest.mark.parametrize(
    ("step", "field"),
    [("INC-43/mitigate", "text"), ("INC-43/resolve", "fix"), ("INC-43/note", "text"), ("INC-41/reopen", "text")],
)
def test_no_step_takes_a_text_that_no_timeline_should_hold(
    web: Surroundings, store: IncidentStore, step: str, field: str
) -> None:
    answer = send(web, f"/incidents/{step}", {field: "a" * 200_000})

    assert answer["statusCode"] == 422
    assert "Use at most" in answer["body"]
    number = int(step[4:6])
    assert max(len(entry.text) for entry in store.timeline(number)) < 10_000


@pytest.mark.parametrize(
    "address",
    [
        "/incidents/INC-999",
        "/incidents/zebra",
        "/postmortems/none",
        "/integrations/none",
        "/nothing",
        "/incidents/INC-42/resolve",
    ],
)
def test_what_is_not_there_is_a_calm_404(web: Surroundings, address: str) -> None:
    page, data = read(web, address), read(web, address, accept="application/json")

    assert (page["statusCode"], data["statusCode"]) == (404, 404)
    assert "Traceback" not in page["body"]


def test_answers_are_saved_as_a_draft_and_published_when_all_are_there(web: Surroundings, store: IncidentStore) -> None:
    address = "/incidents/INC-41/postmortem"
    refused = send(web, address, action="publish", seen_edit="3", what_earlier="")

    assert refused["statusCode"] == 422
    assert "What would have caught it earlier?" in refused["body"].split('role="alert"')[1].split("</div>")[0]

    answers = {key: f"About {key}" for key in web_site.ANSWERS}
    edit = re.search(r'name="seen_edit" value="(\d+)"', refused["body"])
    assert edit is not None
    answer = send(web, address, action="publish", fields=answers, seen_edit=edit[1])

    assert answer["headers"]["Location"] == "/incidents/INC-41?done=publish"
    stored = store.postmortem(41)
    assert stored is not None
    assert (stored.status, stored.answers) == (PostmortemStatus.PUBLISHED, answers)


def test_two_people_writing_at_once_lose_no_word(web: Surroundings, store: IncidentStore) -> None:
    address = "/incidents/INC-41/postmortem"
    send(web, address, action="save", seen_edit="3", what_broke="Theirs <i>")
    late = send(web, address, action="save", seen_edit="3", what_broke="Mine")

    assert late["statusCode"] == 409
    assert "Mine</textarea>" in late["body"]
    assert "<pre>Theirs &lt;i&gt;</pre>" in late["body"]
    stored = store.postmortem(41)
    assert stored is not None
    assert stored.answers["what_broke"] == "Theirs <i>"


def test_an_old_postmortem_with_an_odd_id_is_read_as_page_markdown_and_json(web: Surroundings) -> None:
    plain = addresses.postmortem("2023/04 marketo: limits?")

    assert "80,000 leads" in read(web, plain)["body"]
    assert "80,000 leads" in read(web, f"{plain}.md")["body"]
    assert json.loads(read(web, f"{plain}.json")["body"])["id"] == "2023/04 marketo: limits?"
    assert "80,000 leads" in read(web, "/postmortems/2023%2F04%20marketo%3A%20limits%3F")["body"]


def test_a_search_corrects_a_typo_marks_words_and_narrows_by_the_address(web: Surroundings) -> None:
    body = read(web, "/postmortems?q=bulk+imprt")["body"]
    found = json.loads(read(web, "/v1/postmortems?q=bulk&tag=quota")["body"])

    assert "Searched for <b>bulk import</b>" in body
    assert "<mark>" in body
    assert [hit["id"] for hit in found["postmortems"]] == ["2023/04 marketo: limits?"]
    assert json.loads(read(web, "/v1/postmortems?q=bulk&severity=SEV1")["body"])["total"] == 0


def test_an_empty_search_says_what_to_do(web: Surroundings) -> None:
    assert "Try fewer or other words" in read(web, "/postmortems?q=zzzzzzzz")["body"]
    assert "Take a filter away" in read(web, "/postmortems?q=token&severity=SEV4")["body"]


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
def test_an_odd_request_gets_an_answer_and_never_a_fault(
    web: Surroundings, event: dict[str, Any], *, known: bool
) -> None:
    answer = respond({**event, **(cookie() if known else {})}, None, web)

    assert answer["statusCode"] < 500
    assert "root:" not in answer["body"]
    assert "Content-Security-Policy" in answer["headers"]
    answer["body"].encode()


@pytest.mark.parametrize("address", [*READS, "/healthz", "/sign-in", "/nothing", "/static/app.css"])
def test_every_answer_carries_the_headers_that_protect_it(web: Surroundings, address: str) -> None:
    headers = read(web, address)["headers"]

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Cache-Control"] == ("public, no-cache" if address.startswith("/static") else "no-store")


@pytest.mark.parametrize("address", READS)
def test_no_page_has_inline_script_or_style_or_loads_from_elsewhere(web: Surroundings, address: str) -> None:
    body = read(web, address)["body"]

    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=\"/static/)", body)
    assert not re.search(r"<(?:script|link|img|source)[^>]*(?:src|href|srcset)=\"(?!/)", body)


def test_static_files_are_kept_for_ever_under_their_hashed_name(web: Surroundings) -> None:
    address = re.search(r'href="(/static/app\.[0-9a-f]+\.css)"', read(web, "/")["body"])
    assert address is not None
    first = ask(web, address[1])
    again = ask(web, address[1], headers={"if-none-match": first["headers"]["Etag"]})

    assert "immutable" in first["headers"]["Cache-Control"]
    assert (again["statusCode"], again["body"]) == (304, "")


def test_head_is_get_without_a_body(web: Surroundings) -> None:
    head, get = ask(web, "/incidents/INC-42", "HEAD", **cookie()), read(web, "/incidents/INC-42")

    assert (head["statusCode"], head["body"]) == (200, "")
    assert head["headers"] == get["headers"]


def test_a_neighbour_that_is_down_is_a_503_with_a_reference_and_no_detail() -> None:
    once = CONFIG.merge(Config(retries={"total_max_attempts": 1}))  # how long it is tried is no claim of this one

    def gone(service: str) -> Any:
        return boto3.Session("test", "test", region_name="us-east-1").client(
            service,  # type: ignore[call-overload]
            endpoint_url="http://127.0.0.1:1",
            config=once,
        )

    site = Surroundings(WebSettings(**NOWHERE, door="local"), now=lambda: NOW, client=gone)
    answer = ask(site, "/incidents", **cookie())

    assert answer["statusCode"] == 503
    assert re.search(r"<code>[0-9a-f]{8}</code>", answer["body"])
    assert "127.0.0.1" not in answer["body"]


@pytest.mark.parametrize("address", ["/", "/incidents/INC-42", "/integrations/hubspot-salesforce"])
def test_an_incident_is_worked_while_the_knowledge_base_cannot_be_read(
    stack: Target, web: Surroundings, address: str
) -> None:
    class Silent:
        def get_object(self, **_: Any) -> Any:
            raise EndpointConnectionError(endpoint_url="https://s3.example")

    cut_off = replace(web, client=lambda service: Silent() if service == "s3" else stack.client(service))

    answer = read(cut_off, address)
    assert answer["statusCode"] == 200
    assert "cannot be reached just now" in answer["body"]
    assert "No postmortem" not in answer["body"]


@pytest.mark.parametrize("address", ["/incidents/INC-39", "/postmortems/INC-39"])
def test_of_a_long_timeline_a_page_shows_the_beginning_and_the_end(
    web: Surroundings, store: IncidentStore, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(incidents, "FIRST_LINES", 1)
    monkeypatch.setattr(incidents, "LAST_LINES", 1)

    page = read(web, address)["body"]
    assert page.count('class="tl-text"') == 2
    assert re.search(r"\d+ more in between are not shown", page)
    told = json.loads(read(web, "/incidents/INC-39.json")["body"])
    assert (len(told["timeline"]), told["timeline_left_out"]) == (2, len(store.timeline(39)) - 2)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 2),
        ("/incidents", 2),
        ("/incidents/INC-42", 4),
        ("/postmortems/INC-39", 2),
        ("/integrations", 2),
        ("/map", 1),
        ("/coverage", 3),
        ("/postmortems?q=token", 1),
    ],
)
def test_a_page_asks_aws_seldom(stack: Target, web: Surroundings, address: str, most: int) -> None:
    calls: list[str] = []
    clients = local_clients(stack.endpoint or "", stack.region)

    @cache
    def counted(service: str) -> Any:
        client = clients.get(service)
        client.meta.events.register("before-call", lambda model, **_: calls.append(model.name))
        return client

    fresh = replace(web, client=counted)
    read(fresh, address)
    calls.clear()

    read(fresh, address)

    assert len(calls) <= most, calls
