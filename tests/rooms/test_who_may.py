"""Every step, taken by every kind of person: who may not changes nothing, and who insists is written down."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.incidents import IncidentStore, entry_item, incident_item
from deadair.adapters.dynamodb.transact import commit, put_new
from deadair.domain.errors import Invalid, NotAllowed
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.domain.rights import Rights
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Milestone
from deadair.domain.timeline import Actor, Entry, Fact, Source
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.add_link import add_link
from deadair.usecases.answer_postmortem import answer_postmortem
from deadair.usecases.assign import assign
from deadair.usecases.false_alarm import false_alarm
from deadair.usecases.merge import merge
from deadair.usecases.mitigate import mitigate
from deadair.usecases.name_cause import name_cause
from deadair.usecases.note import note
from deadair.usecases.note_change import note_change
from deadair.usecases.publish_postmortem import publish_postmortem
from deadair.usecases.reopen import reopen
from deadair.usecases.resolve import resolve
from deadair.usecases.say_affected import say_affected
from deadair.usecases.set_milestone import set_milestone
from deadair.usecases.set_severity import set_severity
from deadair.usecases.snooze import end_snooze, snooze
from deadair.usecases.split import split
from deadair.usecases.tick import tick
from infra.target import Target
from tests.builders import ANA, BEN, an_actor, an_alarm, an_incident, at
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
SLUG = "hubspot-salesforce"
SAM = Person("Sam Stranger", "sam@example.com", "U0SAM")
ZOE = Person("Zoë Okonkwo", "zoe.okonkwo@example.com", "U0ZOE")
STRANGER = an_actor(SAM)
OPERATOR = Actor(Person("cli:root"), Source.CLI)
INSISTS = Actor(ZOE, Source.WEB, Rights(admin=True, override="Ana is on a plane"))


@dataclass
class Room:
    """A table of its own with an incident that every step applies to."""

    store: IncidentStore
    changes: ChangeStore
    number: int = 100

    def incident(self, *, resolved: bool = False) -> int:
        self.number += 2
        incident = an_incident(self.number).with_transition(an_alarm(name="hubspot-salesforce-errors", minutes=2))
        opening = Entry(
            incident.id, "opened", Fact.OPENED, at(1), at(1), "Deadair", Source.ALARM, "Opened.", integration=SLUG
        )
        writes = [
            incident_item(incident),
            incident_item(an_incident(self.number + 1)),
            entry_item(self.number, opening),
        ]
        commit(self.store.client, [put_new(self.store.table, item) for item in writes])
        answers = dict.fromkeys(QUESTIONS, "known")
        self.store.save_postmortem(self.number, None, Postmortem(incident=incident.id, answers=answers))
        if resolved:
            resolve(self.store, self.number, an_actor(), now=at(4))
        return self.number


@pytest.fixture(scope="module")
def room(stack: Target) -> Room:
    table, client = a_table_like(stack, "IncidentsTable"), stack.client("dynamodb")
    return Room(IncidentStore(client, table), ChangeStore(client, table))


def alarm_of(incident: Incident) -> str:
    return min(alarm.name for alarm in incident.alarms.values())


Step = Callable[[Room, int, Actor], Any]
WORK: dict[str, Step] = {
    "acknowledge": lambda r, n, who: acknowledge(r.store, n, who, now=at(5)),
    "mitigate": lambda r, n, who: mitigate(r.store, n, who, now=at(5)),
    "resolve": lambda r, n, who: resolve(r.store, n, who, "a new key", now=at(5)),
    "false alarm": lambda r, n, who: false_alarm(r.store, n, who, "a test", now=at(5)),
    "severity": lambda r, n, who: set_severity(r.store, n, who, Severity.SEV1, "all of it", now=at(5)),
    "cause": lambda r, n, who: name_cause(r.store, n, who, FailureClass.AUTH, now=at(5)),
    "milestone": lambda r, n, who: set_milestone(r.store, n, who, Milestone.STARTED, at(-9), "the log", now=at(5)),
    "snooze": lambda r, n, who: snooze(r.store, n, who, at(60), "lunch", now=at(5)),
    "hand over": lambda r, n, who: assign(r.store, n, who, BEN, now=at(5)),
    "merge": lambda r, n, who: merge(r.store, n, n + 1, who, now=at(5)),
    "split": lambda r, n, who: split(r.store, n, [alarm_of(r.store.get(n))], who, now=at(5)),
}
RESOLVED: dict[str, Step] = {
    "reopen": lambda r, n, who: reopen(r.store, n, who, "again", now=at(5)),
    "publish": lambda r, n, who: publish_postmortem(r.store, n, who, now=at(5)),
}
NOTES: dict[str, Step] = {
    "note": lambda r, n, who: note(r.store, n, who, "seen", now=at(5)),
    "check": lambda r, n, who: tick(r.store, n, who, "auth.user", now=at(5)),
    "affected": lambda r, n, who: say_affected(r.store, n, who, "1200 contacts", now=at(5)),
    "link": lambda r, n, who: add_link(r.store, n, who, "https://status.example/1", now=at(5)),
    "change": lambda r, n, who: note_change(r.changes, r.store, n, who, "a deploy", now=at(5)),
    "answer": lambda r, n, who: answer_postmortem(r.store, n, who, dict.fromkeys(QUESTIONS, "better"), now=at(5)),
}


@pytest.mark.parametrize("name", [*WORK, *RESOLVED])
def test_who_has_nothing_to_do_with_it_cannot_work_on_it_and_changes_nothing(room: Room, name: str) -> None:
    number = room.incident(resolved=name in RESOLVED)
    before, told = room.store.get(number), room.store.timeline(number)
    with pytest.raises(NotAllowed, match="belongs to Ana Lima"):
        (WORK | RESOLVED)[name](room, number, STRANGER)
    assert room.store.get(number) == before
    assert room.store.timeline(number) == told


@pytest.mark.parametrize("name", [*WORK, *RESOLVED])
@pytest.mark.parametrize(
    "who", [an_actor(ANA), an_actor(BEN, stands_in_for=SLUG), OPERATOR], ids=["owner", "deputy", "operator"]
)
def test_owner_deputy_and_operator_work_on_it_without_a_word_of_override(room: Room, name: str, who: Actor) -> None:
    number = room.incident(resolved=name in RESOLVED)
    (WORK | RESOLVED)[name](room, number, who)
    line = room.store.timeline(number)[-1]
    assert (line.author, line.source) == (who.person.name, who.source)
    assert "override" not in line.details
    assert "verride" not in line.text


@pytest.mark.parametrize("name", [*WORK, *RESOLVED])
def test_an_administrator_who_insists_is_named_with_the_reason_on_the_timeline(room: Room, name: str) -> None:
    number = room.incident(resolved=name in RESOLVED)
    (WORK | RESOLVED)[name](room, number, INSISTS)
    line = next(line for line in reversed(room.store.timeline(number)) if line.author == ZOE.name)
    assert line.text.endswith("(Override by an administrator: Ana is on a plane)")
    assert line.details["override"] == "yes"


@pytest.mark.parametrize("name", NOTES)
def test_everybody_says_what_they_know(room: Room, name: str) -> None:
    number = room.incident()
    NOTES[name](room, number, STRANGER)
    assert room.store.timeline(number)[-1].author == SAM.name


def test_who_takes_it_over_says_why_and_may_then_work_on_it(room: Room) -> None:
    number = room.incident()
    with pytest.raises(Invalid) as refused:
        assign(room.store, number, STRANGER, SAM, now=at(5))
    assert (refused.value.message, refused.value.remedy) == ("Say why.", f"assign {number} me why you take it")
    assert assign(room.store, number, STRANGER, SAM, now=at(5), reason="Ana is on a plane").owner == SAM
    assert room.store.timeline(number)[-1].text == "Taken over: Ana is on a plane"
    after = acknowledge(room.store, number, STRANGER, now=at(6))
    assert after.holder == SAM


def test_who_has_it_goes_on_working_after_it_was_handed_over(room: Room) -> None:
    number = room.incident()
    acknowledge(room.store, number, an_actor(), now=at(5))
    assign(room.store, number, an_actor(), BEN, now=at(6), reason="the night shift")
    assert room.store.timeline(number)[-1].text == "Handed to Ben Okafor: the night shift"
    mitigate(room.store, number, an_actor(), now=at(7))
    resolve(room.store, number, an_actor(BEN), now=at(8))


def test_consent_goes_under_sev2_only_when_an_administrator_insists(room: Room) -> None:
    room.number += 2
    number = room.number
    consent = an_incident(number, consent=True, severity=Severity.SEV2)
    commit(room.store.client, [put_new(room.store.table, incident_item(consent))])
    with pytest.raises(Invalid):
        set_severity(room.store, number, an_actor(), Severity.SEV4, "small", override=True, now=at(5))
    set_severity(room.store, number, INSISTS, Severity.SEV4, "small", override=True, now=at(5))
    line = room.store.timeline(number)[-1]
    assert "although it is about consent: small (Override by an administrator: Ana is on a plane)" in line.text
    assert line.details["override"] == "yes"


def test_a_snooze_is_ended_by_whom_it_belongs_to(room: Room) -> None:
    number = room.incident()
    snooze(room.store, number, an_actor(), at(60), "lunch", now=at(5))
    with pytest.raises(NotAllowed):
        end_snooze(room.store, number, STRANGER, now=at(6))
    assert end_snooze(room.store, number, an_actor(), now=at(6)).snooze is None
