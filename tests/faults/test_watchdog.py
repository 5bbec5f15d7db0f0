"""Fault 41: a part of the line is off, and the watchdog notices. Each part is switched off in turn."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alarm_intake.own_alarms import OwnAlarms
from deadair.adapters.cloudwatch.drill import DrillAlarm
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.dynamodb.watchdog import WatchdogStore
from deadair.domain.alarm import AlarmState
from deadair.domain.standing_error import Kind
from deadair.domain.watchdog import EVERY, ROUND, SLUG, STALE
from deadair.usecases.watch_line import LINE, LineWatch
from infra.cli import doctor
from infra.cli.main import main
from infra.local.alarm_rules import State
from infra.local.judging import judged
from infra.target import Target
from tests.builders import NOON, an_event_body, at
from tests.rooms.intake_room import Intake
from tests.rooms.killed import Life, Scene, as_told, every_crash
from tests.stack import Deadair, a_table_like

pytestmark = pytest.mark.stack
PATIENCE_S = 60.0
# The line takes some two seconds here, one of which is the evaluator's.
SILENCE_S = 2.5
QUARTER = timedelta(minutes=15)
DRILL = "Deadair-prod-WatchdogDrill"


@dataclass
class Line:
    """The stack's line, with its watchdog."""

    stack: Target

    @property
    def store(self) -> WatchdogStore:
        return WatchdogStore(self.stack.client("dynamodb"), self.stack.outputs["IncidentsTable"])

    def last(self) -> datetime | None:
        pulse = self.store.pulse()
        return pulse.round_at if pulse else None

    def send(self) -> None:
        """What the schedule does."""
        self.stack.client("sqs").send_message(QueueUrl=self.stack.outputs["WatchdogQueueUrl"], MessageBody="{}")

    def came(self, after: datetime, within_s: float) -> bool:
        """Whether a round that went out after that time has come through."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            last = self.last()
            if last is not None and last > after:
                return True
            time.sleep(0.1)
        return False

    def comes(self) -> bool:
        """Whether a round comes through, now or at the next try: what was off may need a moment."""
        for _ in range(4):
            sent = datetime.now(UTC)
            self.send()
            if self.came(sent, PATIENCE_S / 4):
                return True
        return False

    def silent_alarm(self) -> dict[str, Any]:
        pages = self.stack.client("cloudwatch").get_paginator("describe_alarms").paginate()
        found: list[dict[str, Any]] = [alarm for page in pages for alarm in page["MetricAlarms"]]
        (only,) = [alarm for alarm in found if alarm.get("MetricName") == "WatchdogAge"]
        return only

    def rings(self, at: datetime) -> bool:
        """Whether the alarm on the end of the line would ring then, by the numbers that are there now."""
        alarm = self.silent_alarm()
        query = {
            "Id": "m",
            "MetricStat": {
                "Metric": {"Namespace": alarm["Namespace"], "MetricName": alarm["MetricName"]},
                "Period": alarm["Period"],
                "Stat": alarm["Statistic"],
            },
        }
        found = self.stack.client("cloudwatch").get_metric_data(
            MetricDataQueries=[query], StartTime=at - timedelta(hours=1), EndTime=at
        )["MetricDataResults"][0]
        series = dict(zip(found["Timestamps"], found["Values"], strict=True))
        alarm = {"Metrics": [query | {"ReturnData": True}], **{k: v for k, v in alarm.items() if k != "MetricName"}}
        return judged(alarm, {"m": series}, at, State.OK).state is State.ALARM


@pytest.fixture
def line(stack: Target) -> Line:
    line = Line(stack)
    assert line.comes()
    return line


def _mapping(stack: Target, *, room: str) -> str:
    found = stack.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    (uuid,) = [one["UUID"] for one in found if room in one["FunctionArn"] and "GivenUp" not in one["EventSourceArn"]]
    return str(uuid)


@contextmanager
def no_trigger(stack: Target, room: str) -> Iterator[None]:
    """The room hears nothing: its queue or stream is cut off."""
    functions, uuid = stack.client("lambda"), _mapping(stack, room=room)
    functions.update_event_source_mapping(UUID=uuid, Enabled=False)
    time.sleep(0.5)  # for the poller to see it
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=uuid, Enabled=True)


@contextmanager
def failing(stack: Target, room: str) -> Iterator[None]:
    """The room's function fails before its first line."""
    functions = stack.client("lambda")
    (name,) = [one["FunctionName"] for one in functions.list_functions()["Functions"] if room in one["FunctionName"]]
    handler = functions.get_function_configuration(FunctionName=name)["Handler"]
    functions.update_function_configuration(FunctionName=name, Handler="nowhere.at.all")
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Handler=handler)


@contextmanager
def no_rule(stack: Target, rule: str, bus: str = "") -> Iterator[None]:
    """A rule is disabled, by hand."""
    events = stack.client("events")
    named = {"EventBusName": stack.outputs[bus]} if bus else {}
    (name,) = [one["Name"] for one in events.list_rules(**named)["Rules"] if rule in one["Name"]]
    events.disable_rule(Name=name, **named)
    try:
        yield
    finally:
        events.enable_rule(Name=name, **named)


STAGES: dict[str, Callable[[Target], Any]] = {
    "the watchdog hears no schedule": lambda stack: no_trigger(stack, "Watchdog"),
    "the rule of alarms is disabled": lambda stack: no_rule(stack, "AlarmIntakeAlarmEvents"),
    "the intake hears no queue": lambda stack: no_trigger(stack, "AlarmIntake"),
    "the intake fails": lambda stack: failing(stack, "AlarmIntake"),
    "the relay hears no stream": lambda stack: no_trigger(stack, "FactRelay"),
    "the rule of facts is disabled": lambda stack: no_rule(stack, "IncidentFactsToNotifier", "IncidentBus"),
    "the notifier hears no queue": lambda stack: no_trigger(stack, "Notifier"),
}


def test_fault_41_whatever_part_is_off_no_round_comes_through_and_the_alarm_rings_within_a_quarter_hour(
    line: Line,
) -> None:
    for stage, off in STAGES.items():
        with off(line.stack):
            sent = datetime.now(UTC)
            line.send()
            assert not line.came(sent, SILENCE_S), stage
            pulse = line.store.pulse()
            assert pulse is not None
            assert not pulse.is_good(sent + STALE + timedelta(seconds=1)), stage
        assert line.comes(), f"{stage}, and is on again"
    seen = line.last()
    assert seen is not None
    assert not line.rings(seen + EVERY)
    assert line.rings(seen + QUARTER)


def test_fault_41_a_silent_line_is_a_standing_error_until_a_round_comes_through(stack: Target) -> None:
    dynamodb, table = stack.client("dynamodb"), a_table_like(stack, "IncidentsTable")
    errors, store, pings = StandingErrors(dynamodb, table), WatchdogStore(dynamodb, table), []
    watch = LineWatch(store, _still(stack), errors, lambda: pings.append(1))

    watch.go_round(NOON)
    watch.go_round(NOON + EVERY)
    assert (errors.all(), pings) == ([], [])
    watch.go_round(NOON + STALE + EVERY)
    assert [(one.kind, one.name) for one in errors.all()] == [(Kind.WATCHDOG, LINE)]
    store.beat(NOON + STALE + EVERY, NOON + STALE + EVERY)
    watch.go_round(NOON + STALE + EVERY * 2)
    assert (errors.all(), pings) == ([], [1])


def test_n4_a_drill_leaves_itself_in_the_table_and_nothing_else_wherever_the_intake_is_killed(stack: Target) -> None:
    def scene() -> Scene:
        room = Intake(stack, a_table_like(stack, "IncidentsTable"))
        record = room.record(an_event_body(DRILL, "ALARM", NOON), "m-1")

        def work(life: Life) -> None:
            mortal = life(room.dynamodb)
            consumer = room.consumer(mortal, s3=life(room.s3))
            consumer.own = OwnAlarms("Deadair-prod", DRILL, WatchdogStore(mortal, room.table))
            assert consumer.consume([record], at(1)) == []

        return Scene(work, lambda: as_told(room.dynamodb, room.table))

    every_crash(scene)
    world = scene()
    world.work(Life())
    ((place, fact),) = [((item["pk"], item["sk"][:2]), item["fact"]) for item in world.state()]
    assert (place, fact) == (("WATCHDOG", "R#"), ROUND)


def test_fault_41_the_drill_opens_nothing_and_is_forgotten(line: Line) -> None:
    dynamodb, table = line.stack.client("dynamodb"), line.stack.outputs["IncidentsTable"]
    rounds = dynamodb.query(
        TableName=table,
        KeyConditionExpression="pk = :w AND begins_with(sk, :r)",
        ExpressionAttributeValues={":w": {"S": "WATCHDOG"}, ":r": {"S": "R#"}},
    )["Items"]

    assert rounds
    assert all("expires_at" in one for one in rounds)
    assert IncidentStore(dynamodb, table).of_integration(SLUG) == []


def test_the_doctor_sends_a_round_and_sees_it_come_through(deadair: Deadair) -> None:
    status, out, err = deadair("doctor", "--now", "--json")

    told = json.loads(out)
    assert told["good"], err
    assert told["age_s"] < PATIENCE_S
    assert status == (1 if told["errors"] else 0)
    assert "The line works" in deadair("doctor")[1]


def test_fault_41_the_doctor_says_so_when_the_round_that_it_sent_does_not_come_through(
    line: Line, state_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert line.last(), "a round has come through lately, which says nothing of now"
    monkeypatch.setattr(doctor, "PATIENCE_S", 1.0)
    with no_trigger(line.stack, "Watchdog"), pytest.raises(SystemExit) as ended:
        main(["--state-dir", str(state_dir), "doctor", "--now"])

    assert ended.value.code == 1
    said = capsys.readouterr()
    assert "The round that was sent now has not come through" in said.err
    assert "The line works" not in said.out


def test_n4_a_watchdog_killed_at_any_effect_goes_its_round_at_the_next_delivery(stack: Target) -> None:
    def scene() -> Scene:
        dynamodb, table = stack.client("dynamodb"), a_table_like(stack, "IncidentsTable")
        store = WatchdogStore(dynamodb, table)
        store.begin(NOON - STALE * 2)
        store.note_said(AlarmState.OK, NOON - STALE * 2)

        def work(life: Life) -> None:
            mortal = life(dynamodb)
            watch = LineWatch(WatchdogStore(mortal, table), _still(stack), StandingErrors(mortal, table), lambda: None)
            watch.go_round(NOON)

        # A second delivery is one more round, in which the alarm says the other thing.
        return Scene(work, lambda: as_told(dynamodb, table, unsaid=["said"]))

    assert every_crash(scene) == ["update_item", "update_item", "update_item"]


def _still(stack: Target) -> DrillAlarm:
    """An alarm of one's own: nobody hears of it."""
    cloudwatch, name = stack.client("cloudwatch"), "Deadair-local-Claims"
    with suppress(cloudwatch.exceptions.ResourceNotFound):
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace="Claims",
            MetricName="Nothing",
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="ignore",
        )
    return DrillAlarm(cloudwatch, name)
