"""Claims about an incident that a person opens: whose it is, how bad, and that alarms join it as any other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from deadair.adapters.dynamodb.maintenance import MaintenanceStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.errors import Invalid, NotFound
from deadair.domain.handling import Handling
from deadair.domain.holding import Window
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Ending, Status
from deadair.domain.timeline import Fact, Source
from deadair.usecases.merge import merge
from deadair.usecases.open_by_hand import Opened, open_by_hand
from deadair.usecases.resolve import resolve
from deadair.usecases.undo import undo
from deadair.usecases.verify_consent import verify_consent
from deadair.usecases.verify_ledger import Queues, verify_ledger
from infra.target import Target
from tests.builders import ANA, FALLBACK, an_actor, at
from tests.faults.rows import rows_of
from tests.rooms.intake_room import Intake
from tests.stack import a_table_like
from tests.unit.escalating import a_world, on_time

pytestmark = pytest.mark.stack
SLUGS = [f"feed-{number:03}" for number in range(30)]
CONSENT = "opt-outs"


class Room(Intake):
    """The intake, and a registry of many rows of Ana's; each is used once."""

    def __init__(self, stack: Target) -> None:
        super().__init__(stack, a_table_like(stack, "IncidentsTable"))
        rows = {slug: {"severity": "SEV3"} for slug in SLUGS}
        consent = {CONSENT: {"data_classes": ["consent"], "severity": "SEV2"}}
        self.registry: RegistryStore = rows_of(stack, rows | consent)
        self.fresh = iter(SLUGS)

    def open(self, slug: str, minute: float = 0, text: str = "It is down.", severity: Severity | None = None) -> Opened:
        rows = self.registry.rows()
        return open_by_hand(self.store, rows, slug, an_actor(), severity, text, now=at(minute), fallback=FALLBACK)

    def speaks(self, slug: str, state: str = "ALARM", minutes: float = 0, kind: str = "silence") -> dict[str, str]:
        record = self.record(self.event(state, minutes, name=f"{slug}-{kind}"))
        assert self.consumer().consume([record], at(minutes)) == []
        return self.outcome(record["messageId"])


@pytest.fixture(scope="module")
def room(stack: Target) -> Room:
    return Room(stack)


@pytest.fixture
def slug(room: Room) -> str:
    return next(room.fresh)


def test_it_is_of_its_row_s_owner_detected_when_it_was_said_by_whom_it_was_said(room: Room, slug: str) -> None:
    made = room.open(slug, 5, "No leads   since <noon>")
    incident, (entry,) = made.incident, room.store.timeline(made.incident.number)

    assert (made.opened, incident.status, incident.owner, incident.severity) == (
        True,
        Status.OPEN,
        ANA,
        Severity.SEV3,
    )
    assert (incident.detected_at, incident.started_at, incident.pending_since) == (at(5), at(5), at(5))
    assert (incident.failure_class, incident.by_hand.by if incident.by_hand else "") == (
        FailureClass.UNKNOWN,
        "Ana Lima",
    )
    assert incident.title.endswith(": No leads since <noon>")
    assert (entry.fact, entry.author, entry.source) == (Fact.OPENED, "Ana Lima", Source.SLACK)
    assert room.store.get(incident.number) == incident


def test_what_is_open_already_is_returned_and_nothing_is_opened(room: Room, slug: str) -> None:
    first = room.open(slug)
    second = room.open(slug, 1)

    assert (second.opened, second.incident) == (False, first.incident)
    room.speaks(alarmed := next(room.fresh))
    assert room.open(alarmed, 1).opened is False


def test_an_alarm_that_rings_later_joins_it_and_says_what_it_is(room: Room, slug: str) -> None:
    incident = room.open(slug, 5).incident
    outcome = room.speaks(slug, "ALARM", 7)

    now = room.store.get(incident.number)
    assert (outcome["outcome"], outcome["incident"]) == ("appended", incident.id)
    assert (now.detected_at, now.title) == (at(5), f"{incident.integration_name}: silence")
    room.speaks(slug, "ALARM", 3, kind="errors")
    assert room.store.get(incident.number).detected_at == at(3)
    room.speaks(slug, "OK", 8)
    room.speaks(slug, "OK", 9, kind="errors")
    assert room.store.get(incident.number).recovered_at == at(9)
    assert verify_ledger(room.dynamodb, room.table, Queues(None)).balances


def test_it_is_never_recovered_by_itself_while_no_alarm_spoke(room: Room, slug: str) -> None:
    incident = room.open(slug).incident
    assert room.speaks(slug, "OK", 2)["outcome"] == "ignored"

    quickly = a_world(incident, handling=Handling(resolves_itself_after_min=5))
    later, said = on_time(room.store.get(incident.number), quickly, until=3 * 1440)
    assert (later.recovered_at, later.is_open) == (None, True)
    assert said
    assert {entry.fact for entry in said} <= {Fact.ESCALATED, Fact.UNREACHABLE, Fact.ASKED}


def test_an_alarm_after_its_end_goes_on_with_it_as_with_any_other(room: Room, slug: str) -> None:
    incident = room.open(slug).incident
    resolve(room.store, incident.number, an_actor(), "Restarted.", now=at(10))

    assert room.speaks(slug, "ALARM", 20)["incident"] == incident.id
    assert room.store.get(incident.number).reopened == 1


def test_the_next_one_by_hand_begins_anew_and_the_line_remembers_the_first(room: Room, slug: str) -> None:
    first = room.open(slug).incident
    room.speaks(slug, "ALARM", 1)
    resolve(room.store, first.number, an_actor(), now=at(10))
    second = room.open(slug, 50)

    assert second.opened
    assert room.speaks(slug, "ALARM", 9, kind="late")["incident"] == first.id
    assert room.speaks(slug, "ALARM", 55)["incident"] == second.incident.id


def test_two_people_at_once_open_one(room: Room) -> None:
    ready = Barrier(2)

    def opens(slug: str) -> Opened:
        ready.wait()
        return room.open(slug)

    with ThreadPoolExecutor(2) as pool:
        for _ in range(6):
            one, other = pool.map(opens, [next(room.fresh)] * 2)
            assert one.incident.number == other.incident.number
            assert {one.opened, other.opened} == {True, False}


def test_a_person_and_an_alarm_at_once_open_one(room: Room) -> None:
    ready = Barrier(2)

    def by_hand(slug: str) -> int:
        ready.wait()
        return room.open(slug, 1).incident.number

    def by_alarm(slug: str) -> int:
        ready.wait()
        return int(room.speaks(slug, "ALARM", 1)["incident"].removeprefix("INC-"))

    with ThreadPoolExecutor(2) as pool:
        for _ in range(4):
            slug = next(room.fresh)
            found = pool.submit(by_hand, slug), pool.submit(by_alarm, slug)
            assert found[0].result() == found[1].result()
            assert len(room.store.of_integration(slug)) == 1
    assert verify_ledger(room.dynamodb, room.table, Queues(None)).balances


def test_where_consent_is_at_risk_it_stays_grave_and_says_what_was_asked_for(room: Room) -> None:
    made = room.open(CONSENT, severity=Severity.SEV4)

    assert made.incident.severity is Severity.SEV2
    (entry,) = room.store.timeline(made.incident.number)
    assert "SEV4 was asked for; it is about consent, and stays at SEV2." in entry.text
    assert verify_consent(room.dynamodb, room.table).whole


def test_what_belongs_to_no_integration_is_the_fallback_person_s_and_says_so(room: Room) -> None:
    made = room.open("", text="The weekly mail is empty").incident

    assert (made.owner, made.title) == (FALLBACK, "No integration: The weekly mail is empty")
    assert "no integration of the registry" in made.owner_note
    assert room.open("", 1, "The weekly mail is empty").opened is False
    assert room.open("", 1, "Something else").opened is True
    with pytest.raises(Invalid):
        room.open("", text="  ")
    with pytest.raises(NotFound):
        room.open("nobody-knows")


def test_planned_maintenance_holds_its_notices_as_those_of_any_other(room: Room, slug: str) -> None:
    window = Window("MW-1", at(-10), at(60), "They move.", "Ben")
    MaintenanceStore(room.dynamodb, room.table).change(slug, lambda known: (*known, window), at(0))

    held = room.open(slug).incident.maintenance
    assert (held.why, held.until) == ("They move.", at(60)) if held else None


def test_two_that_were_opened_by_hand_are_merged(room: Room, slug: str) -> None:
    one, other = room.open(slug).incident, room.open(next(room.fresh)).incident
    merge(room.store, one.number, other.number, an_actor(), now=at(2))

    assert room.store.get(one.number).merged_into == other.number
    assert room.open(slug, 3).incident.number == other.number


def test_what_was_opened_by_mistake_is_a_false_alarm_unless_an_alarm_says_so_too(room: Room, slug: str) -> None:
    incident = room.open(slug).incident
    undone = undo(room.store, incident.number, an_actor(), now=at(1))

    assert (undone.incident.ending, undone.incident.fix) == (Ending.FALSE_ALARM, "Opened by mistake.")
    assert undo(room.store, incident.number, an_actor(), now=at(2)).incident.is_open
    room.speaks(slug, "ALARM", 3)
    opening = next(e for e in room.store.entries(incident.number) if e.fact is Fact.OPENED)
    with pytest.raises(Exception, match="An alarm has said so, too"):
        undo(room.store, incident.number, an_actor(), entry=opening.id, now=at(4))
