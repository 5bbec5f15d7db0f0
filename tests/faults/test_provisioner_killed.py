"""Claims about a provisioner that dies among its alarms: the next delivery makes, mends and takes away the rest."""

from collections.abc import Iterator
from typing import Any

import pytest

from alarm_intake.own_signals import from_own_signal
from alarm_provisioner.consumer import Consumer, Run
from deadair.adapters.cloudwatch.alarms import Alarms
from deadair.adapters.cloudwatch.sums import Sums
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.rows_now import RowsNow
from deadair.usecases.look_again import LookAgain
from deadair.usecases.provision_alarms import Provisioner
from infra.target import Target
from tests.rooms.killed import Life, Scene, every_crash
from tests.rooms.provisioning import NOW, Counting, Place
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
RECONCILE = '{"reconcile": {"after": ""}}'
ASKED = {"thresholds": {"silence_min": 60, "error_rate_pct": 2}}


class Line:
    """The queue of the intake: what was told."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def send_message(self, message: dict[str, Any]) -> None:
        self.told.append(message)


class World:
    """A row to make alarms for, one whose alarm was changed by hand, one that is gone, one whose credential ends."""

    def __init__(self, stack: Target, registry: str, incidents: str) -> None:
        self.line, self.incidents = Line(), incidents
        cloudwatch = stack.client("cloudwatch")
        self.place = Place(stack.client("dynamodb"), registry, Counting(cloudwatch))
        for slug in ("new", "ends"):
            self.place.retire(slug)
        for slug in ("changed", "gone"):
            self.place.row(slug, thresholds={"freshness_min": 90})
        self.deliver(Life())
        self.line.told.clear()
        (mended,) = (alarm for name, alarm in self.place.alarms().items() if "-changed-" in name)
        writable = {"AlarmName", "AlarmDescription", "EvaluationPeriods", "ComparisonOperator", "Metrics"}
        cloudwatch.put_metric_alarm(Threshold=7, **{name: mended[name] for name in writable & mended.keys()})
        self.place.retire("gone")
        self.place.row("new", **ASKED)
        self.place.row("ends", credential={"kind": "key", "expires_on": "2026-11-20"})

    def deliver(self, life: Life) -> None:
        alarms = Alarms(life(self.place.cloudwatch.client), rate=10_000, sleep=lambda _: None)
        rows, line = RowsNow(self.place.dynamodb, self.place.table), life(self.line)
        provisioner = Provisioner(rows, alarms, prefix=self.place.prefix, namespace="Deadair")
        store, sums = IncidentStore(self.place.dynamodb, self.incidents), Sums(self.place.cloudwatch, "Deadair")
        look = LookAgain(store, rows, alarms, sums, prefix=self.place.prefix)
        consumer = Consumer(provisioner, look, again=line.send_message, tell=line.send_message)
        run = Run(NOW, lambda: False, "000000000000", "us-east-1")
        assert consumer.consume([{"messageId": "m", "body": RECONCILE}], run) == []

    def state(self) -> Any:
        """The alarms by their names, and which signals were told: the intake knows a repeated one."""
        told = [from_own_signal(event, NOW, event["detail"]) for event in self.line.told]
        alarms = {self._bare(name): alarm["Threshold"] for name, alarm in self.place.alarms().items()}
        return alarms, {(self._bare(one.alarm.name), one.state, one.at) for one in told}

    def _bare(self, name: str) -> str:
        return name.removeprefix(self.place.prefix)


@pytest.fixture
def worlds(stack: Target) -> Iterator[list[World]]:
    made: list[World] = []
    yield made
    for world in made:
        if names := list(world.place.alarms()):
            world.place.cloudwatch.client.delete_alarms(AlarmNames=names)


def test_n4_a_provisioner_killed_at_any_effect_leaves_the_alarms_that_the_rows_ask_for(
    stack: Target, worlds: list[World]
) -> None:
    registry, incidents = (a_table_like(stack, name) for name in ("RegistryTable", "IncidentsTable"))

    def scene() -> Scene:
        worlds.append(World(stack, registry, incidents))
        return Scene(work=worlds[-1].deliver, state=worlds[-1].state)

    effects = every_crash(scene)

    assert {"put_metric_alarm", "delete_alarms", "send_message"} <= set(effects)
    alarms, told = worlds[-1].state()
    assert {name.rpartition("-")[0] for name in alarms} >= {"-changed", "-new"}
    assert not [name for name in alarms if "-gone" in name]
    assert told
