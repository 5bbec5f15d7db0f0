"""The registry's pages on a local AWS: the list, one integration, the map, and coverage with its form."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import EndpointConnectionError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.health import HealthStore
from deadair.adapters.dynamodb.incidents import incident_item
from deadair.adapters.dynamodb.items import to_item
from deadair.adapters.dynamodb.transact import commit
from deadair.domain.alarm import AlarmState
from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.domain.errors import Unavailable
from deadair.domain.health import Health
from deadair.domain.ownership import Person
from deadair.domain.watch import watches
from deadair.usecases.change_row import change_row
from infra.target import Target
from tests.builders import ANA, an_incident
from tests.rooms import web_site
from tests.rooms.registry_rows import an_operator
from tests.rooms.web_room import ask, cookie, read, send
from tests.rooms.web_site import ADMIN, JURGEN, NOW
from web.surroundings import Surroundings

pytestmark = pytest.mark.stack
SLUG = "hubspot-salesforce"
NOBODY = Person("Sam Stranger", "sam@example.com", "U0SAM")
PAGE = f"/integrations/{SLUG}"
ALARM = "prod-stripe-hubspot-lifecycle-5xx"


@pytest.fixture(scope="module")
def web(stack: Target) -> Surroundings:
    """A site with metrics and alarms of its own: the session's stack is shared."""
    stage = uuid4().hex[:6]
    site = replace(web_site.shelves(stack), metric_namespace=f"Deadair/{stage}", alarm_prefix=f"deadair-{stage}")
    web_site.fill(stack, site)
    made = Surroundings(site, now=lambda: NOW, client=stack.client)
    _sent(stack, made)
    _stranger(made)
    return made


def _sent(stack: Target, web: Surroundings) -> None:
    """Some signals and one of the alarms."""
    store = HealthStore(web.client("dynamodb"), web.settings.incidents_table)
    last = NOW - timedelta(minutes=12)
    health = Health(SLUG, last_signal_at=NOW, last_record_at=last, last_success_at=last, last_empty_at=NOW)
    commit(store.client, [store.write(health)])
    for hours, records in ((2, 411.0), (1, 7.0)):
        stack.client("cloudwatch").put_metric_data(
            Namespace=web.settings.metric_namespace,
            MetricData=[
                {
                    "MetricName": name,
                    "Dimensions": [{"Name": "Integration", "Value": SLUG}],
                    "Timestamp": NOW - timedelta(hours=hours) + timedelta(minutes=3),
                    "Value": value,
                }
                for name, value in (("Records", records), ("Errors", 2.0))
            ],
        )
    row = web.registry.get(SLUG)
    assert row is not None
    made = watches(row, prefix=web.settings.alarm_prefix, namespace=web.settings.metric_namespace, now=NOW)
    latency = next(watch for watch in made if watch.signal.value == "latency")
    stack.client("cloudwatch").put_metric_alarm(**latency.definition)


def _stranger(web: Surroundings) -> None:
    alarm = AlarmOnIncident(ALARM, AlarmState.ALARM, NOW, NOW)
    note = "No row of the registry claims this alarm."
    incident = an_incident(77, integration="unmatched-0123456789ab", integration_name=ALARM, alarms={"k": alarm})
    item = incident_item(replace(incident, owner_note=note, opened_at=NOW, started_at=NOW, detected_at=NOW))
    web.client("dynamodb").put_item(TableName=web.settings.incidents_table, Item=item)


@pytest.fixture
def billing(web: Surroundings) -> Iterator[str]:
    """A row that changes, put back afterwards."""
    slug, writer = "billing-hubspot", web.registry_writer
    before = writer.get(slug)
    assert before is not None
    yield slug
    change_row(writer, slug, lambda _: json.loads(before.row), an_operator(), now=NOW)


def data(web: Surroundings, address: str) -> Any:
    """The JSON beside a page."""
    answer = read(web, address)
    assert answer["statusCode"] == 200
    return json.loads(answer["body"])


def give(web: Surroundings, who: Person = JURGEN, /, **fields: str) -> dict[str, Any]:
    """Send the form that gives an alarm to an integration, as the deputy of its row."""
    said = {"incident": "INC-77", "integration": "billing-hubspot", "pattern": ALARM} | fields
    return send(web, "/coverage", said, who=who)


def test_an_integration_says_how_it_is(web: Surroundings) -> None:
    body = read(web, PAGE)["body"]

    assert "12 min</b> ago" in body
    assert "It says that all is well, and brings nothing." in body
    assert '<b class="figure">418</b> records in the last 24 hours' in body
    assert "4</b> errors" in body


def test_its_alarms_say_what_they_watch_how_they_stand_and_which_are_not_there_yet(web: Surroundings) -> None:
    alarms = {line["signal"]: line for line in data(web, f"{PAGE}.json")["alarms"]}
    body = read(web, PAGE)["body"]

    assert alarms["latency"]["state"] in {"OK", "INSUFFICIENT_DATA", "ALARM"}
    assert alarms["silence"]["state"] == "missing"
    assert "not there yet" in body
    assert "No records for 60 min" in body


def test_its_json_has_everything(web: Surroundings) -> None:
    told = data(web, f"{PAGE}.json")

    assert told["health"]["last_record_at"] == "2026-11-20T20:48:00.000Z"
    assert (len(told["last_24_h"]), sum(hour["records"] for hour in told["last_24_h"])) == (24, 418)
    assert told["credential_days_left"] > 0
    assert [change["action"] for change in told["changes"]] == ["added"]
    assert [one["id"] for one in told["incidents"]] == ["INC-42", "INC-41", "INC-39"]
    assert "webinar-hubspot" in told["fed_by"]


@pytest.mark.parametrize(
    "odd",
    [
        {"expected": {"weekdays": ["someday"], "hours": "8 to 6"}},
        {"expected": "always"},
        {"thresholds": {"silence_min": "an hour", "floor_pct": "half"}},
    ],
    ids=["hours", "expected", "thresholds"],
)
def test_a_row_that_no_import_wrote_has_a_page_that_shows_the_rest(stack: Target, odd: dict[str, Any]) -> None:
    site = web_site.shelves(stack)
    fields = {"slug": "odd-one", "name": "Odd one", "owner": {"name": "Ana Lima"}, "runbook": "Ring twice."}
    item = keys.row("odd-one") | to_item({"row": json.dumps(fields | odd), "slug": "odd-one"})
    stack.client("dynamodb").put_item(TableName=site.registry_table, Item=item)
    web = Surroundings(site, now=lambda: NOW, client=stack.client)

    answer = read(web, "/integrations/odd-one")

    assert answer["statusCode"] == read(web, "/integrations/odd-one.json")["statusCode"] == 200
    assert all(said in answer["body"] for said in ("Ana Lima", "Ring twice.", "Its row cannot be understood."))


def test_a_page_asks_cloudwatch_twice_and_the_list_never(stack: Target, web: Surroundings) -> None:
    asked: list[str] = []

    class Counted:
        def __getattr__(self, name: str) -> Any:
            asked.append(name)
            return getattr(stack.client("cloudwatch"), name)

    counted = replace(web, client=lambda service: Counted() if service == "cloudwatch" else stack.client(service))
    read(counted, "/integrations")
    read(counted, "/map")
    read(counted, "/coverage")
    assert asked == []

    read(counted, PAGE)
    assert asked == ["get_metric_data", "describe_alarms"]


def test_while_cloudwatch_does_not_answer_the_page_says_so_and_shows_the_rest(stack: Target, web: Surroundings) -> None:
    asked: list[str] = []

    class Silent:
        def __getattr__(self, name: str) -> Any:
            asked.append(name)
            raise EndpointConnectionError(endpoint_url="https://monitoring.example")

    cut_off = replace(web, client=lambda service: Silent() if service == "cloudwatch" else stack.client(service))
    answer = read(cut_off, PAGE)

    assert answer["statusCode"] == 200
    assert "CloudWatch does not answer just now" in answer["body"]
    assert "How they stand is not known just now" in answer["body"]
    assert "Ana Lima" in answer["body"]
    assert len(asked) == 1
    assert data(cut_off, f"{PAGE}.json")["last_24_h"] is None


def test_an_unknown_answer_of_cloudwatch_is_no_fault_of_ours(stack: Target, web: Surroundings) -> None:
    with pytest.raises(Unavailable):
        replace(web, client=lambda _: stack.client("cloudwatch")).metrics.alarms([""])


def test_the_list_says_the_last_record_and_is_filtered_and_complete_in_json(web: Surroundings) -> None:
    body = read(web, "/integrations?q=hubspot&owner=ana.lima@example.com")["body"]
    whole = data(web, "/integrations.json")

    assert "12 min ago" in body
    assert "web-form-marketo" not in body
    assert (len(whole["integrations"]), whole["total"], whole["next"]) == (12, 12, None)
    one = next(row for row in whole["integrations"] if row["slug"] == SLUG)
    assert (one["last_record_at"], one["open"]) == ("2026-11-20T20:48:00.000Z", ["INC-42"])


@pytest.mark.parametrize("page", ["0", "-1", "99999999999", "two", "3"])
def test_an_odd_page_of_the_list_is_calm(web: Surroundings, page: str) -> None:
    assert read(web, f"/integrations?page={page}")["statusCode"] == 200


def test_the_map_says_who_feeds_whom_to_programs_too(web: Surroundings) -> None:
    told = data(web, "/map.json")

    assert {"from": SLUG, "to": "lead-alerts"} in told["feeds"]
    one = next(node for node in told["integrations"] if node["slug"] == SLUG)
    assert (one["source"], one["destinations"], one["open"]) == ("HubSpot", ["Salesforce"], ["INC-42"])


def test_an_incident_without_a_row_leads_to_where_it_gets_one(web: Surroundings) -> None:
    assert 'href="/coverage#INC-77"' in read(web, "/incidents/INC-77")["body"]
    assert "/coverage#" not in read(web, "/incidents/INC-42")["body"]


def test_an_alarm_without_a_row_is_offered_to_the_row_that_it_looks_like(web: Surroundings) -> None:
    body = ask(web, "/coverage", **cookie(JURGEN))["body"]

    assert '<option value="billing-hubspot" selected>' in body
    assert f'value="{ALARM}"' in body
    assert data(web, "/coverage.json")["unclaimed_alarms"][0]["guess"] == "billing-hubspot"


def test_the_button_writes_the_pattern_into_the_row_under_the_persons_name(web: Surroundings, billing: str) -> None:
    answer = give(web)
    assert answer["statusCode"] == 303

    page = read(web, answer["headers"]["Location"])["body"]
    assert "From now on" in page
    assert "claims it from now on" in page
    assert "/coverage.json" not in page
    (change, *_) = web.audit.of(billing, 1)
    assert (change.by, change.action) == (JURGEN.email, "changed")
    assert ALARM in str(change.after)
    assert ALARM not in str(change.before)
    assert "alarm_patterns" in read(web, f"/integrations/{billing}")["body"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pattern": "other-*"}, "does not fit"),
        ({"pattern": "*"}, "would both claim"),
        ({"pattern": ""}, "does not fit"),
        ({"integration": "nobody-knows"}, "no such integration"),
    ],
)
def test_what_cannot_be_given_is_said_beside_the_form_and_keeps_the_words(
    web: Surroundings, fields: dict[str, str], said: str
) -> None:
    answer = give(web, **fields)

    assert answer["statusCode"] == 422
    alert = answer["body"].split('role="alert"')[1]
    assert said in alert.split("</div>")[0]
    assert f'value="{fields.get("pattern", ALARM)}"' in alert


def test_only_an_incident_without_a_row_can_be_given_away_and_only_by_a_form_of_ours(web: Surroundings) -> None:
    assert give(web, incident="INC-42")["statusCode"] == 404
    assert give(web, incident="INC-999")["statusCode"] == 404
    assert give(web, incident="<b>")["statusCode"] == 404
    assert send(web, "/coverage", {"incident": "INC-77"}, token="forged")["statusCode"] == 403


def test_an_address_cannot_say_that_something_was_done(web: Surroundings) -> None:
    assert "From now on" not in read(web, f"/coverage?done={SLUG}&pattern=x&incident=77")["body"]


def test_an_alarm_is_given_only_to_a_row_that_names_whoever_gives_it(web: Surroundings) -> None:
    asked, refused = read(web, "/coverage")["body"], give(web, ANA)

    assert '<option value="hubspot-salesforce">' in asked
    assert '<option value="billing-hubspot"' not in asked
    assert "Stripe webhook → HubSpot lifecycle</a>, of Siobhán Ní Bhriain." in asked
    assert refused["statusCode"] == 403
    assert "belongs to Siobhán Ní Bhriain, Jürgen Weiß." in refused["body"]
    assert ALARM not in str(web.registry_writer.get("billing-hubspot"))


def test_whom_no_row_names_sees_why_there_is_no_form_and_who_administers(web: Surroundings) -> None:
    body = ask(web, "/coverage", **cookie(NOBODY))["body"]
    page = ask(web, PAGE, **cookie(NOBODY))["body"]

    assert all("So may this administrator: Maren Holt." in shown for shown in (body, page))
    assert "HubSpot → Salesforce belongs to Ana Lima, Jürgen Weiß, Maren Holt." in page
    assert 'action="/coverage' not in body
    assert f'action="{PAGE}/maintenance' not in page


def test_an_administrators_change_of_anothers_row_is_in_the_audit_log_as_such(web: Surroundings, billing: str) -> None:
    assert "an administrator planned it" in ask(web, f"/integrations/{billing}", **cookie(ADMIN))["body"]
    assert give(web, ADMIN)["statusCode"] == 303

    assert web.audit.of(billing, 1)[0].by == "maren.holt@example.com (administrator)"


def test_notices_are_held_back_and_let_go_only_by_whom_the_row_names_or_an_administrator(web: Surroundings) -> None:
    words = {"for": "2h", "reason": "They move."}
    refused = send(web, f"{PAGE}/maintenance", words, who=NOBODY)
    assert refused["statusCode"] == 403
    assert "belongs to Ana Lima" in refused["body"]
    assert web.maintenance.of(SLUG) == ()

    page = "/integrations/salesforce-warehouse"
    assert send(web, f"{page}/maintenance", words, who=ADMIN)["statusCode"] == 303
    (window,) = web.maintenance.of("salesforce-warehouse")
    assert window.by == "Maren Holt (administrator)"
    assert send(web, f"{page}/maintenance-end", who=ANA, window=window.id)["statusCode"] == 403
    assert web.maintenance.of("salesforce-warehouse") == (window,)
    assert send(web, f"{page}/maintenance-end", who=ADMIN, window=window.id)["statusCode"] == 303
