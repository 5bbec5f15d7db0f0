"""Claims about the provisioner's door: what starts it, what it hands on, and what it tells the intake."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from alarm_intake.own_signals import from_own_signal
from alarm_provisioner.consumer import Consumer, Run
from alarm_provisioner.events import Changed, Look, Reconcile, changed_slugs, read_message
from deadair.adapters.cloudwatch.alarms import Alarms
from deadair.adapters.cloudwatch.sums import Sums
from deadair.adapters.dynamodb.incidents import IncidentStore, incident_item
from deadair.adapters.dynamodb.rows_now import RowsNow
from deadair.domain.alarm import AlarmState, Signal, Transition
from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.usecases.look_again import LookAgain
from deadair.usecases.provision_alarms import Provisioner
from infra.target import Target
from tests.builders import an_incident
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.provisioning import FULL, Counting, Place
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
ACCOUNT, REGION = "000000000000", "us-east-1"


@dataclass
class Room:
    """The room as its handler wires it, with queues that a test can look into."""

    place: Place
    incidents: str
    namespace: str
    again: list[dict[str, Any]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    def consumer(self, cloudwatch: Any = None) -> Consumer:
        alarms = Alarms(cloudwatch or self.place.cloudwatch, rate=10_000, sleep=lambda _: None)
        rows = RowsNow(self.place.dynamodb, self.place.table)
        provisioner = Provisioner(rows, alarms, prefix=self.place.prefix, namespace=self.namespace)
        store = IncidentStore(self.place.dynamodb, self.incidents)
        sums = Sums(self.place.cloudwatch, self.namespace)
        look = LookAgain(store, rows, alarms, sums, prefix=self.place.prefix)
        return Consumer(provisioner, look, again=self.again.append, tell=self.told.append)

    def get(
        self, body: Any, now: datetime, *, enough: Callable[[], bool] = lambda: False, cloudwatch: Any = None
    ) -> list[str]:
        """Deliver one message."""
        record = {"messageId": "m-1", "body": body if isinstance(body, str) else json.dumps(body)}
        return self.consumer(cloudwatch).consume([record], Run(now, enough, ACCOUNT, REGION))

    def transitions(self) -> list[Transition]:
        """What was told, as the intake reads it."""
        return [from_own_signal(event, datetime.now(UTC), event["detail"]) for event in self.told]

    def open_incident(self, slug: str, signal: Signal, state: AlarmState, at: datetime) -> None:
        """An open incident that holds this alarm."""
        name = f"{self.place.prefix}-{slug}-{signal.value}"
        alarm = AlarmOnIncident(name, state, at, at, signal)
        self.place.dynamodb.put_item(
            TableName=self.incidents, Item=incident_item(an_incident(7, integration=slug, alarms={"k": alarm}))
        )

    def records(self, slug: str, at: datetime, count: float, metric: str = "Records") -> None:
        """A datapoint."""
        dimensions = [{"Name": "Integration", "Value": slug}]
        point = {"MetricName": metric, "Dimensions": dimensions, "Timestamp": at, "Value": count, "Unit": "Count"}
        self.place.cloudwatch.client.put_metric_data(Namespace=self.namespace, MetricData=[point])


@pytest.fixture
def wired(stack: Target) -> Iterator[Room]:
    """A room with tables, a prefix and a namespace of its own."""
    table = a_table_like(stack, "RegistryTable")
    place = Place(stack.client("dynamodb"), table, Counting(stack.client("cloudwatch")))
    yield Room(place, a_table_like(stack, "IncidentsTable"), f"T{uuid4().hex[:8]}")
    if names := list(place.alarms()):
        place.cloudwatch.client.delete_alarms(AlarmNames=names)


def a_change(sk: str) -> dict[str, Any]:
    return {"eventSource": "aws:dynamodb", "dynamodb": {"Keys": {"pk": {"S": "REG"}, "sk": {"S": sk}}}}


def test_a_message_is_one_of_three_and_nothing_else() -> None:
    assert read_message('{"slugs": ["hub-sf"]}') == Changed(slugs=["hub-sf"])
    assert isinstance(read_message('{"reconcile": {"after": ""}}'), Reconcile)
    assert isinstance(read_message('{"look": true}'), Look)
    for wrong in ('{"slugs": []}', '{"look": false}', '{"reconcile": 1}', "{}", "[]", "x", '{"slugs": ["a"], "x": 1}'):
        with pytest.raises(ValueError):
            read_message(wrong)


def test_changes_of_rows_travel_as_slugs_each_once_and_the_audit_log_does_not(wired: Room) -> None:
    changes = [a_change(sk) for sk in ("ROW#one-two", "E#000000000001", "RETIRED#three", "ROW#one-two")]
    assert changed_slugs(changes) == ["one-two", "three"]

    assert wired.consumer().hear([a_change(f"ROW#row-{number}") for number in range(60)]) == 60

    assert [len(message["slugs"]) for message in wired.again] == [25, 25, 10]
    assert all(isinstance(read_message(json.dumps(message)), Changed) for message in wired.again)


def test_a_row_with_odd_dates_holds_up_no_news_of_another(wired: Room) -> None:
    now = datetime(2026, 11, 18, 12, tzinfo=UTC)
    for slug, expires_on in (("one-two", "soon"), ("three-four", "2026-11-20")):
        wired.place.row(slug, credential={"kind": "key", "expires_on": expires_on})
        wired.open_incident(slug, Signal.CREDENTIAL, AlarmState.ALARM, now)

    assert wired.get({"reconcile": {"after": ""}}, now) == wired.get({"look": True}, now) == []

    assert [told.dimensions["Integration"] for told in wired.transitions()] == ["three-four"]


def test_a_message_that_nobody_here_sends_comes_again_until_it_is_a_dead_letter(wired: Room) -> None:
    assert wired.get("{}", datetime.now(UTC)) == ["m-1"]


def test_an_interrupted_message_comes_again_and_does_only_what_is_missing(wired: Room) -> None:
    now = datetime.now(UTC)
    wired.place.row("hub-sf", **FULL)
    broken = Faulty(wired.place.cloudwatch, "put_metric_alarm", refusal("InternalFailure", "PutMetricAlarm"))
    assert wired.get({"slugs": ["hub-sf"]}, now, cloudwatch=broken) == ["m-1"]

    assert wired.get({"slugs": ["hub-sf"]}, now) == []
    wired.place.cloudwatch.calls.clear()
    assert wired.get({"slugs": ["hub-sf"]}, now) == []

    assert (len(wired.place.alarms()), wired.place.cloudwatch.writes) == (5, 0)


def test_when_the_time_is_over_the_rest_goes_back_onto_the_queue(wired: Room) -> None:
    now = datetime.now(UTC)
    slugs = [f"row-{number:02}" for number in range(20)]
    for slug in slugs:
        wired.place.row(slug, thresholds={"silence_min": 60})

    assert wired.get({"slugs": slugs}, now, enough=lambda: True) == []
    assert wired.again == [{"slugs": slugs}]
    assert wired.get({"reconcile": {"after": "row-07"}}, now, enough=lambda: True) == []
    assert wired.again[1:] == [{"reconcile": {"after": "row-07", "full": False}}]

    assert wired.get(wired.again[1], now) == []
    assert sorted(wired.place.alarms()) == [f"{wired.place.prefix}-{slug}-silence" for slug in slugs[8:]]


def test_a_date_that_comes_near_is_told_each_day_and_is_the_same_news(wired: Room) -> None:
    now = datetime(2026, 11, 18, 12, tzinfo=UTC)
    wired.place.row(
        "hub-sf",
        credential={"kind": "key", "expires_on": "2026-12-01"},
        api_version={"version": "1", "ends_on": "2026-12-18"},
    )
    wired.place.row("far-off", credential={"kind": "key", "expires_on": "2026-12-03"}, api_version={"version": "1"})

    for day in range(2):
        assert wired.get({"reconcile": {"after": ""}}, now + timedelta(days=day)) == []

    told = [one for one in wired.transitions() if one.alarm.name.startswith(f"{wired.place.prefix}-hub-sf")]
    assert {(one.signal, one.state, one.at.isoformat()) for one in told} == {
        (Signal.CREDENTIAL, AlarmState.ALARM, "2026-11-17T00:00:00+00:00"),
        (Signal.VERSION, AlarmState.ALARM, "2026-11-18T00:00:00+00:00"),
    }
    assert len({one.key for one in told}) == 2
    assert "2026-12-01" in told[0].reason


@pytest.mark.parametrize("expires_on", ["2027-12-01", None])
def test_a_credential_that_was_renewed_is_told_as_recovered(wired: Room, expires_on: str | None) -> None:
    now = datetime(2026, 11, 18, 12, tzinfo=UTC)
    wired.place.row("hub-sf", credential={"kind": "key", "expires_on": expires_on})
    wired.open_incident("hub-sf", Signal.CREDENTIAL, AlarmState.ALARM, now - timedelta(days=1))

    assert wired.get({"look": True}, now) == []

    [told] = wired.transitions()
    assert (told.state, told.at, told.signal) == (AlarmState.OK, now, Signal.CREDENTIAL)


def test_a_credential_that_was_not_renewed_is_not(wired: Room) -> None:
    now = datetime(2026, 11, 18, 12, tzinfo=UTC)
    wired.place.row("hub-sf", credential={"kind": "key", "expires_on": "2026-11-20"})
    wired.open_incident("hub-sf", Signal.CREDENTIAL, AlarmState.ALARM, now - timedelta(days=1))

    wired.get({"look": True}, now)

    assert wired.told == []


def hours_from(now: datetime, before: timedelta, length: timedelta) -> str:
    return f"{now - before:%H:%M}-{now - before + length:%H:%M}"


@pytest.mark.parametrize("signal", [Signal.SILENCE, Signal.FRESHNESS])
def test_records_that_flow_again_after_the_opening_are_told_as_recovered(wired: Room, signal: Signal) -> None:
    now = datetime.now(UTC)
    hours = hours_from(now, timedelta(hours=1), timedelta(hours=4))
    row = {"expected": {"hours": hours}, "thresholds": {f"{signal.value}_min": 30}}
    wired.place.row("hub-sf", **row)
    wired.get({"slugs": ["hub-sf"]}, now)
    name = f"{wired.place.prefix}-hub-sf-{signal.value}"
    metric = "Records" if signal is Signal.SILENCE else "Successes"
    wired.records("hub-sf", now - timedelta(minutes=4), 12, metric)
    wired.place.cloudwatch.client.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="x")
    wired.open_incident("hub-sf", signal, AlarmState.INSUFFICIENT_DATA, now - timedelta(hours=9))

    wired.get({"look": True}, now)

    [told] = wired.transitions()
    assert (told.alarm.name, told.state, told.signal) == (name, AlarmState.OK, signal)
    assert f"{metric} flow again: 12 " in told.reason


@pytest.mark.parametrize(
    ("before", "length", "count"),
    [(timedelta(hours=6), timedelta(hours=5), 12), (timedelta(hours=1), timedelta(hours=4), 0)],
    ids=["nothing is expected now", "nothing came"],
)
def test_an_alarm_that_is_calm_for_another_reason_is_no_recovery(
    wired: Room, before: timedelta, length: timedelta, count: float
) -> None:
    now = datetime.now(UTC)
    wired.place.row("hub-sf", expected={"hours": hours_from(now, before, length)}, thresholds={"silence_min": 30})
    wired.get({"slugs": ["hub-sf"]}, now)
    wired.records("hub-sf", now - timedelta(minutes=4), count)
    name = f"{wired.place.prefix}-hub-sf-silence"
    wired.place.cloudwatch.client.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="x")
    wired.open_incident("hub-sf", Signal.SILENCE, AlarmState.INSUFFICIENT_DATA, now - timedelta(hours=9))

    wired.get({"look": True}, now)

    assert wired.told == []
