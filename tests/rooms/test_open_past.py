"""Claims about an incident that is told of when it is over: its own dates, and no news to anybody."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deadair.adapters.dynamodb.incidents import entry_item
from deadair.domain.errors import Invalid, NotFound
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Ending, Milestone, Status
from deadair.domain.timeline import Fact
from deadair.usecases.draft_postmortem import draft_postmortem
from deadair.usecases.numbers import read_period
from deadair.usecases.open_by_hand import Opened
from deadair.usecases.open_past import Remembered, open_past
from deadair.usecases.reopen import reopen
from deadair.usecases.set_milestone import set_milestone
from deadair.usecases.undo import undo
from deadair.usecases.verify_consent import verify_consent
from deadair.usecases.verify_ledger import Queues, verify_ledger
from fact_relay.consumer import facts
from infra.target import Target
from tests.builders import FALLBACK, NOON, an_actor, at
from tests.rooms.test_open_by_hand import CONSENT, Room

pytestmark = pytest.mark.stack

THEN = datetime(2023, 3, 8, 9, tzinfo=UTC)
TIMES: dict[Milestone, datetime | None] = {
    Milestone.STARTED: THEN,
    Milestone.DETECTED: THEN + timedelta(hours=2),
    Milestone.ACKNOWLEDGED: THEN + timedelta(hours=3),
    Milestone.MITIGATED: None,
    Milestone.RESOLVED: THEN + timedelta(days=1),
}


class Past(Room):
    """The room, in which somebody remembers."""

    def remember(self, slug: str, times: dict[Milestone, Any] | None = None, **known: Any) -> Opened:
        told = Remembered(times=TIMES | (times or {}), **{"text": "No leads for a day", "fix": "New token."} | known)
        rows = self.registry.rows()
        return open_past(self.store, rows, slug, an_actor(), told, now=at(0), fallback=FALLBACK)


@pytest.fixture(scope="module")
def room(stack: Target) -> Past:
    return Past(stack)


@pytest.fixture
def slug(room: Past) -> str:
    return next(room.fresh)


def test_it_is_resolved_with_the_dates_of_then_and_its_timeline_says_so(room: Past, slug: str) -> None:
    made = room.remember(slug, failure_class=FailureClass.AUTH)
    incident = room.store.get(made.incident.number)

    assert (made.opened, incident.status, incident.ending, incident.fix) == (
        True,
        Status.RESOLVED,
        Ending.FIXED,
        "New token.",
    )
    assert [incident.when(name) for name in Milestone] == list(TIMES.values())
    assert (incident.opened_at, incident.failure_class) == (TIMES[Milestone.DETECTED], FailureClass.AUTH)
    entries = room.store.timeline(incident.number)
    assert [entry.fact for entry in entries] == [Fact.OPENED, Fact.ACKNOWLEDGED, Fact.RESOLVED]
    assert all("recorded afterwards" in entry.text.lower() for entry in entries)
    assert {entry.recorded_at for entry in entries} == {at(0)}
    assert [entry.occurred_at for entry in entries] == [
        TIMES[e] for e in (Milestone.DETECTED, Milestone.ACKNOWLEDGED, Milestone.RESOLVED)
    ]


def test_it_counts_when_it_was_and_not_when_it_was_told(room: Past, slug: str) -> None:
    incident = room.remember(slug).incident

    assert incident.number not in {one.number for one in read_period(room.store, NOON, most=500).incidents}
    found = read_period(room.store, THEN - timedelta(days=1), most=500).incidents
    assert found[-1].number <= incident.number
    assert incident.number in {one.number for one in found}


def test_no_alarm_joins_it_or_opens_it_again(room: Past, slug: str) -> None:
    incident = room.remember(slug).incident

    assert room.speaks(slug, "ALARM", 1)["incident"] != incident.id
    assert room.store.get(incident.number) == incident
    assert verify_ledger(room.dynamodb, room.table, Queues(None)).balances


def test_the_one_that_goes_on_now_is_not_disturbed(room: Past, slug: str) -> None:
    rang = room.speaks(slug, "ALARM", 1)
    room.remember(slug)

    assert room.speaks(slug, "ALARM", 2, kind="errors")["incident"] == rang["incident"]
    assert room.speaks(slug, "OK", 3)["incident"] == rang["incident"]


def test_the_same_one_again_is_the_one_that_is_there(room: Past, slug: str) -> None:
    first = room.remember(slug)
    again = room.remember(slug)

    assert (again.opened, again.incident.number) == (False, first.incident.number)
    assert room.remember(slug, {Milestone.STARTED: THEN + timedelta(minutes=1)}).opened


def test_its_facts_say_to_rules_of_one_s_own_that_they_are_no_news(room: Past, slug: str) -> None:
    incident, other = room.remember(slug).incident, room.open(next(room.fresh)).incident

    def details(number: int) -> list[dict[str, str]]:
        images = [entry_item(number, entry) for entry in room.store.entries(number)]
        news = [{"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "NewImage": image}} for image in images]
        return [json.loads(event["Detail"]) for _, event in facts(news, "bus")]

    assert [told.get("recorded_afterwards") for told in details(incident.number)] == ["yes"] * 3
    assert [told.get("recorded_afterwards") for told in details(other.number)] == [None]


def test_it_gets_the_draft_of_a_postmortem(room: Past, slug: str) -> None:
    incident = room.remember(slug).incident
    drafted = draft_postmortem(room.store, incident.number, now=at(1))

    assert drafted is not None
    assert "2023-03-08" in drafted.suggested["when_started"]
    assert "New token." in drafted.suggested["what_fixed"]


@pytest.mark.parametrize(
    ("times", "field", "words"),
    [
        ({Milestone.STARTED: None}, "started", "missing"),
        ({Milestone.DETECTED: None}, "detected", "missing"),
        ({Milestone.RESOLVED: None}, "resolved", "missing"),
        ({Milestone.DETECTED: THEN - timedelta(minutes=1)}, "detected", "before the start"),
        ({Milestone.MITIGATED: THEN + timedelta(hours=1)}, "mitigated", "before the acknowledgement"),
        ({Milestone.RESOLVED: THEN + timedelta(hours=1)}, "resolved", "before the acknowledgement"),
        ({Milestone.RESOLVED: at(1)}, "resolved", "has not come yet"),
        ({Milestone.STARTED: datetime(203, 3, 8, tzinfo=UTC)}, "started", "203"),
    ],
)
def test_times_out_of_order_are_refused_by_their_field(
    room: Past, slug: str, times: dict[Milestone, Any], field: str, words: str
) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        room.remember(slug, times)

    assert refused.value.field == field
    assert refused.value.remedy
    assert room.store.of_integration(slug) == []


def test_an_integration_that_nobody_knows_is_refused(room: Past) -> None:
    with pytest.raises(NotFound):
        room.remember("nobody-knows")


def test_where_consent_was_at_risk_it_stays_grave_and_is_in_its_log(room: Past) -> None:
    made = room.remember(CONSENT, severity=Severity.SEV4)

    assert made.incident.severity is Severity.SEV2
    assert "stays at SEV2" in room.store.timeline(made.incident.number)[0].text
    assert verify_consent(room.dynamodb, room.table).whole


def test_taken_back_it_counts_for_nothing_and_can_be_told_anew(room: Past, slug: str) -> None:
    first = room.remember(slug).incident
    undone = undo(room.store, first.number, an_actor(), now=at(1)).incident

    assert (undone.ending, undone.is_open, undone.fix) == (Ending.FALSE_ALARM, False, "Opened by mistake.")
    assert room.remember(slug).opened
    again = undo(room.store, first.number, an_actor(), now=at(2)).incident
    assert (again.ending, again.fix) == (Ending.FIXED, "New token.")


def test_one_that_was_not_over_after_all_is_worked_as_any_other(room: Past, slug: str) -> None:
    first = room.remember(slug).incident
    again = reopen(room.store, first.number, an_actor(), "It is not over.", now=at(1))

    assert (again.is_open, again.recorded_afterwards) == (True, False)


def test_a_time_of_long_ago_can_be_corrected_later(room: Past, slug: str) -> None:
    first = room.remember(slug).incident
    fixed = set_milestone(
        room.store,
        first.number,
        an_actor(),
        Milestone.STARTED,
        THEN - timedelta(hours=1),
        "The vendor says so.",
        now=at(1),
    )

    assert fixed.when(Milestone.STARTED) == THEN - timedelta(hours=1)
