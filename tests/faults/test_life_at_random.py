"""Claims about an integration's whole life: alarms and people at random, against a small model without code of ours.

The model remembers for each incident which news it was given and whether it is over; everything else must follow.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.errors import Refusal
from deadair.domain.incident import Incident
from deadair.domain.stages import Status
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.false_alarm import false_alarm
from deadair.usecases.merge import merge
from deadair.usecases.mitigate import mitigate
from deadair.usecases.note import note
from deadair.usecases.reopen import reopen
from deadair.usecases.resolve import resolve
from deadair.usecases.split import split
from deadair.usecases.verify_ledger import Queues, verify_ledger
from infra.target import Target
from tests.builders import an_actor, an_event_body, at
from tests.faults.rows import SLUGS, two_rows
from tests.rooms.intake_room import Intake
from tests.stack import a_table_like

pytestmark = pytest.mark.stack

PRECEDENCE = ("INSUFFICIENT_DATA", "OK", "ALARM")
REOPENED_WITHIN = timedelta(minutes=30)
KINDS = ("silence", "error-rate", "latency")
News = tuple[str, str, datetime]


@dataclass
class Model:
    """What was given to an incident, and when it ended."""

    news: set[News] = field(default_factory=set)
    ended_at: datetime | None = None
    merged: bool = False


class Life(RuleBasedStateMachine):
    """Two integrations, their alarms and their people."""

    stack: Target
    rows: RegistryStore

    @initialize()
    def begin(self) -> None:
        self.room = Intake(self.stack, a_table_like(self.stack, "IncidentsTable"))
        self.now = at(600)
        self.sent: dict[str, News] = {}
        self.models: dict[int, Model] = {}
        self.told: dict[int, dict[str, str]] = {}

    @rule(
        slug=st.sampled_from(SLUGS),
        kind=st.sampled_from(KINDS),
        state=st.sampled_from(["ALARM", "ALARM", "ALARM", "OK", "OK", "INSUFFICIENT_DATA"]),
        late=st.sampled_from([0, 0, 0, 2, 20, 90]),
    )
    def an_alarm_speaks(self, slug: str, kind: str, state: str, late: float) -> None:
        news = (f"{slug}-{kind}", state, self.now - timedelta(minutes=late))
        body = an_event_body(*news)
        if body in self.sent:
            return
        open_before = [i.number for i in self.heads(slug) if i.is_open]
        before = {number: model.ended_at for number, model in self.models.items()}
        outcome = self.deliver(body)
        self.sent[body] = news
        if outcome["outcome"] == "ignored":
            assert state != "ALARM"
            return
        number = int(outcome["incident"].removeprefix("INC-"))
        self.belongs(news, number, outcome["outcome"], open_before, before)
        self.models.setdefault(number, Model()).news.add(news)
        self.adopted(slug)

    def belongs(
        self, news: News, number: int, outcome: str, open_before: list[int], before: dict[int, datetime | None]
    ) -> None:
        _, state, when = news
        if outcome == "opened":
            assert state == "ALARM"
            assert not [one for one in open_before if not self.room.store.get(one).split_from]
            return
        ended = before[number]
        if ended is not None and when > ended and state == "ALARM":
            assert when <= ended + REOPENED_WITHIN
            self.models[number].ended_at = None

    def adopted(self, slug: str) -> None:
        """What had come early is on a timeline now."""
        for incident in self.heads(slug):
            for entry in self.room.store.timeline(incident.number):
                if "state" in entry.details and incident.merged_into is None:
                    news = (entry.details["alarm"], entry.details["state"], entry.occurred_at)
                    if not any(news in model.news for model in self.models.values()):
                        self.models[incident.number].news.add(news)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def the_queue_delivers_again(self, data: st.DataObject) -> None:
        before = [head for slug in SLUGS for head in self.heads(slug)]
        self.deliver(data.draw(st.sampled_from(sorted(self.sent))))
        assert [head for slug in SLUGS for head in self.heads(slug)] == before

    @rule(minutes=st.sampled_from([1, 10, 31, 200]))
    def time_passes(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.models)
    @rule(data=st.data(), step=st.sampled_from(["acknowledge", "note", "mitigate", "resolve", "false alarm", "reopen"]))
    def somebody_takes_a_step(self, data: st.DataObject, step: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.models)))
        store, who, now = self.room.store, an_actor(), self.now
        steps: dict[str, Callable[[], Incident]] = {
            "acknowledge": lambda: acknowledge(store, number, who, now=now),
            "note": lambda: note(store, number, who, "I look.", now=now),
            "mitigate": lambda: mitigate(store, number, who, now=now),
            "resolve": lambda: resolve(store, number, who, now=now),
            "false alarm": lambda: false_alarm(store, number, who, "A drill of ours.", now=now),
            "reopen": lambda: reopen(store, number, who, now=now),
        }
        before = store.get(number)
        try:
            after = steps[step]()
        except Refusal:
            assert store.get(number) == before
            return
        if step in ("resolve", "false alarm"):
            self.models[number].ended_at = now
        elif step == "reopen":
            self.models[number].ended_at = None
        assert after.version == before.version + 1

    @precondition(lambda self: len(self.models) > 1)
    @rule(data=st.data())
    def somebody_merges(self, data: st.DataObject) -> None:
        one, other = (data.draw(st.sampled_from(sorted(self.models))) for _ in range(2))
        try:
            merge(self.room.store, one, other, an_actor(), now=self.now)
        except Refusal:
            return
        self.models[other].news |= self.models[one].news
        self.models[one].ended_at, self.models[one].merged = self.now, True

    @precondition(lambda self: self.models)
    @rule(data=st.data())
    def somebody_splits(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.models)))
        alarm = data.draw(st.sampled_from(sorted({news[0] for news in self.models[number].news})))
        try:
            new = split(self.room.store, number, [alarm], an_actor(), now=self.now)
        except Refusal:
            return
        gone = {news for news in self.models[number].news if news[0] == alarm}
        self.models[number].news -= gone
        self.models[new.number] = Model(gone)

    def heads(self, slug: str) -> list[Incident]:
        return self.room.store.of_integration(slug)

    def deliver(self, body: str) -> dict[str, str]:
        record = self.room.record(body)
        assert self.room.consumer(registry=self.rows).consume([record], self.now) == []
        return self.room.outcome(record["messageId"])

    @invariant()
    def one_incident_is_open_for_each_integration(self) -> None:
        for slug in SLUGS if self.models else ():
            assert sum(i.is_open and not i.split_from for i in self.heads(slug)) <= 1

    @invariant()
    def each_incident_is_what_its_news_make_of_it(self) -> None:
        for number, model in self.models.items():
            incident = self.room.store.get(number)
            assert incident.is_open == (model.ended_at is None)
            assert incident.resolved_at == model.ended_at
            if not model.merged:
                self.says_what_its_alarms_say(incident, model)
            self.milestones_follow_each_other(incident)

    def says_what_its_alarms_say(self, incident: Incident, model: Model) -> None:
        latest: dict[str, News] = {}
        for news in sorted(model.news, key=lambda one: (one[2], PRECEDENCE.index(one[1]))):
            latest[news[0]] = news
        held = {alarm.name: (alarm.name, alarm.state.value, alarm.at) for alarm in incident.alarms.values()}
        assert held == latest
        over = all(state == "OK" for _, state, _ in latest.values())
        assert incident.recovered_at == (max(when for _, _, when in latest.values()) if over else None)

    def milestones_follow_each_other(self, incident: Incident) -> None:
        assert incident.started_at <= incident.detected_at
        reached = [incident.acknowledged_at, incident.mitigated_at, incident.resolved_at]
        taken = [when for when in reached if when]
        assert taken == sorted(taken)
        assert (incident.status is Status.MITIGATED) <= (incident.mitigated_at is not None)

    @invariant()
    def a_timeline_only_grows(self) -> None:
        for number in self.models:
            lines = {entry.id: entry.text for entry in self.room.store.timeline(number)}
            assert self.told.get(number, {}).items() <= lines.items()
            self.told[number] = lines

    def teardown(self) -> None:
        if not hasattr(self, "room"):
            return
        assert verify_ledger(self.room.dynamodb, self.room.table, Queues(None)).balances
        told = [item for item in self.room.items() if item["sk"].startswith("ENTRY#") and item["source"] == "alarm"]
        places = [(item["data"]["alarm"], item["data"]["state"], item["occurred_at"]) for item in told]
        assert len(places) == len(set(places))
        alarms = {news for news in self.sent.values() if news[1] == "ALARM"}
        assert len(alarms) == sum(state == "ALARM" for _, state, _ in places)


def test_n2_n3_whatever_alarms_and_people_do_each_incident_is_what_its_news_and_steps_make_of_it(stack: Target) -> None:
    Life.stack, Life.rows = stack, two_rows(stack)
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=6,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
