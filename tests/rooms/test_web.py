"""The web room on a local AWS: events as an HTTP API sends them, answers as it takes them."""

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError

from deadair.adapters.aws import CONFIG
from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.domain.checks import CHECKS
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Status
from deadair.domain.standing_error import Kind as Wrong
from infra.target import Target, local_clients
from tests.builders import ANA
from tests.rooms.web_room import NOWHERE, OPEN, READS, ask, cookie, read, send, store, web
from tests.rooms.web_site import ADMIN, JURGEN, NOW
from web import addresses
from web.settings import WebSettings
from web.surroundings import Surroundings
from web.views import incidents

__all__ = ["store", "web"]
pytestmark = pytest.mark.stack


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


def test_the_verbs_do_what_they_do_in_slack(web: Surroundings, store: IncidentStore) -> None:
    steps: tuple[tuple[str, dict[str, str]], ...] = (
        ("acknowledge", {}),
        ("note", {"text": "Asked the vendor."}),
        ("mitigate", {"text": "Paused the form."}),
        ("resolve", {"fix": "Rotated the key."}),
        ("reopen", {"text": "It is back."}),
    )
    for verb, fields in steps:
        answer = send(web, f"/incidents/INC-43/{verb}", fields, who=JURGEN)
        assert (answer["statusCode"], answer["headers"]["Location"]) == (303, f"/incidents/INC-43?done={verb}")

    assert store.get(43).status is Status.ACKNOWLEDGED
    told = [entry.text for entry in store.timeline(43)]
    assert "Asked the vendor." in told
    assert {entry.author for entry in store.timeline(43) if entry.source.value == "web"} == {JURGEN.name}


def test_the_steps_that_are_taken_seldom_are_forms_of_the_page(web: Surroundings, store: IncidentStore) -> None:
    check = CHECKS[FailureClass.AUTH][0].id
    steps: tuple[tuple[str, dict[str, str], str], ...] = (
        ("sev", {"severity": "SEV2", "text": "The backlog only."}, ""),
        ("cause", {"class": "auth", "text": "The seat was removed."}, "cause"),
        ("check", {"check": check, "done": "1"}, "checks"),
        ("snooze", {"for": "30m", "text": "The vendor is on it."}, ""),
        ("unsnooze", {}, ""),
        ("milestone", {"milestone": "started", "at": "2026-11-20T20:40:00", "reason": "The first 401."}, "milestones"),
    )
    for step, fields, place in steps:
        answer = send(web, f"/incidents/INC-43/{step}", fields, who=JURGEN)
        there, _, at = answer["headers"]["Location"].partition("#")
        shown = {"snooze": "&at=2026-11-20T21%3A30%3A00Z", "milestone": "&at=2026-11-20T20%3A40%3A00Z"}.get(step, "")
        assert (answer["statusCode"], there, at) == (303, f"/incidents/INC-43?done={step}{shown}", place)

    now, page = store.get(43), read(web, "/incidents/INC-43")["body"]
    assert (now.severity, now.failure_class, list(now.checks)) == (Severity.SEV2, FailureClass.AUTH, [check])
    assert now.snooze is None
    assert "Corrected once" in page
    assert "SEV2: set by hand" in page
    assert (
        "is about consent and INC-42 is not" in send(web, "/incidents/INC-43/merge", who=JURGEN, into="INC-42")["body"]
    )
    assert send(web, "/incidents/INC-43/false-alarm", who=JURGEN, text="A drill of the vendor.")["statusCode"] == 303
    assert "It was a false alarm." in read(web, "/incidents/INC-43")["body"]


def test_consent_goes_under_sev2_only_when_an_administrator_ticks_its_box(
    web: Surroundings, store: IncidentStore
) -> None:
    fields = {"severity": "SEV3", "text": "Only the backlog."}

    assert send(web, "/incidents/INC-43/sev", fields, who=JURGEN)["statusCode"] == 422
    assert send(web, "/incidents/INC-43/sev", fields, who=JURGEN, override="1")["statusCode"] == 422
    assert store.get(43).severity is Severity.SEV1
    assert send(web, "/incidents/INC-43/sev", fields, who=ADMIN, override="1")["statusCode"] == 303
    assert store.get(43).severity is Severity.SEV3
    assert store.timeline(43)[-1].text.endswith("(Override by an administrator: Only the backlog.)")


def test_whose_it_is_not_sees_no_step_of_its_owner_and_takes_it_over_with_a_reason(
    web: Surroundings, store: IncidentStore
) -> None:
    page = read(web, "/incidents/INC-43")["body"]
    assert "INC-43 belongs to Jürgen Weiß (Opt-out sync). You can note what you know." in page
    steps = ("acknowledge", "resolve", "mitigate", "sev", "snooze", "cause", "milestone", "merge", "false-alarm")
    assert [step for step in steps if f'action="/incidents/INC-43/{step}"' in page] == []
    assert "Take INC-43 over" in page
    assert "Resolve INC-42" in read(web, "/incidents/INC-42")["body"]

    refused = send(web, "/incidents/INC-43/acknowledge")
    assert refused["statusCode"] == 403
    assert send(web, "/incidents/INC-43/assign", owner=ANA.email)["statusCode"] == 422
    assert send(web, "/incidents/INC-43/note", text="Seen by a customer.")["statusCode"] == 303
    assert send(web, "/incidents/INC-43/assign", owner=ANA.email, text="Jürgen is on a plane")["statusCode"] == 303
    assert store.get(43).owner.email == ANA.email
    assert send(web, "/incidents/INC-43/acknowledge")["statusCode"] == 303


def test_an_administrator_says_why_they_insist_and_the_timeline_keeps_it(
    web: Surroundings, store: IncidentStore
) -> None:
    page = ask(web, "/incidents/INC-43", **cookie(ADMIN))["body"]
    assert "You are an administrator, and it is not yours. Why do you insist?" in page
    assert send(web, "/incidents/INC-43/acknowledge", who=ADMIN)["statusCode"] == 403
    answer = send(web, "/incidents/INC-43/acknowledge", who=ADMIN, insist="Nobody else is awake")
    assert answer["statusCode"] == 303
    assert store.timeline(43)[-1].text == "Acknowledged. (Override by an administrator: Nobody else is awake)"


def test_a_window_of_maintenance_is_planned_seen_and_ended(web: Surroundings) -> None:
    page, words = "/integrations/app-events-braze", {"for": "2h", "reason": "They move to a new plan."}
    if web.registry.get("app-events-braze") is None:
        page = f"/integrations/{web.registry.rows()[-1].slug}"

    assert send(web, f"{page}/maintenance", words | {"reason": ""})["statusCode"] == 422
    until = "&begins=2026-11-20T21%3A00%3A00Z&ends=2026-11-20T23%3A00%3A00Z"
    assert send(web, f"{page}/maintenance", words)["headers"]["Location"] == f"{page}?done=maintain{until}"
    seen = read(web, page)["body"]
    window = re.search(r'name="window" value="([^"]+)"', seen)
    assert window is not None
    assert "Planned maintenance until" in seen
    assert json.loads(read(web, f"{page}.json")["body"])["maintenance"][0]["why"] == words["reason"]
    assert send(web, f"{page}/maintenance-end", window=window[1])["headers"]["Location"] == f"{page}?done=end"
    assert "Planned maintenance until" not in read(web, page)["body"]
    assert send(web, f"{page}/maintenance-end", window="MW-none")["statusCode"] == 404


def test_what_stands_wrong_is_said_on_every_page_and_asked_once_in_a_while(stack: Target, web: Surroundings) -> None:
    calls: list[str] = []

    def counted(service: str) -> Any:
        client = local_clients(stack.endpoint or "", stack.region).get(service)
        client.meta.events.register("before-call", lambda model, params, **_: calls.append(str(params["body"])))
        return client

    fresh = replace(web, client=cache(counted))
    errors = StandingErrors(web.client("dynamodb"), web.settings.incidents_table)
    errors.put(Wrong.UNREACHABLE, "INC-43", "No one.", NOW)
    for address in READS:
        body = read(fresh, address)["body"]
        assert "<b>No one.</b>" in body, address
        assert 'href="/incidents/INC-43"' in body
    assert sum("ERRORS" in call for call in calls) == 1
    errors.clear(Wrong.UNREACHABLE, "INC-43")
    assert "No one." not in ask(web, "/sign-in")["body"]


def test_what_stands_wrong_and_cannot_be_read_hides_nothing_else(web: Surroundings) -> None:
    dynamodb, table = web.client("dynamodb"), web.settings.incidents_table
    errors = StandingErrors(dynamodb, table)
    errors.put(Wrong.UNREACHABLE, "INC-44", "", NOW)
    later = keys.standing_error("of a later version", "x")
    dynamodb.put_item(TableName=table, Item=later)

    assert [(error.name, error.text) for error in errors.all() if error.name == "INC-44"] == [("INC-44", "")]
    errors.clear(Wrong.UNREACHABLE, "INC-44")
    dynamodb.delete_item(TableName=table, Key=later)


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


def test_every_filter_narrows_the_api_and_is_counted_and_an_odd_day_is_refused_by_its_name(web: Surroundings) -> None:
    def found(**filters: str) -> dict[str, Any]:
        answer = read(web, f"/v1/postmortems?{urlencode(filters)}", accept="application/json")
        return dict(json.loads(answer["body"]))

    everything = found()
    facets = everything["facets"]
    assert {"integration", "owner", "vendor", "detected_by", "consent"} <= set(facets)
    assert sum(one["count"] for one in facets["consent"]) == everything["total"]
    newest = everything["postmortems"][0]
    day = newest["date"][:10]
    assert newest["id"] in [hit["id"] for hit in found(since=day, until=day)["postmortems"]]
    assert found(until="2001-01-01")["total"] == 0
    assert found(consent="no")["total"] + found(consent="yes")["total"] == everything["total"]
    refused = read(web, "/v1/postmortems?since=tomorrow", accept="application/json")
    assert refused["statusCode"] == 422
    assert "2026-01-31" in refused["body"]


def test_an_empty_search_says_what_to_do(web: Surroundings) -> None:
    assert "Try fewer or other words" in read(web, "/postmortems?q=zzzzzzzz")["body"]
    assert "Take one thing away" in read(web, "/postmortems?q=token&severity=SEV4")["body"]


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

    site = Surroundings(WebSettings(**NOWHERE | OPEN), now=lambda: NOW, client=gone)
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


def test_of_a_long_timeline_a_page_shows_the_beginning_and_the_end(
    web: Surroundings, store: IncidentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incidents, "FIRST_LINES", 1)
    monkeypatch.setattr(incidents, "LAST_LINES", 1)

    page = read(web, "/incidents/INC-39")["body"]
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
