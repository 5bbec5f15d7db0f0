"""Claims about lists of incidents in pages: a cursor leads on, and a made-up one leads nowhere."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore, incident_item
from deadair.domain.errors import NotFound, Unavailable
from deadair.domain.stages import Status
from infra.target import Target
from tests.builders import an_incident
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
PLACE = {"pk": "INC#1", "sk": "STATE", "state_pk": "CLOSED", "state_sk": "2026"}


@pytest.fixture(scope="module")
def store(stack: Target) -> IncidentStore:
    """Five resolved incidents in a table of their own."""
    store = IncidentStore(stack.client("dynamodb"), a_table_like(stack, "IncidentsTable"))
    for number in range(1, 6):
        incident = replace(an_incident(number), status=Status.RESOLVED, sort_id=f"2026-11-0{number}#{number:09d}")
        store.client.put_item(TableName=store.table, Item=incident_item(incident))
    return store


def a_cursor(content: Any) -> str:
    """A cursor as a stranger would make it up."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


def test_every_open_incident_is_listed_although_a_page_ends_at_a_megabyte(stack: Target) -> None:
    class Full:
        """AWS ends a page at 1 MB whatever the limit; here two incidents are that much."""

        def query(self, **request: Any) -> Any:
            return stack.client("dynamodb").query(**request | {"Limit": min(request["Limit"], 2)})

    table = a_table_like(stack, "IncidentsTable")
    for number in range(1, 6):
        incident = replace(an_incident(number), sort_id=f"2026-11-0{number}#{number:09d}")
        stack.client("dynamodb").put_item(TableName=table, Item=incident_item(incident))

    store = IncidentStore(Full(), table)
    assert [incident.number for incident in store.open_incidents()] == [5, 4, 3, 2, 1]
    assert [incident.number for incident in store.open_incidents(3)] == [5, 4, 3]


def test_pages_lead_from_the_newest_to_the_oldest(store: IncidentStore) -> None:
    first = store.past_incidents(2)
    second = store.past_incidents(2, first.next)
    last = store.past_incidents(2, second.next)

    numbers = [[incident.number for incident in page.items] for page in (first, second, last)]
    assert (numbers, last.next) == ([[5, 4], [3, 2], [1]], "")


@pytest.mark.parametrize(
    "cursor",
    [
        "no base64",
        "é",
        "[" * 400,
        a_cursor(None),
        a_cursor([]),
        a_cursor(7),
        a_cursor({}),
        a_cursor({"pk": "INC#1"}),
        a_cursor({name: {"S": text} for name, text in PLACE.items()}),
        a_cursor(PLACE | {"pk": 7}),
        a_cursor(PLACE | {"sk": ""}),
        a_cursor(PLACE | {"more": "x"}),
        a_cursor(PLACE | {"state_pk": "OPEN"}),
        base64.urlsafe_b64encode(b"[" * 200_000).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_made_up_cursor_is_no_page(store: IncidentStore, cursor: str) -> None:
    with pytest.raises(NotFound, match="page does not exist"):
        store.past_incidents(2, cursor)


def test_an_incident_that_a_later_version_wrote_hides_no_other(stack: Target) -> None:
    store = IncidentStore(stack.client("dynamodb"), a_table_like(stack, "IncidentsTable"))
    for number, status in ((1, "open"), (2, "asleep"), (3, "open")):
        item = incident_item(an_incident(number)) | {"status": {"S": status}, "state_sk": {"S": f"2026#{number}"}}
        store.client.put_item(TableName=store.table, Item=item)

    assert [incident.number for incident in store.open_incidents()] == [3, 1]
    assert store.open_page().unread == 1
    assert {incident.number for incident in store.of_integration(an_incident(1).integration)} == {1, 3}
    with pytest.raises(Unavailable, match="INC-2 cannot be read by this version"):
        store.get(2)
