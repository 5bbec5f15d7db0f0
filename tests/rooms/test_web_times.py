"""Times typed on the pages: read by the person's own clock, which the page names, and said again by it."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.people import PeopleStore
from deadair.adapters.slack.members import Member
from deadair.domain.ownership import Person
from deadair.domain.reachability import Reach
from deadair.domain.stages import Milestone
from tests.builders import ANA
from tests.rooms.web_room import ask, cookie, send, store, web
from tests.rooms.web_site import JURGEN, NOW
from web.surroundings import Surroundings

__all__ = ["store", "web"]
pytestmark = pytest.mark.stack
INCIDENT, PAGE = "/incidents/INC-42", "/integrations/hubspot-salesforce"


@pytest.fixture(scope="module", autouse=True)
def _zones(web: Surroundings) -> None:
    """Ana said where she is, Jürgen's Slack does."""
    PeopleStore(web.client("dynamodb"), web.settings.incidents_table).change(
        ANA.email, lambda _: Reach(ANA.email, timezone="Europe/Lisbon")
    )
    for person in (ANA, JURGEN):
        member = Member(person.slack_id, person.name, person.email, timezone="Asia/Kathmandu", asked_at=NOW)
        web.members.kept.put(member, NOW)


def seen(web: Surroundings, address: str, who: Person) -> str:
    return str(ask(web, address, **cookie(who))["body"])


def after(web: Surroundings, answer: dict[str, Any], who: Person) -> str:
    """The page that a step leads to."""
    assert answer["statusCode"] == 303, answer["body"]
    return seen(web, answer["headers"]["Location"].partition("#")[0], who)


@pytest.mark.parametrize(
    ("who", "zone", "words"),
    [
        (ANA, "Europe/Lisbon", "in Europe/Lisbon, as you set it"),
        (JURGEN, "Asia/Kathmandu", "in Asia/Kathmandu, as in Slack"),
        (Person("Sam Stranger", "sam@elsewhere.example"), "UTC", "in UTC"),
    ],
)
def test_a_page_says_by_whose_clock_times_are_typed(web: Surroundings, who: Person, zone: str, words: str) -> None:
    body = seen(web, INCIDENT, who)

    assert f"{words}; empty is now" in body
    assert set(re.findall(r'name="zone" value="([^"]+)"', body)) == {zone}


def test_a_corrected_time_is_read_and_said_again_in_the_persons_zone(web: Surroundings, store: IncidentStore) -> None:
    # Kathmandu is 5 h 45 min ahead.
    fields = {"milestone": "started", "at": "2026-11-21T00:10", "reason": "their log", "zone": "Asia/Kathmandu"}
    body = after(web, send(web, f"{INCIDENT}/milestone", fields, who=JURGEN), JURGEN)

    assert store.get(42).when(Milestone.STARTED) == datetime(2026, 11, 20, 18, 25, tzinfo=UTC)
    assert "Read as 00:10 UTC+05:45." in body
    assert 'value="2026-11-21T00:10:00"' in body


def test_a_note_says_when_it_was_and_without_the_forms_zone_the_persons_own_counts(
    web: Surroundings, store: IncidentStore
) -> None:
    answer = send(web, f"{INCIDENT}/note", {"text": "They called.", "at": "2026-11-20 20:40"}, who=JURGEN)
    assert answer["statusCode"] == 303
    entry = next(one for one in store.timeline(42) if one.text == "They called.")
    assert entry.occurred_at == datetime(2026, 11, 20, 14, 55, tzinfo=UTC)

    assert "Read as 20:40 WET." in after(
        web, send(web, f"{INCIDENT}/change", {"text": "A new form", "at": "2026-11-20T20:40"}), ANA
    )
    assert "Until 22:00 WET." in after(web, send(web, f"{INCIDENT}/snooze", {"for": "1h", "text": "known"}), ANA)
    assert "Read as" not in after(web, send(web, f"{INCIDENT}/note", {"text": "No time.", "at": ""}), ANA)


def test_maintenance_begins_by_the_persons_clock(web: Surroundings) -> None:
    fields = {"begins_at": "2026-11-21T04:00", "for": "2h", "reason": "They move.", "zone": "Asia/Kathmandu"}
    body = after(web, send(web, f"{PAGE}/maintenance", fields, who=JURGEN), JURGEN)

    (window,) = web.maintenance.of("hubspot-salesforce")
    assert window.begins_at == datetime(2026, 11, 20, 22, 15, tzinfo=UTC)
    assert "From 04:00 UTC+05:45 to 06:00 UTC+05:45." in body


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", "Europe", "x" * 999, "\x00"])
def test_an_odd_zone_and_an_odd_time_are_refused_beside_the_words(web: Surroundings, zone: str) -> None:
    fields = {"milestone": "started", "at": "2026-11-20T20:10", "reason": "x"}

    assert "That is no time zone." in send(web, f"{INCIDENT}/milestone", fields | {"zone": zone})["body"]
    odd = send(web, f"{INCIDENT}/milestone", fields | {"at": "soon"})
    assert odd["statusCode"] == 422
    assert "Write it in Europe/Lisbon, as in 2026-11-20 10:42." in odd["body"]
    assert ask(web, f"{INCIDENT}?done=note&at={zone[:3]}9999", **cookie())["statusCode"] == 200
