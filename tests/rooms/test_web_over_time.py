"""Claims about trends and people: what is counted is what happened, nobody is scored, every name leads somewhere."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deadair.adapters.dynamodb.incidents import incident_item, postmortem_item
from deadair.adapters.dynamodb.transact import commit, put
from deadair.domain.ownership import Person
from deadair.domain.postmortem import QUESTIONS, Postmortem, PostmortemStatus
from deadair.domain.severity import FailureClass
from deadair.domain.stages import Ending, Status
from infra.target import Target
from tests.builders import ANA, BEN, an_incident
from tests.rooms import web_site
from tests.rooms.web_room import read
from tests.rooms.web_site import NOW
from web import addresses
from web.surroundings import Surroundings

pytestmark = pytest.mark.stack
HOSTILE = "<script>alert(1)</script> {{ 7*7 }}"
SOMEBODY = Person(f"Eve {HOSTILE}", "eve@example.com")


@pytest.fixture(scope="module")
def web(stack: Target) -> Surroundings:
    """A site with a year behind it: a token that was rotated three times, a drill, a false alarm, one by hand."""
    site = web_site.shelves(stack)
    web_site.fill(stack, site)
    web = Surroundings(site, now=lambda: NOW, client=stack.client)
    items = [incident_item(over(number, **told)) for number, told in PAST.items()]
    said = {"what_earlier": f"An alert **before** the token ends. {HOSTILE}"}
    published = Postmortem(
        incident="INC-503",
        status=PostmortemStatus.PUBLISHED,
        answers=dict.fromkeys(QUESTIONS, "x") | said,
        version=1,
        edit=2,
    )
    asked = Postmortem(incident="INC-502", answers={"what_broke": "x"}, edit=1)
    items += [postmortem_item(503, published), postmortem_item(502, asked)]
    commit(web.incidents.client, [put(site.incidents_table, item) for item in items])
    return web


PAST: dict[int, dict[str, Any]] = {
    501: {"days": 60, "fix": "Rotated the refresh token"},
    502: {"days": 40, "fix": "Rotated the refresh token again"},
    503: {"days": 20, "fix": "Moved to a service account"},
    504: {"days": 20, "drill": True},
    505: {"days": 20, "ending": Ending.FALSE_ALARM},
    506: {"days": 300, "owner": SOMEBODY, "integration": "zoom-hubspot", "integration_name": HOSTILE},
}


def over(number: int, *, days: float, **more: Any) -> Any:
    at = NOW - timedelta(days=days)
    told: dict[str, Any] = {
        "integration": "marketo-salesforce",
        "integration_name": "Marketo → Salesforce",
        "cause": FailureClass.AUTH,
        "owner": BEN,
        "ending": Ending.FIXED,
        "status": Status.RESOLVED,
        "resolved_at": at + timedelta(hours=2),
    } | more
    sort_id = f"{at.isoformat(timespec='milliseconds')}#{number:09d}"
    found = an_incident(number, opened_at=at, started_at=at, detected_at=at + timedelta(minutes=9), sort_id=sort_id)
    return replace(found, **told)


def page(web: Surroundings, address: str) -> str:
    answer = read(web, address)
    assert answer["statusCode"] == 200, answer["body"][:300]
    return str(answer["body"])


def data(web: Surroundings, address: str) -> Any:
    return json.loads(page(web, address))


def test_trends_count_what_is_real_in_its_month(web: Surroundings) -> None:
    found = data(web, "/trends.json?owner=ben.okafor@example.com")

    months = {month["month"]: month["incidents"] for month in found["months"]}
    assert (found["incidents"], len(months)) == (3, 12)
    assert {month: count for month, count in months.items() if count} == {"2026-09": 1, "2026-10": 2}
    assert found["to_detect_s"] == {"count": 3, "median": 540.0, "p90": 540.0}


def test_trends_name_patterns_and_fixes_that_did_not_hold(web: Surroundings) -> None:
    found = data(web, "/trends.json?integration=marketo-salesforce")

    assert [one["incidents"] for one in found["patterns"]] == [["INC-501", "INC-502", "INC-503"]]
    assert [(one["incident"], one["shown_by"]) for one in found["fixes_that_did_not_hold"]] == [
        ("INC-502", "INC-503"),
        ("INC-501", "INC-502"),
    ]


def test_every_picture_has_a_title_a_description_and_a_table_beside_it(web: Surroundings) -> None:
    html = page(web, "/trends")

    for picture in re.findall(r'<svg[^>]*role="img".*?</svg>', html, re.DOTALL):
        assert "<title" in picture
        assert "<desc" in picture
    assert "The same as a table" in html


def test_trends_say_what_would_have_caught_it_in_peoples_words(web: Surroundings) -> None:
    html = page(web, "/trends?integration=marketo-salesforce")

    assert "An alert <strong>before</strong> the token ends." in html
    assert "credential.expires_on" in html


@pytest.mark.parametrize("address", ["/trends", "/people", "/trends?owner=eve@example.com"])
def test_hostile_names_and_answers_are_text(web: Surroundings, address: str) -> None:
    html = page(web, address)

    assert "<script>alert" not in html
    assert " 49" not in html


@pytest.mark.parametrize(
    "query", ["since=nonsense", "since=1066-10-14", "since=2999-01-01", "severity=SEV9", "owner=%3Cscript%3E", "since="]
)
def test_any_address_of_trends_is_answered(web: Surroundings, query: str) -> None:
    assert "Trends" in page(web, f"/trends?{query}")


def test_an_empty_time_says_what_to_do(web: Surroundings) -> None:
    assert "without filters" in page(web, "/trends?integration=nothing-here")


def test_trends_ask_the_registry_and_the_answers_and_nothing_twice(web: Surroundings) -> None:
    calls: list[str] = []
    client = web.client("dynamodb")
    page(web, "/trends")
    client.meta.events.register("before-call", lambda model, **_: calls.append(model.name), unique_id="counted")

    page(web, "/trends")
    client.meta.events.unregister("before-call", unique_id="counted")

    assert len(calls) <= 3, calls


def test_a_person_has_what_they_own_and_what_waits_and_no_score(web: Surroundings) -> None:
    told = data(web, f"{addresses.person(ANA)}.json")

    assert told["owns"] == ["hubspot-salesforce"]
    assert [one["id"] for one in told["open"]] == ["INC-42"]
    assert {"incident": "INC-41", "waits_for": "answers"} in told["postmortems"]
    assert not {"score", "count", "mttr", "incidents"} & set(told)


def test_somebody_whom_only_an_incident_names_has_a_page_too(web: Surroundings) -> None:
    html = page(web, addresses.person(BEN))

    assert "Ben Okafor" in html
    assert "INC-502" in html


def test_an_address_with_an_old_name_leads_to_the_person(web: Surroundings) -> None:
    there = addresses.person(ANA)

    answer = read(web, there.replace("ana-lima", "ana-of-before"))

    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, there)


@pytest.mark.parametrize("key", ["nobody", "0000000000", "..%2f", "a" * 300, "ana.lima@example.com"])
def test_an_address_of_nobody_is_not_found(web: Surroundings, key: str) -> None:
    assert read(web, f"/people/{key}")["statusCode"] == 404


def test_people_are_found_by_a_part_of_their_name(web: Surroundings) -> None:
    found = data(web, "/people.json?q=lim")

    assert [one["name"] for one in found["people"]] == ["Ana Lima"]


def test_an_integration_shows_its_year_and_what_comes_back(web: Surroundings) -> None:
    html = page(web, "/integrations/marketo-salesforce")

    assert "Incidents per month by how they failed" in html
    assert "Fixes that did not hold" in html
    assert addresses.with_query("/trends", integration="marketo-salesforce") in html


def test_an_incident_that_is_over_says_what_its_fix_came_to(web: Surroundings) -> None:
    assert "The fix did not hold,</b> it broke again as" in page(web, "/incidents/INC-502")
    assert "Seen 3 times in 90 days" in page(web, "/incidents/INC-503")


def test_a_name_leads_to_the_person(web: Surroundings) -> None:
    assert f'href="{addresses.person(ANA)}"' in page(web, "/incidents/INC-42")
    assert f'href="{addresses.person(ANA)}"' in page(web, "/integrations/hubspot-salesforce")
