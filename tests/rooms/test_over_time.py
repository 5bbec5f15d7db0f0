"""Claims about what is read of many incidents: nothing is lost between lists, and what is kept is asked for once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore, incident_item
from deadair.adapters.dynamodb.outlines import OutlineStore
from deadair.adapters.dynamodb.transact import commit, put
from deadair.domain.incident import Incident
from deadair.domain.outline import outline
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Milestone
from deadair.domain.trends import begins
from deadair.usecases.over_time import LATELY_KEPT, LONG_AGO_KEPT, OverTime
from infra.target import Target
from tests.builders import NOON, an_incident
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
NOW = NOON + timedelta(days=18)


class Past:
    """A table with incidents of the last months, and a client that counts what is asked."""

    def __init__(self, stack: Target) -> None:
        self.dynamodb, self.table = stack.client("dynamodb"), a_table_like(stack, "IncidentsTable")
        self.asked: list[str] = []
        self.dynamodb.meta.events.register("before-call.dynamodb.Query", self._count)
        self.incidents = IncidentStore(self.dynamodb, self.table)
        self.store = OutlineStore(self.dynamodb, self.table)
        self.over_time = OverTime(self.store)

    def _count(self, params: dict[str, Any], **_: Any) -> None:
        self.asked.append(params["body"].decode() if isinstance(params["body"], bytes) else params["body"])

    def keep(self, *incidents: Incident) -> None:
        commit(self.dynamodb, [put(self.table, incident_item(one)) for one in incidents])


@pytest.fixture
def past(stack: Target) -> Past:
    return Past(stack)


def began(number: int, days_ago: float, *, over: bool = True, **more: Any) -> Incident:
    at = NOW - timedelta(days=days_ago)
    told = {"opened_at": at, "started_at": at, "detected_at": at, "likely": FailureClass.AUTH} | more
    incident = an_incident(number, sort_id=f"{at.isoformat(timespec='milliseconds')}#{number:09d}", **told)
    return (
        incident.acknowledge("Ana", at).resolve("Ana", "Rotated the token", at + timedelta(hours=1))
        if over
        else incident
    )


def test_an_outline_from_the_table_is_that_of_the_incident(past: Past) -> None:
    told = began(7, 3).reopen()
    corrected = replace(told, milestones={Milestone.STARTED: told.started_at - timedelta(hours=2)})
    past.keep(corrected, began(8, 4, severity_set=Severity.SEV1), began(9, 5, drill=True, consent=True))

    found = {one.number: one for one in past.over_time.since(NOW - timedelta(days=30), NOW)}

    assert found[7] == outline(corrected)
    assert found[7].failed_fixes == ("Rotated the token",)
    assert found == {number: outline(past.incidents.get(number)) for number in (7, 8, 9)}


def test_a_year_is_read_month_by_month_and_kept(past: Past) -> None:
    past.keep(began(1, 300), began(2, 40), began(3, 2), began(4, 1, over=False))

    first = past.over_time.since(NOW - timedelta(days=364), NOW)
    calls = len(past.asked)
    second = past.over_time.since(NOW - timedelta(days=364), NOW + timedelta(seconds=5))

    assert [one.number for one in first] == [one.number for one in second] == [4, 3, 2, 1]
    assert (calls, len(past.asked)) == (len(begins(NOW - timedelta(days=364), NOW)) + 1, calls)


def test_one_of_an_earlier_month_that_ends_now_is_never_lost(past: Past) -> None:
    still = began(5, 45, over=False)
    past.keep(still)
    assert [one.number for one in past.over_time.since(NOW - timedelta(days=90), NOW)] == [5]

    past.keep(still.acknowledge("Ana", NOW).resolve("Ana", "Moved to the new endpoint", NOW))
    soon = NOW + LATELY_KEPT
    [found] = past.over_time.since(NOW - timedelta(days=90), soon)

    assert found.fix == "Moved to the new endpoint"


def test_one_that_is_opened_again_is_open(past: Past) -> None:
    over = began(6, 45)
    past.keep(over)
    past.over_time.since(NOW - timedelta(days=90), NOW)

    past.keep(over.reopen())
    [found] = past.over_time.since(NOW - timedelta(days=90), NOW + LATELY_KEPT)

    assert found.resolved_at is None


def test_what_comes_back_is_found(past: Past) -> None:
    past.keep(began(1, 70), began(2, 60), began(3, 50), began(4, 40, drill=True))

    lately = past.over_time.lately(NOW)

    assert [one.numbers for one in lately.patterns] == [(1, 2, 3)]
    assert [(one.number, one.shown_by) for one in lately.unheld] == [(2, 3), (1, 2)]


def test_whoever_is_content_with_what_was_found_minutes_ago_asks_nothing(past: Past) -> None:
    past.keep(began(1, 70), began(2, 60), began(3, 50))
    first = past.over_time.lately(NOW)
    calls = len(past.asked)

    assert past.over_time.lately(NOW + LATELY_KEPT, LONG_AGO_KEPT) is first
    assert len(past.asked) == calls


def test_the_past_of_one_integration_is_one_question(past: Past) -> None:
    past.keep(began(1, 70), began(2, 60, integration="web-form-marketo"), began(3, 1, over=False))

    found = past.store.of_integration("hubspot-salesforce", NOW - timedelta(days=90))

    assert ([one.number for one in found], len(past.asked)) == ([3, 1], 1)
