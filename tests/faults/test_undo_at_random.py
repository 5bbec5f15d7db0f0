"""Claims about taking steps back among whatever alarms do: once leaves what was before, twice what was after."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.errors import IllegalTransition, Refusal
from deadair.domain.incident import NOT_LOGGED, Incident
from deadair.domain.ownership import Person
from deadair.domain.rights import Rights
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Milestone
from deadair.domain.timeline import Actor
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.add_link import add_link
from deadair.usecases.assign import assign
from deadair.usecases.false_alarm import false_alarm
from deadair.usecases.merge import merge
from deadair.usecases.mitigate import mitigate
from deadair.usecases.name_cause import name_cause
from deadair.usecases.note import note
from deadair.usecases.note_change import note_change
from deadair.usecases.reopen import reopen
from deadair.usecases.resolve import resolve
from deadair.usecases.say_affected import say_affected
from deadair.usecases.set_milestone import set_milestone
from deadair.usecases.set_severity import set_severity
from deadair.usecases.snooze import end_snooze, snooze
from deadair.usecases.split import split
from deadair.usecases.tick import tick
from deadair.usecases.undo import undo
from deadair.usecases.verify_consent import verify_consent
from deadair.usecases.verify_ledger import Queues, verify_ledger
from infra.target import Target
from tests.builders import ANA, BEN, an_actor, an_event_body, at
from tests.faults.rows import SLUGS, two_rows
from tests.rooms.intake_room import Intake
from tests.stack import a_table_like

pytestmark = pytest.mark.stack

KINDS = ("silence", "error-rate", "latency")
RIGHTS = Rights(stands_in_for=frozenset(SLUGS))
WHO = (replace(an_actor(ANA), rights=RIGHTS), replace(an_actor(BEN), rights=RIGHTS))


STATES = st.sampled_from(["ALARM", "ALARM", "ALARM", "OK"])


def said(incident: Incident) -> Incident:
    """Everything but what counts writes, and when somebody last said something."""
    return replace(incident, version=0, touched_at=None, consent_log=NOT_LOGGED)


def of_people(incident: Incident) -> dict[str, str]:
    """What only people change."""
    names = ("owner", "cause", "severity_set", "status", "acknowledged_by", "resolved_by", "fix", "ending")
    more = ("merged_into", "milestones", "checks", "snooze", "affected", "links")
    return {name: repr(getattr(incident, name)) for name in names + more}


class Steps(RuleBasedStateMachine):
    """Two integrations, their alarms and two people."""

    stack: Target
    rows: RegistryStore

    @initialize()
    def begin(self) -> None:
        self.room = Intake(self.stack, a_table_like(self.stack, "IncidentsTable"))
        self.store, self.now = self.room.store, at(600)
        self.spoken: dict[str, tuple[str, datetime]] = {}
        self.alarm_speaks(SLUGS[0], KINDS[0], "ALARM")

    def everything(self) -> dict[int, Incident]:
        return {one.number: one for slug in SLUGS for one in self.store.of_integration(slug)}

    def alarm_speaks(self, slug: str, kind: str, state: str) -> None:
        record = self.room.record(an_event_body(f"{slug}-{kind}", state, self.now))
        assert self.room.consumer(registry=self.rows).consume([record], self.now) == []
        outcome = self.room.outcome(record["messageId"])
        if outcome["outcome"] != "ignored":
            self.spoken[f"{slug}-{kind}"] = (state, self.now)

    @rule(slug=st.sampled_from(SLUGS), kind=st.sampled_from(KINDS), state=STATES)
    def an_alarm_speaks(self, slug: str, kind: str, state: str) -> None:
        self.now += timedelta(minutes=1)
        self.alarm_speaks(slug, kind, state)

    @rule(data=st.data(), who=st.sampled_from(WHO), way=st.sampled_from(["stays", "back", "again", "later", "later"]))
    def somebody_takes_a_step(self, data: st.DataObject, who: Actor, way: str) -> None:
        self.now += timedelta(minutes=1)
        before = self.everything()
        number = data.draw(st.sampled_from(sorted(before)))
        named = data.draw(st.sampled_from(sorted(self.steps(before[number], who))))
        try:
            self.steps(before[number], who)[named]()
        except Refusal:
            assert self.everything() == before
            return
        after = self.everything()
        if after[number] != before[number] and way == "later":
            self.back_among_alarms(data, number, who, before, after)
        elif after[number] != before[number] and way != "stays":
            self.back_and_again(number, who, before, after, again=way == "again")

    def steps(self, one: Incident, who: Actor) -> dict[str, Callable[[], object]]:
        store, number, now = self.store, one.number, self.now
        other = next((i.number for i in self.everything().values() if i.number != number), 0)
        alarms = sorted(alarm.name for alarm in one.alarms.values())[:1]
        changes = ChangeStore(store.client, store.table)
        return {
            "ack": lambda: acknowledge(store, number, who, now=now),
            "note": lambda: note(store, number, who, "I look.", now=now),
            "mitigate": lambda: mitigate(store, number, who, "Stopped.", now=now),
            "resolve": lambda: resolve(store, number, who, "Rotated.", now=now),
            "reopen": lambda: reopen(store, number, who, "Not over.", now=now),
            "false alarm": lambda: false_alarm(store, number, who, "A drill of ours.", now=now),
            "assign": lambda: assign(store, number, who, Person("Cleo", "cleo@example.com"), now=now),
            "severity": lambda: set_severity(store, number, who, Severity.SEV1, "A launch.", now=now),
            "cause": lambda: name_cause(store, number, who, FailureClass.AUTH, now=now),
            "check": lambda: tick(store, number, who, "auth.credential", now=now),
            "snooze": lambda: snooze(store, number, who, now + timedelta(hours=1), "Lunch.", now=now),
            "unsnooze": lambda: end_snooze(store, number, who, now=now),
            "milestone": lambda: set_milestone(store, number, who, Milestone.STARTED, at(590), "Logs.", now=now),
            "affected": lambda: say_affected(store, number, who, f"{now.minute} contacts", now=now),
            "link": lambda: add_link(store, number, who, f"https://t.example/{now.minute}", now=now),
            "change": lambda: note_change(changes, store, number, who, "Deployed 4.2", now=now),
            "merge": lambda: merge(store, number, other, who, now=now),
            "split": lambda: split(store, number, alarms, who, now=now),
        }

    def back_and_again(
        self, number: int, who: Actor, before: dict[int, Incident], after: dict[int, Incident], *, again: bool
    ) -> None:
        opened = after.keys() - before.keys()
        undo(self.store, number, who, now=self.now + timedelta(seconds=10))
        then = self.everything()
        assert {n: said(one) for n, one in then.items() if n in before} == {n: said(one) for n, one in before.items()}
        assert all(then[n].merged_into == number for n in opened)
        if again:
            undo(self.store, number, who, now=self.now + timedelta(seconds=20))
            assert {n: said(one) for n, one in self.everything().items()} == {n: said(one) for n, one in after.items()}

    def back_among_alarms(
        self, data: st.DataObject, number: int, who: Actor, before: dict[int, Incident], after: dict[int, Incident]
    ) -> None:
        """What the step changed is as before, no other word of people, and alarms are heard. Or it is refused."""
        news = st.tuples(st.sampled_from(SLUGS), st.sampled_from(KINDS), STATES)
        for slug, kind, state in data.draw(st.lists(news, max_size=4)):
            self.an_alarm_speaks(slug, kind, state)
        between = self.everything()
        try:
            undo(self.store, number, who, now=self.now + timedelta(seconds=10))
        except Refusal as refused:
            assert isinstance(refused, IllegalTransition)
            assert self.everything() == between
            return
        then = self.everything()
        changed = of_people(before[number]).items() - of_people(after[number]).items()
        assert of_people(then[number]) == of_people(between[number]) | dict(changed)
        self.nothing_said_is_lost(then)

    def nothing_said_is_lost(self, then: dict[int, Incident]) -> None:
        """The last word of each alarm is on an incident; one that rings, on one that is open or that ended since."""
        for name, (state, when) in self.spoken.items():
            held = [a for one in then.values() for a in one.alarms.values() if a.name == name]
            assert max((alarm.at, alarm.state.value) for alarm in held) == (when, state)

    @invariant()
    def one_incident_is_open_for_each_integration(self) -> None:
        if hasattr(self, "room"):
            for slug in SLUGS:
                found = self.store.of_integration(slug)
                assert sum(one.is_open and not one.split_from for one in found) <= 1

    def teardown(self) -> None:
        if hasattr(self, "room"):
            assert verify_ledger(self.room.dynamodb, self.room.table, Queues(None)).balances
            assert verify_consent(self.room.dynamodb, self.room.table).whole


def test_a_step_taken_back_leaves_what_was_before_and_twice_what_was_after(stack: Target) -> None:
    Steps.stack, Steps.rows = stack, two_rows(stack)
    run_state_machine_as_test(
        Steps,
        settings=settings(
            max_examples=4,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
