"""Claims about taking a step back: who may, how long, what stays, and what is said where it cannot be."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore, incident_writes
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.alarm import AlarmState
from deadair.domain.errors import IllegalTransition, NotAllowed, NotFound, Refusal
from deadair.domain.grouping import MOST_SPLIT
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.severity import Severity
from deadair.domain.stages import Status
from deadair.domain.timeline import Actor, Fact, Source
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.answer_postmortem import answer_postmortem
from deadair.usecases.approve_postmortem import approve_postmortem
from deadair.usecases.assign import assign
from deadair.usecases.draft_postmortem import draft_postmortem
from deadair.usecases.merge import merge
from deadair.usecases.note import note
from deadair.usecases.publish_postmortem import publish_postmortem
from deadair.usecases.reopen import reopen
from deadair.usecases.resolve import resolve
from deadair.usecases.set_severity import set_severity
from deadair.usecases.split import split
from deadair.usecases.undo import undo
from deadair.usecases.verify_consent import verify_consent
from infra.target import Target
from tests.builders import ANA, BEN, an_actor, an_alarm, at
from tests.faults.rows import rows_of
from tests.rooms.intake_room import Intake
from tests.stack import a_table_like
from tests.unit.escalating import a_world, on_time, told

pytestmark = pytest.mark.stack
SLUGS = [f"feed-{number:03}" for number in range(60)]
QUESTIONS = ("what_broke", "when_started", "how_detected", "what_fixed", "what_earlier")


class Room(Intake):
    """The intake with a registry of many rows of Ana's, whose deputy is Ben; each is used once."""

    def __init__(self, stack: Target) -> None:
        super().__init__(stack, a_table_like(stack, "IncidentsTable"))
        self.registry: RegistryStore = rows_of(
            stack, {slug: {"data_classes": ["consent"], "severity": "SEV2"} for slug in SLUGS}
        )
        self.fresh = iter(SLUGS)
        self.slug = ""

    def opened(self, *kinds: str) -> Incident:
        self.slug = next(self.fresh)
        for kind in kinds or ("silence",):
            self.speaks(kind)
        return self.store.of_integration(self.slug)[0]

    def speaks(self, kind: str, state: str = "ALARM", minutes: float = 0, slug: str = "") -> None:
        record = self.record(self.event(state, minutes, name=f"{slug or self.slug}-{kind}"))
        assert self.consumer().consume([record], at(minutes)) == []


@pytest.fixture(scope="module")
def room(stack: Target) -> Room:
    return Room(stack)


def ben(incident: Incident) -> Actor:
    return an_actor(BEN, stands_in_for=incident.integration)


def refusal(store: IncidentStore, number: int, actor: Actor, now: datetime, entry: str = "") -> Refusal:
    """Why it is not taken back; nothing changed."""
    before = store.get(number)
    with pytest.raises(Refusal) as refused:
        undo(store, number, actor, entry=entry, now=now)
    assert store.get(number) == before
    return refused.value


def last(store: IncidentStore, number: int) -> str:
    return store.timeline(number)[-1].id


def test_the_timeline_shows_that_it_was_taken_back_and_not_what_was(room: Room) -> None:
    incident, store = room.opened(), room.store
    acknowledge(store, incident.number, an_actor(), now=at(1))
    undone = undo(store, incident.number, an_actor(), now=at(2))

    shown, all_of_it = store.timeline(incident.number), store.entries(incident.number)
    assert (undone.text, shown[-1].text, shown[-1].id) == (*["Taken back: Acknowledged."] * 2, undone.entry)
    assert [entry.fact for entry in shown] == [Fact.OPENED, Fact.UNDONE]
    assert len(all_of_it) == 3
    again = undo(store, incident.number, an_actor(), now=at(3))
    assert again.text == "Done again: Acknowledged."
    assert [entry.fact for entry in store.timeline(incident.number)] == [Fact.OPENED, Fact.ACKNOWLEDGED, Fact.UNDONE]
    undo(store, incident.number, an_actor(), now=at(4))
    assert [entry.fact for entry in store.timeline(incident.number)] == [Fact.OPENED, Fact.UNDONE]
    assert verify_consent(room.dynamodb, room.table).whole


def test_ones_own_last_step_is_taken_back_not_that_of_somebody_else(room: Room) -> None:
    incident, store = room.opened(), room.store
    acknowledge(store, incident.number, an_actor(), now=at(1))
    note(store, incident.number, ben(incident), "I look at the vendor.", now=at(2))
    undo(store, incident.number, an_actor(), now=at(3))

    assert store.get(incident.number).status is Status.OPEN
    assert "I look at the vendor." in [entry.text for entry in store.timeline(incident.number)]


def test_who_may_work_on_it_takes_back_what_somebody_else_did_and_it_says_whose_it_was(room: Room) -> None:
    incident, store = room.opened(), room.store
    acknowledge(store, incident.number, an_actor(), now=at(1))
    entry = last(store, incident.number)
    stranger = an_actor(Person("Cleo Marsh", "cleo@example.com"))

    assert isinstance(refusal(store, incident.number, stranger, at(2), entry), NotAllowed)
    undone = undo(store, incident.number, ben(incident), entry=entry, now=at(3))
    assert undone.text == "Taken back, what Ana Lima did: Acknowledged."


def test_a_stranger_takes_back_their_own_note(room: Room) -> None:
    incident, store = room.opened(), room.store
    stranger = an_actor(Person("Cleo Marsh", "cleo@example.com"))
    note(store, incident.number, stranger, "Wrong channel.", now=at(1))
    undo(store, incident.number, stranger, now=at(2))

    assert "Wrong channel." not in [entry.text for entry in store.timeline(incident.number)]


def test_what_somebody_changed_since_is_not_taken_back_and_it_says_who(room: Room) -> None:
    incident, store = room.opened(), room.store
    acknowledge(store, incident.number, an_actor(), now=at(1))
    resolve(store, incident.number, ben(incident), "Rotated the key.", now=at(2))

    said = refusal(store, incident.number, an_actor(), at(3))
    assert "Ben Okafor changed that since, at 12:02 UTC: Resolved: Rotated the key." in said.message
    assert isinstance(said, IllegalTransition)


def test_what_an_alarm_changed_since_is_not_taken_back_and_it_says_so(room: Room) -> None:
    incident, store = room.opened(), room.store
    resolve(store, incident.number, an_actor(), "Rotated.", now=at(2))
    room.speaks("silence", "ALARM", 5)

    assert store.get(incident.number).is_open
    assert "CloudWatch changed that since" in refusal(store, incident.number, an_actor(), at(6)).message


def test_what_is_taken_back_is_not_taken_back_again_by_the_same_button(room: Room) -> None:
    incident, store = room.opened(), room.store
    acknowledge(store, incident.number, an_actor(), now=at(1))
    entry = last(store, incident.number)
    undo(store, incident.number, an_actor(), entry=entry, now=at(2))

    said = refusal(store, incident.number, an_actor(), at(3), entry)
    assert said.message == "That is taken back already, by Ana Lima at 12:02 UTC."


def test_after_a_day_nothing_is_taken_back(room: Room) -> None:
    incident, store = room.opened(), room.store
    acknowledge(store, incident.number, an_actor(), now=at(1))
    entry, later = last(store, incident.number), at(1) + timedelta(hours=24)

    assert "more than a day ago" in refusal(store, incident.number, an_actor(), later, entry).message
    assert isinstance(refusal(store, incident.number, an_actor(), later), NotFound)
    undo(store, incident.number, an_actor(), now=later - timedelta(seconds=1))


def test_what_alarms_and_deadair_say_is_no_step_of_a_person(room: Room) -> None:
    incident, store = room.opened(), room.store
    (opening,) = store.timeline(incident.number)

    assert "no step of a person" in refusal(store, incident.number, an_actor(), at(1), opening.id).message
    assert "has no such step" in refusal(store, incident.number, an_actor(), at(1), "nonsense").message


def test_what_alarms_said_between_a_merge_and_its_taking_back_is_where_they_are_then(room: Room) -> None:
    one, store = room.opened("silence"), room.store
    source, other = room.slug, room.opened("silence", "errors")
    before = store.get(one.number), store.get(other.number)
    merge(store, one.number, other.number, an_actor(), now=at(1))
    room.speaks("silence", "OK", 2, slug=source)
    room.speaks("latency", "ALARM", 3)
    undo(store, other.number, an_actor(), now=at(4))

    back, together = store.get(one.number), store.get(other.number)
    assert (back.status, back.merged_into) == (before[0].status, None)
    assert [(alarm.state, alarm.at) for alarm in back.alarms.values()] == [(AlarmState.OK, at(2))]
    assert back.recovered_at == at(2)
    assert {alarm.name.rpartition("-")[2] for alarm in together.alarms.values()} == {"silence", "errors", "latency"}
    assert not any(alarm.name.startswith(source) for alarm in together.alarms.values())
    room.speaks("silence", "ALARM", 5, slug=source)
    assert not store.get(one.number).recovered_at
    assert verify_consent(room.dynamodb, room.table).whole


def test_what_was_split_off_by_mistake_goes_on_as_the_first_with_all_that_its_alarms_said(room: Room) -> None:
    incident, store = room.opened("silence", "errors"), room.store
    new = split(store, incident.number, [f"{room.slug}-errors"], an_actor(), now=at(1))
    room.speaks("errors", "OK", 2)
    undo(store, incident.number, an_actor(), now=at(3))

    back = store.get(incident.number)
    assert {alarm.name.rpartition("-")[2]: alarm.state for alarm in back.alarms.values()} == {
        "silence": AlarmState.ALARM,
        "errors": AlarmState.OK,
    }
    assert store.get(new.number).merged_into == incident.number
    room.speaks("errors", "ALARM", 4)
    assert [alarm.state for alarm in store.get(incident.number).alarms.values()] == [AlarmState.ALARM] * 2


def test_what_was_resolved_is_not_open_again_beside_another_incident_of_its_integration(room: Room) -> None:
    incident, store = room.opened(), room.store
    resolve(store, incident.number, an_actor(), now=at(1))
    room.speaks("silence", "ALARM", 90)

    newer = store.of_integration(room.slug)[0]
    assert newer.number != incident.number
    assert f"{newer.id} is open" in refusal(store, incident.number, an_actor(), at(91)).message
    resolve(store, newer.number, an_actor(), now=at(92))
    undo(store, incident.number, an_actor(), entry=last(store, incident.number), now=at(93))
    room.speaks("silence", "OK", 94)
    assert store.get(incident.number).recovered_at == at(94)


def test_a_reopening_that_is_taken_back_leaves_the_line_to_the_incident_that_had_it(room: Room) -> None:
    first, store = room.opened(), room.store
    resolve(store, first.number, an_actor(), now=at(1))
    room.speaks("silence", "ALARM", 90)
    newer = store.of_integration(room.slug)[0]
    resolve(store, newer.number, an_actor(), now=at(92))
    reopen(store, first.number, an_actor(), "It was that one.", now=at(93))
    undo(store, first.number, an_actor(), now=at(94))

    assert not store.get(first.number).is_open
    room.speaks("silence", "ALARM", 96)
    assert store.get(newer.number).is_open


def test_a_severity_under_consent_goes_back_to_what_it_was_and_the_log_has_both(room: Room) -> None:
    incident, store = room.opened(), room.store
    set_severity(store, incident.number, an_actor(), Severity.SEV1, "A launch.", now=at(1))
    undo(store, incident.number, an_actor(), now=at(2))

    assert store.get(incident.number).severity is Severity.SEV2
    assert verify_consent(room.dynamodb, room.table).whole


def test_a_handing_over_that_is_taken_back_lets_the_first_owner_s_time_go_on(room: Room) -> None:
    incident, store = room.opened(), room.store
    assign(store, incident.number, an_actor(), BEN, now=at(5))
    assert store.get(incident.number).pending_since == at(5)
    undo(store, incident.number, an_actor(), now=at(6))

    back = store.get(incident.number)
    assert (back.owner, back.pending_since) == (incident.owner, incident.pending_since)


def test_after_an_acknowledgement_is_taken_back_the_clock_goes_on_as_if_nobody_had_had_it(room: Room) -> None:
    incident, store = room.opened(), room.store
    world = a_world(incident)
    alone, said = on_time(incident, world, until=500)
    acknowledge(store, incident.number, an_actor(), now=at(2))
    undo(store, incident.number, an_actor(), now=at(3))
    back, again = on_time(store.get(incident.number), world, until=500, begin=3)

    assert told(back) == told(alone)
    assert [(entry.fact, entry.occurred_at) for entry in again] == [(entry.fact, entry.occurred_at) for entry in said]


def test_answers_of_a_postmortem_are_taken_back_and_what_is_published_is_not(room: Room) -> None:
    incident, store = room.opened(), room.store
    resolve(store, incident.number, an_actor(), "Rotated.", now=at(1))
    draft_postmortem(store, incident.number, now=at(2))
    answer_postmortem(store, incident.number, an_actor(), {"what_broke": "The key."}, now=at(3))
    answer_postmortem(store, incident.number, an_actor(), {"what_broke": "All of it."}, now=at(4))
    undo(store, incident.number, an_actor(), now=at(5))

    assert store.postmortem(incident.number).answers == {"what_broke": "The key."}  # type: ignore[union-attr]
    answer_postmortem(store, incident.number, an_actor(), dict.fromkeys(QUESTIONS, "Said."), now=at(6))
    answered = last(store, incident.number)
    approve_postmortem(store, incident.number, an_actor(BEN), now=at(6))
    publish_postmortem(store, incident.number, an_actor(), now=at(7))
    for entry in ("", answered):
        assert "Publishing cannot be taken back" in refusal(store, incident.number, an_actor(), at(8), entry).message
    assert verify_consent(room.dynamodb, room.table).whole


def test_answers_that_somebody_changed_since_stay(room: Room) -> None:
    incident, store = room.opened(), room.store
    resolve(store, incident.number, an_actor(), "Rotated.", now=at(1))
    draft_postmortem(store, incident.number, now=at(2))
    answer_postmortem(store, incident.number, an_actor(), {"what_broke": "The key."}, now=at(3))
    answer_postmortem(store, incident.number, ben(incident), {"what_broke": "The seat."}, now=at(4))

    said = refusal(store, incident.number, an_actor(), at(5)).message
    assert "Ben Okafor changed that since, at 12:04 UTC: Postmortem answered" in said


def test_an_incident_that_is_open_again_keeps_its_draft_and_shows_no_fix_in_it(room: Room) -> None:
    incident, store = room.opened(), room.store
    resolve(store, incident.number, an_actor(), "Rotated.", now=at(1))
    draft_postmortem(store, incident.number, now=at(2))
    undo(store, incident.number, an_actor(), now=at(3))
    draft_postmortem(store, incident.number, now=at(4))

    assert store.get(incident.number).ending is None
    assert "what_fixed" not in store.postmortem(incident.number).suggested  # type: ignore[union-attr]


def test_a_step_through_any_door_is_kept_and_one_of_deadair_s_own_is_not(room: Room) -> None:
    incident, store = room.opened(), room.store
    for minute, source in enumerate((Source.SLACK, Source.WEB, Source.CLI), 1):
        note(store, incident.number, an_actor(ANA, source), f"By {source}.", now=at(minute))
    note(store, incident.number, an_actor(ANA, Source.SYSTEM), "By itself.", now=at(9))

    kept = [item for item in room.items() if item["pk"] == f"INC#{incident.number}" and item["sk"].startswith("STEP#")]
    assert [item["said"] for item in kept] == ["By slack.", "By web.", "By cli."]
    assert {item["expires_at"] - int(datetime.fromisoformat(item["at"]).timestamp()) for item in kept} == {86400}
    assert not any("fact" in item for item in kept)


class Measuring:
    """A client that tells how many items the largest of its transactions had."""

    def __init__(self, client: Any) -> None:
        self.client, self.most = client, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def transact_write_items(self, **request: Any) -> Any:
        self.most = max(self.most, len(request["TransactItems"]))
        return self.client.transact_write_items(**request)


def test_no_step_and_no_taking_back_comes_near_what_a_transaction_holds(room: Room) -> None:
    incident = room.opened(*(f"kind-{number:02}" for number in range(MOST_SPLIT + 1)))
    client = Measuring(room.dynamodb)
    store, number = IncidentStore(client, room.table), incident.number
    acknowledge(store, number, an_actor(), now=at(1))
    assert client.most == 4  # state, entry, log of consent, step
    split(store, number, [f"{room.slug}-kind-{one:02}" for one in range(MOST_SPLIT)], an_actor(), now=at(2))
    undo(store, number, an_actor(), now=at(3))

    assert client.most < 60


def test_a_merge_of_hundreds_of_alarms_with_long_names_fits_into_an_item_and_is_taken_back(room: Room) -> None:
    one, store = room.opened(), room.store
    other = replace(room.opened(), alarms={})
    for number in range(390):
        other = other.with_transition(an_alarm(name=f"{number:03}-{'x' * 180}"))
    saved, writes = incident_writes(room.table, other, other.version, [])
    store.commit([*writes[:1]], other.id)
    merge(store, saved.number, one.number, an_actor(), now=at(1))

    items = [item for item in room.items() if item["sk"].startswith("STEP#") and str(other.number) in item["entries"]]
    assert [item.get("large", False) for item in items] == [False] * 2
    undo(store, other.number, an_actor(), now=at(2))
    assert len(store.get(other.number).alarms) == len(other.alarms) > 300
    assert len(store.get(one.number).alarms) == 1
