"""Claims about action items on pages: added, ended and changed by forms, listed with the reader's own first."""

import json
from typing import Any

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.action_item import ActionItem, ActionKind, ActionStatus
from deadair.domain.ownership import Person
from tests.builders import ANA
from tests.rooms.web_room import ask, cookie, read, send, store, web
from tests.rooms.web_site import JURGEN
from web.surroundings import Surroundings

__all__ = ["store", "web"]
pytestmark = pytest.mark.stack
SAM = Person("Sam Stranger", "sam@example.com", "U0SAM")


def items(web: Surroundings, number: int) -> list[ActionItem]:
    return web.actions.of_incident(number)


def added(web: Surroundings, number: int, text: str, **fields: str) -> ActionItem:
    answer = send(web, f"/incidents/INC-{number}/actions", {"text": text} | fields)
    assert answer["statusCode"] == 303
    return items(web, number)[-1]


def listed(web: Surroundings, query: str = "", who: Person = ANA) -> list[dict[str, Any]]:
    answer = ask(web, f"/actions?{query}", headers={"accept": "application/json"}, **cookie(who))
    found: list[dict[str, Any]] = json.loads(answer["body"])["actions"]
    return found


def test_a_form_adds_it_and_leads_back_to_where_it_stands(web: Surroundings, store: IncidentStore) -> None:
    fields = {"text": "Alert on <b>empty</b> loads", "kind": "detective", "due_on": "2026-12-12", "back": "incident"}
    answer = send(web, "/incidents/INC-42/actions", fields)
    assert answer["headers"]["Location"].endswith("/incidents/INC-42?items=added#actions")
    item = items(web, 42)[-1]
    assert (item.kind, item.due_on.isoformat(), item.owner.name) == (
        ActionKind.DETECTIVE,
        "2026-12-12",
        store.get(42).owner.name,
    )
    page = read(web, "/incidents/INC-42?items=added")["body"]
    assert "Alert on &lt;b&gt;empty&lt;/b&gt; loads" in page
    assert f"/actions/{item.id}/done" in page
    assert "Added." in page


def test_the_list_shows_ones_own_first_and_filters_by_the_address(web: Surroundings, store: IncidentStore) -> None:
    mine = added(web, 42, "Mine to do", owner=ANA.email, due_on="2026-12-20")
    others = added(web, 42, "Another's to do", owner=JURGEN.email, due_on="2026-12-01", kind="corrective")
    body = read(web, "/actions")["body"]
    assert body.index("Mine to do") < body.index("Another&#39;s to do")
    assert [one["id"] for one in listed(web, "who=me")][-1] == mine.id
    assert others.id in [one["id"] for one in listed(web, "kind=corrective")]
    assert mine.id not in [one["id"] for one in listed(web, "kind=corrective")]
    assert listed(web, "integration=no-such-thing") == []
    assert listed(web, "who=me", SAM) == []


def test_done_dropped_and_again_by_forms(web: Surroundings, store: IncidentStore) -> None:
    item = added(web, 42, "Rotate the key", owner=ANA.email)
    assert send(web, f"/actions/{item.id}/done")["statusCode"] == 303
    assert items(web, 42)[item.number - 1].status is ActionStatus.DONE
    assert item.id in [one["id"] for one in listed(web, "status=done")]
    assert send(web, f"/actions/{item.id}/reopen")["statusCode"] == 303
    assert send(web, f"/actions/{item.id}/drop")["statusCode"] == 422
    assert send(web, f"/actions/{item.id}/drop", {"why": "The vendor does it"})["statusCode"] == 303
    assert items(web, 42)[item.number - 1].why == "The vendor does it"


def test_a_change_that_somebody_else_made_first_is_not_written_over(web: Surroundings, store: IncidentStore) -> None:
    item = added(web, 42, "Rotate the key", owner=ANA.email)
    assert send(web, f"/actions/{item.id}/change", {"text": "Rotate both keys", "seen": "1"})["statusCode"] == 303
    late = send(web, f"/actions/{item.id}/change", {"text": "Rotate none", "seen": "1"})
    assert late["statusCode"] == 409
    assert items(web, 42)[item.number - 1].text == "Rotate both keys"


def test_nobody_ends_what_is_not_theirs_or_forges_a_form(web: Surroundings, store: IncidentStore) -> None:
    item = added(web, 42, "Rotate the key", owner=ANA.email)
    assert send(web, f"/actions/{item.id}/done", who=SAM)["statusCode"] == 403
    assert send(web, f"/actions/{item.id}/done", token="forged")["statusCode"] == 403
    assert ask(web, f"/actions/{item.id}/done", "POST")["statusCode"] in {303, 401, 403}
    assert items(web, 42)[item.number - 1].is_open


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "x", "due_on": "12/12"}, 422),
        ({"text": "x", "owner": "nobody@example.com"}, 422),
        ({"text": "x", "kind": "magic"}, 422),
    ],
)
def test_what_cannot_be_taken_is_said(
    web: Surroundings, store: IncidentStore, fields: dict[str, str], status: int
) -> None:
    before = len(items(web, 42))
    assert send(web, "/incidents/INC-42/actions", fields)["statusCode"] == status
    assert len(items(web, 42)) == before


@pytest.mark.parametrize(
    "address", ["/actions/INC-42-A99/done", "/actions/rubbish/done", "/incidents/INC-9999/actions"]
)
def test_what_is_not_there_is_not_found(web: Surroundings, address: str) -> None:
    assert send(web, address, {"text": "x"})["statusCode"] == 404


def test_the_form_of_the_postmortem_has_them_too(web: Surroundings, store: IncidentStore) -> None:
    added(web, 41, "Rotate the key")
    page = read(web, "/incidents/41/postmortem")["body"]
    assert "Rotate the key" in page
    assert 'name="back" value="postmortem"' in page
