"""Claims about what else people say on pages: an incident opened by hand, who is affected, links, changes, undo."""

import json
import re
from dataclasses import replace

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.severity import Severity
from deadair.domain.stages import Ending, Status
from deadair.domain.timeline import Fact
from tests.rooms.web_room import read, send, store, web
from web.surroundings import Surroundings

__all__ = ["store", "web"]
pytestmark = pytest.mark.stack
FALLBACK = '{"name":"Fay Fallback","email":"fay@example.com"}'


def opened(web: Surroundings, **fields: str) -> int:
    answer = send(web, "/incidents", fields)
    assert answer["statusCode"] == 303
    found = re.fullmatch(r"/incidents/INC-(\d+)\?done=open", answer["headers"]["Location"])
    assert found, answer["headers"]["Location"]
    return int(found[1])


def test_an_incident_is_opened_by_hand_and_a_second_time_it_is_the_same(
    web: Surroundings, store: IncidentStore
) -> None:
    slug = "braze-push"
    number = opened(web, integration=slug, severity="SEV2", text="Pushes <b>arrive</b> twice")
    again = send(web, "/incidents", {"integration": slug, "text": "Twice!"})

    assert again["headers"]["Location"] == f"/incidents/INC-{number}?done=open-already"
    incident, page = store.get(number), read(web, f"/incidents/INC-{number}?done=open")["body"]
    assert (incident.status, incident.severity, incident.integration) == (Status.OPEN, Severity.SEV2, slug)
    assert "Ana Lima, by hand" in page
    assert "Pushes &lt;b&gt;arrive&lt;/b&gt; twice" in page
    assert "Something is wrong with it?" not in read(web, f"/integrations/{slug}")["body"]


def test_an_incident_of_no_integration_says_who_stands_in(web: Surroundings, store: IncidentStore) -> None:
    site = Surroundings(replace(web.settings, fallback_owner=FALLBACK), now=web.now, client=web.client)
    number = opened(site, integration="-", text="Nobody gets the weekly mail")

    page = read(web, f"/incidents/INC-{number}")["body"]
    assert "opened for no integration of the registry, so Fay Fallback stands in" in page
    assert f"INC-{number}" not in read(web, "/coverage")["body"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"integration": "nobody-knows", "text": "It is down"}, "The registry has no `nobody-knows`"),
        ({"severity": "SEV9", "text": "It is down"}, "That is none of the choices"),
        ({"text": " "}, "Say what does not work"),
    ],
)
def test_what_cannot_be_opened_keeps_its_words_and_opens_nothing(
    web: Surroundings, store: IncidentStore, fields: dict[str, str], told: str
) -> None:
    before = len(store.open_incidents())
    answer = send(web, "/incidents", fields)

    assert answer["statusCode"] in {404, 422}
    assert told in answer["body"]
    assert fields["text"].strip() in answer["body"]
    assert len(store.open_incidents()) == before


def test_who_is_affected_links_and_changes_are_on_the_page_and_in_its_json(
    web: Surroundings, store: IncidentStore
) -> None:
    steps = (
        ("affected", {"text": "1,200 contacts"}),
        ("link", {"url": "https://status.example/7", "label": "Status"}),
        ("change", {"text": "Seats were cut", "at": "2026-11-20T20:31"}),
    )
    for verb, fields in steps:
        assert send(web, f"/incidents/INC-43/{verb}", fields)["statusCode"] == 303

    page, data = read(web, "/incidents/INC-43")["body"], read(web, "/incidents/INC-43", accept="application/json")
    assert '<a href="https://status.example/7" rel="noopener noreferrer">Status</a>' in page
    assert "1,200 contacts" in page
    told = json.loads(data["body"])
    assert (told["affected"], told["links"]) == (
        "1,200 contacts",
        [{"url": "https://status.example/7", "label": "Status"}],
    )
    affected = next(entry for entry in store.timeline(43) if entry.fact is Fact.AFFECTED)
    assert affected.details == {"records": "1200"}
    assert [one.text for one in web.changes.latest(store.get(43).integration, 1)] == ["Seats were cut"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x.example", "https://", "https://ana:pw@x.example/", "x"]
)
def test_an_address_that_is_none_is_no_link(web: Surroundings, store: IncidentStore, url: str) -> None:
    answer = send(web, "/incidents/INC-43/link", {"url": url})

    assert answer["statusCode"] == 422
    assert store.get(43).links == ()


def test_the_last_step_is_taken_back_by_its_button_and_done_again(web: Surroundings, store: IncidentStore) -> None:
    send(web, "/incidents/INC-42/resolve", {"fix": "Rotated the key."})
    for status, button in ((Status.ACKNOWLEDGED, "Undo"), (Status.RESOLVED, "Do it again")):
        page = read(web, "/incidents/INC-42")["body"]
        entry = re.search(r'/undo">.*?name="entry" value="([^"]+)"', page, re.DOTALL)
        assert entry
        assert f">{button}<" in page
        assert send(web, "/incidents/INC-42/undo", {"entry": entry[1]})["statusCode"] == 303
        assert store.get(42).status is status
        assert "is taken back already" in send(web, "/incidents/INC-42/undo", {"entry": entry[1]})["body"]


def test_what_was_opened_by_mistake_is_no_incident(web: Surroundings, store: IncidentStore) -> None:
    number = opened(web, integration="billing-hubspot", text="Wrong window")
    send(web, f"/incidents/INC-{number}/undo", {})

    incident = store.get(number)
    assert (incident.ending, incident.fix) == (Ending.FALSE_ALARM, "Opened by mistake.")
    assert "Taken back: Opened by hand: Wrong window" in read(web, f"/incidents/INC-{number}")["body"]


def a_past_one(**fields: str) -> dict[str, str]:
    then = {"started": "2023-03-08T09:00", "detected": "2023-03-08T11:00", "resolved": "2023-03-09T08:00"}
    told = {"integration": "braze-push", "text": "No <i>pushes</i>", "fix": "New key.", "failure_class": "auth"}
    return {**told, **then, "zone": "Europe/Berlin", **fields}


def test_one_that_is_over_is_recorded_with_the_dates_of_the_reader_s_clock(
    web: Surroundings, store: IncidentStore
) -> None:
    first = send(web, "/incidents/past", a_past_one())
    found = re.fullmatch(r"/incidents/INC-(\d+)\?done=recorded", first["headers"]["Location"])
    assert found, first["headers"]["Location"]
    incident = store.get(int(found[1]))
    page = read(web, f"/incidents/INC-{found[1]}?done=recorded")["body"]

    assert (incident.started_at.isoformat(), incident.recorded_afterwards) == ("2023-03-08T08:00:00+00:00", True)
    assert (incident.status, incident.fix, incident.failure_class.value) == (Status.RESOLVED, "New key.", "auth")
    assert "Recorded afterwards: No &lt;i&gt;pushes&lt;/i&gt;" in page
    assert "Recorded with its own dates." in page
    again = send(web, "/incidents/past", a_past_one())
    assert again["headers"]["Location"] == f"/incidents/INC-{found[1]}?done=recorded-already"


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"detected": "2023-03-08T08:59"}, "detected", "is before the start"),
        ({"resolved": ""}, "resolved", "The time of the end is missing"),
        ({"mitigated": "soon"}, "mitigated", "That is no time"),
        ({"failure_class": "gremlins"}, "failure_class", "That is none of the choices"),
        ({"zone": "Mars/Olympus"}, "zone", "That is no time zone"),
        ({"integration": "nobody-knows"}, "integration", "The registry has no"),
    ],
)
def test_what_cannot_be_recorded_keeps_its_words_and_names_the_field(
    web: Surroundings, fields: dict[str, str], field: str, told: str
) -> None:
    answer = send(web, "/incidents/past", a_past_one(**fields))

    assert answer["statusCode"] in {404, 422}
    assert told in answer["body"]
    assert 'id="record-one"><summary>' in answer["body"]
    assert '<details class="more" open id="record-one">' in answer["body"]
    assert 'value="No &lt;i&gt;pushes&lt;/i&gt;"' in answer["body"]
    marked = re.search(rf'name="{field}"[^>]*aria-invalid', answer["body"])
    assert bool(marked) is (field not in {"failure_class", "zone"})
