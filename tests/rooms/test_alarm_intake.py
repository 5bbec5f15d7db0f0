"""Claims about the intake on a real table: nothing lost, nothing twice, whatever arrives and wherever it breaks."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count, permutations
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from alarm_intake.consumer import Consumer
from deadair.adapters.cloudwatch.tags import AlarmTags
from deadair.adapters.dynamodb.health import HealthStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.items import from_item
from deadair.adapters.dynamodb.keys import health, outcome
from deadair.adapters.dynamodb.ledger import Ledger
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.transact import commit
from deadair.adapters.registry_file.model import Row
from deadair.domain.health import Health, Recent
from deadair.domain.incident import Incident
from deadair.domain.ownership import Scope
from deadair.domain.severity import FailureClass
from deadair.usecases.import_registry import import_registry
from deadair.usecases.record_transitions import Recorder
from deadair.usecases.resolve import resolve
from deadair.usecases.verify_ledger import verify_ledger
from infra.target import Target
from tests.bench.counting import Counting
from tests.builders import FALLBACK, an_actor, an_event, an_event_body, at
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.killed import Fragile, Killed
from tests.stack import a_table_like

pytestmark = pytest.mark.stack

DYNAMODB_ITEM = 400 * 1024


class Intake:
    """The room on real tables, with a fresh alarm name for each claim."""

    def __init__(self, stack: Target, table: str) -> None:
        self.dynamodb, self.s3 = stack.client("dynamodb"), stack.client("s3")
        self.table, self.bucket = table, stack.outputs["KnowledgeBucket"]
        self.registry = RegistryStore(self.dynamodb, stack.outputs["RegistryTable"])
        self.store = IncidentStore(self.dynamodb, self.table)
        self.name = f"alarm-{uuid4().hex[:8]}-silence"
        self._ids = count()

    def consumer(self, client: Any = None, registry: Any = None, scope: Scope | None = None) -> Consumer:
        dynamodb = client or self.dynamodb
        ledger = Ledger(dynamodb, self.table, self.s3, self.bucket)
        recorder = Recorder(ledger, IncidentStore(dynamodb, self.table), registry or self.registry, FALLBACK)
        return Consumer(ledger, recorder, scope or Scope(), lambda key: b"")

    def record(self, body: str, message_id: str = "") -> dict[str, Any]:
        return {"messageId": message_id or f"{self.name}-{next(self._ids)}", "body": body, "attributes": {}}

    def event(self, state: str = "ALARM", minutes: float = 0, **more: Any) -> str:
        return an_event_body(more.pop("name", self.name), state, at(minutes), **more)

    def because(self, reason: str, state: str, minutes: float, **more: Any) -> str:
        event = json.loads(self.event(state, minutes, **more))
        event["detail"]["state"]["reason"] = reason
        return json.dumps(event)

    def take(self, *bodies: str) -> list[dict[str, Any]]:
        records = [self.record(body) for body in bodies]
        assert self.consumer().consume(records, at(60)) == []
        return [self.outcome(record["messageId"]) for record in records]

    def outcome(self, message_id: str) -> dict[str, Any]:
        return from_item(self.dynamodb.get_item(TableName=self.table, Key=outcome(message_id))["Item"])

    def items(self) -> list[dict[str, Any]]:
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.table)
        return [from_item(item) for page in pages for item in page["Items"]]

    def incidents(self, name: str = "") -> list[Incident]:
        return [i for i in self.store.open_incidents(1000) if i.integration_name == (name or self.name)]


@pytest.fixture(scope="module")
def table(stack: Target) -> str:
    return a_table_like(stack, "IncidentsTable")


@pytest.fixture
def intake(stack: Target, table: str) -> Intake:
    return Intake(stack, table)


@pytest.mark.parametrize("order", sorted(set(permutations(["ALARM", "ALARM", "ALARM", "OK"]))))
def test_three_deliveries_and_an_ok_in_any_order_leave_one_incident_and_one_entry_each(
    intake: Intake, order: tuple[str, ...]
) -> None:
    for state in order:
        intake.take(intake.event(state, minutes=5 if state == "OK" else 0))

    (incident,) = intake.incidents()
    assert [entry.details["state"] for entry in intake.store.timeline(incident.number)] == ["ALARM", "OK"]
    assert incident.recovered_at == at(5)


def test_deliveries_in_one_batch_end_as_deliveries_one_by_one(intake: Intake) -> None:
    told = intake.take(*[intake.event(state, minute) for minute, state in enumerate(["ALARM", "OK", "ALARM", "ALARM"])])

    assert [one["outcome"] for one in told] == ["opened", "recovered", "appended", "appended"]
    assert len(intake.incidents()) == 1


def test_one_poison_message_does_not_hold_up_its_nine_neighbours(intake: Intake) -> None:
    names = [f"{intake.name}-{i}" for i in range(9)]
    bodies = [intake.event(name=name) for name in names]
    told = intake.take(*bodies[:4], an_event("bad-name-number.json"), *bodies[4:])

    assert [one["outcome"] for one in told] == ["opened"] * 4 + ["dead_lettered"] + ["opened"] * 5
    assert told[4]["reason"] == "wrong_field"
    assert told[4]["raw"] == an_event("bad-name-number.json")


def test_odd_text_beside_the_identity_keeps_no_alarm_from_its_incident(intake: Intake) -> None:
    odd = {"value": "\udfff" * 300_000}
    (told,) = intake.take(intake.event(previousState=odd, muteDetail={"muteWindowEnd": "\ud800"}))

    assert told["outcome"] == "opened"
    (entry,) = intake.store.timeline(intake.incidents()[0].number)
    assert entry.details["notes"] == "muted until \N{REPLACEMENT CHARACTER}"


def test_what_came_early_reads_as_if_it_had_come_in_its_turn(intake: Intake) -> None:
    reason, early, late = "access_token=abcdef12 é " * 90, f"{intake.name}-early", f"{intake.name}-late"
    for name, order in ((early, ["OK", "ALARM"]), (late, ["ALARM", "OK"])):
        for state in order:
            intake.take(intake.because(reason, state, 5 if state == "OK" else 0, name=name))

    def texts(name: str) -> list[str]:
        (incident,) = intake.incidents(name)
        return [entry.text.removeprefix(name) for entry in intake.store.timeline(incident.number)]

    assert texts(early) == texts(late)
    assert "abcdef12" not in "".join(texts(early))


def test_a_second_delivery_of_early_news_is_told_its_incident(intake: Intake) -> None:
    ok = intake.event("OK", 5)
    intake.take(ok)
    intake.take(intake.event())
    (told,) = intake.take(ok)

    assert (told["outcome"], told["incident"]) == ("duplicate", intake.incidents()[0].id)


def test_early_news_fits_into_its_item_however_long_its_texts(intake: Intake) -> None:
    for minute in range(20):
        wordy = {"configuration": {"description": "x" * 60_000}, "previousState": {"value": "y" * 9000}}
        intake.take(intake.because("\N{PILE OF POO}" * 9000, "OK", minute, **wordy))

    (line,) = [item for item in intake.items() if intake.name in str(item.get("early"))]
    assert len(str(line).encode()) < DYNAMODB_ITEM
    (told,) = intake.take(intake.event(minutes=-1))
    assert told["outcome"] == "opened"


def test_what_was_never_an_alarm_is_counted_with_its_reason(intake: Intake) -> None:
    (told,) = intake.take(an_event("ignored-configuration-change.json"))

    assert (told["outcome"], told["reason"]) == ("ignored", "not_an_alarm_state_change")


def test_an_alarm_outside_the_scope_is_ignored_and_counted(intake: Intake) -> None:
    record = intake.record(intake.event())
    intake.consumer(scope=Scope(prefixes=("marketing-",))).consume([record], at(60))

    assert intake.outcome(record["messageId"])["reason"] == "name_out_of_scope"
    assert intake.incidents() == []


def test_the_same_name_in_two_accounts_is_two_incidents(intake: Intake) -> None:
    intake.take(intake.event(account="111111111111"), intake.event(account="222222222222"))

    assert len(intake.incidents()) == 2


def test_an_alarm_right_after_the_import_of_its_row_goes_to_the_rows_owner(intake: Intake, stack: Target) -> None:
    seconds = count(0, 3)
    registry = RegistryStore(intake.dynamodb, a_table_like(stack, "RegistryTable"), lambda: next(seconds))
    assert registry.rows() == []
    owner = {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"}
    row = Row.model_validate({"slug": intake.name, "name": intake.name, "owner": owner})
    import_registry(RegistryWriter(intake.dynamodb, registry.table), [row], now=at(0), by="cli:test")

    intake.consumer(registry=registry).consume([intake.record(intake.event(integration=intake.name))], at(60))

    assert [incident.owner.name for incident in intake.incidents()] == ["Ana Lima"]


def test_an_incident_that_opened_before_its_row_was_imported_recovers_and_only_then_makes_room(
    intake: Intake, stack: Target
) -> None:
    registry = RegistryStore(intake.dynamodb, a_table_like(stack, "RegistryTable"), count(0, 60).__next__)

    def take(state: str, minutes: float) -> dict[str, Any]:
        record = intake.record(intake.event(state, minutes, integration=intake.name))
        assert intake.consumer(registry=registry).consume([record], at(60)) == []
        return intake.outcome(record["messageId"])

    opened = take("ALARM", 0)
    owner = {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"}
    row = Row.model_validate({"slug": intake.name, "name": "One → Two", "owner": owner})
    import_registry(RegistryWriter(intake.dynamodb, registry.table), [row], now=at(1), by="cli:test")

    after = [take("OK", 2), take("ALARM", 3), take("OK", 4)]
    assert [(told["outcome"], told["incident"]) for told in after] == [
        (outcome, opened["incident"]) for outcome in ("recovered", "appended", "recovered")
    ]
    number = int(opened["incident"].removeprefix("INC-"))
    resolve(intake.store, number, an_actor(), now=at(5))
    assert take("ALARM", 6)["outcome"] == "opened"
    assert take("OK", 7)["outcome"] == "recovered"
    (next_one,) = intake.store.of_integration(intake.name)
    assert (next_one.owner.name, next_one.recovered_at) == ("Ana Lima", at(7))


def test_a_registry_that_does_not_answer_delays_nothing(intake: Intake, stack: Target) -> None:
    silent = RegistryStore(stack.client("dynamodb"), "no-such-table")
    intake.consumer(registry=silent).consume([intake.record(intake.event())], at(60))

    (incident,) = intake.incidents()
    assert incident.owner == FALLBACK
    assert "did not answer" in incident.owner_note


def test_a_reason_of_half_a_million_characters_is_kept_whole_and_shown_short(intake: Intake, stack: Target) -> None:
    body = json.loads(intake.event())
    body["detail"]["state"]["reason"] = "Grenzwert überschritten · " * 20_000
    text = json.dumps(body, ensure_ascii=False)
    intake.take(text)

    (incident,) = intake.incidents()
    (entry,) = intake.store.timeline(incident.number)
    keys = stack.client("s3").list_objects_v2(Bucket=intake.bucket, Prefix="raw/")["Contents"]
    kept = [stack.client("s3").get_object(Bucket=intake.bucket, Key=k["Key"])["Body"].read() for k in keys]
    assert len(entry.text) < 2300
    assert text.encode() in kept


def test_two_workers_at_once_open_one_incident(intake: Intake) -> None:
    bodies = [intake.event(minutes=minute) for minute in range(6)]
    with ThreadPoolExecutor(6) as workers:
        left = list(workers.map(lambda b: intake.consumer().consume([intake.record(b)], at(60)), bodies))

    again = [f for failed in left for f in failed]
    (incident,) = intake.incidents()
    assert len(intake.store.timeline(incident.number)) + len(again) == 6


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kth", range(1, 8))
def test_killed_at_any_call_and_delivered_again_it_ends_the_same(intake: Intake, kth: int, *, after: bool) -> None:
    records = [intake.record(intake.event(state, minute)) for minute, state in enumerate(["ALARM", "OK"])]
    fragile = Fragile(intake.dynamodb, kth, after=after)
    with suppress(Killed):
        intake.consumer(fragile).consume(records, at(60))
    assert intake.consumer().consume(records, at(61)) == []

    (incident,) = intake.incidents()
    assert [entry.details["state"] for entry in intake.store.timeline(incident.number)] == ["ALARM", "OK"]
    assert [intake.outcome(r["messageId"])["outcome"] for r in records] == ["opened", "recovered"]


def test_a_table_that_refuses_brings_the_messages_again(intake: Intake) -> None:
    class Refusing(Fragile):
        def _call(self, real: Callable[..., Any], request: dict[str, Any]) -> Any:
            if real.__name__ == "transact_write_items":
                raise ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "TransactWriteItems")
            return real(**request)

    records = [intake.record(intake.event(name=f"{intake.name}-{i}")) for i in range(3)]
    failed = intake.consumer(Refusing(intake.dynamodb, 0, after=False)).consume(records, at(60))

    assert failed == [record["messageId"] for record in records]


def test_everything_that_these_claims_sent_is_accounted_for(intake: Intake) -> None:
    intake.take(intake.event(), intake.event("OK", 1), "not json at all")

    balance = verify_ledger(intake.dynamodb, intake.table, held=1000)
    assert [p for p in balance.problems if "entries of alarms" in p] == []


@pytest.fixture(scope="module")
def rows(stack: Target) -> RegistryStore:
    """A registry with two rows that claim none of these claims' alarms by a pattern."""
    table = a_table_like(stack, "RegistryTable")
    owner = {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"}
    named = {"form-marketo": "Form → Marketo", "shop-stock": "Shop → Stock"}
    two = [Row.model_validate({"slug": slug, "name": name, "owner": owner}) for slug, name in named.items()]
    import_registry(RegistryWriter(stack.client("dynamodb"), table), two, now=at(0), by="cli:test")
    return RegistryStore(stack.client("dynamodb"), table)


class Asked(Counting):
    """CloudWatch of the stack: an alarm that exists, and how often somebody asked for its tags."""

    def __init__(self, stack: Target, name: str, slug: str = "") -> None:
        super().__init__(stack.client("cloudwatch"))
        tags = [{"Key": "Integration", "Value": slug}] if slug else []
        self.client.put_metric_alarm(
            AlarmName=name,
            Namespace="Orders",
            MetricName="Failed",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
            Tags=tags,
        )
        self.arn = self.client.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmArn"]
        _, _, _, self.region, self.account, _, _ = self.arn.split(":", 6)

    def event(self, state: str = "ALARM", minutes: float = 0) -> str:
        name = self.arn.rpartition(":")[2]
        event = json.loads(an_event_body(name, state, at(minutes), account=self.account))
        return json.dumps(event | {"region": self.region, "resources": [self.arn]})


class Tagging:
    """The room with its tags, in a new process for each batch if so wished."""

    def __init__(self, intake: Intake, rows: RegistryStore, asked: Asked) -> None:
        self.intake, self.rows, self.asked = intake, rows, asked
        self.restart()

    def restart(self) -> None:
        self.dynamodb = Counting(self.intake.dynamodb)
        ledger = Ledger(self.dynamodb, self.intake.table, self.intake.s3, self.intake.bucket)
        incidents = IncidentStore(self.dynamodb, self.intake.table)
        recorder = Recorder(ledger, incidents, self.rows, FALLBACK, AlarmTags(lambda: self.asked))
        self.room = Consumer(ledger, recorder, Scope(), lambda key: b"")

    def take(self, *bodies: str, minutes: float = 60) -> list[dict[str, Any]]:
        records = [self.intake.record(body) for body in bodies]
        assert self.room.consume(records, at(minutes)) == []
        return [self.intake.outcome(record["messageId"]) for record in records]


def test_an_alarm_that_no_pattern_claims_belongs_to_the_integration_that_its_tag_names(
    intake: Intake, rows: RegistryStore, stack: Target
) -> None:
    asked = Asked(stack, intake.name, "form-marketo")
    tagging = Tagging(intake, rows, asked)
    (opened,) = tagging.take(asked.event())

    tagging.restart()
    (recovered,) = tagging.take(asked.event("OK", 5))
    tagging.take(asked.event("ALARM", 6))

    (incident,) = intake.store.of_integration("form-marketo", 1)
    assert (incident.id, incident.owner.name) == (opened["incident"], "Ana Lima")
    assert (recovered["outcome"], recovered["incident"]) == ("recovered", incident.id)
    assert asked.calls["list_tags_for_resource"] == 1


def test_a_tag_that_nobody_can_look_up_any_more_still_leads_its_ok_home(
    intake: Intake, rows: RegistryStore, stack: Target
) -> None:
    asked = Asked(stack, intake.name, "form-marketo")
    tagging = Tagging(intake, rows, asked)
    (opened,) = tagging.take(asked.event())
    asked.client = Faulty(asked.client, "list_tags_for_resource", refusal("Throttling", "ListTagsForResource"))
    a_week = 7 * 24 * 60

    tagging.restart()
    (recovered,) = tagging.take(asked.event("OK", a_week), minutes=a_week)

    assert (recovered["outcome"], recovered["incident"]) == ("recovered", opened["incident"])


@pytest.mark.parametrize("slug", ["", "no-such-integration"])
def test_an_alarm_without_a_helpful_tag_goes_to_the_fallback_person_and_is_asked_for_once(
    intake: Intake, rows: RegistryStore, stack: Target, slug: str
) -> None:
    asked = Asked(stack, intake.name, slug)
    tagging = Tagging(intake, rows, asked)
    for state, minutes in (("ALARM", 0), ("OK", 1), ("ALARM", 2)):
        tagging.restart()
        tagging.take(asked.event(state, minutes))

    (incident,) = intake.incidents()
    assert incident.owner == FALLBACK
    assert asked.calls["list_tags_for_resource"] == 1


def test_two_strangers_of_one_integration_in_one_batch_share_its_incident(
    intake: Intake, rows: RegistryStore, stack: Target
) -> None:
    one, other = (Asked(stack, f"{intake.name}-{n}", "form-marketo") for n in range(2))
    told = Tagging(intake, rows, one).take(one.event(), other.event(minutes=1))

    assert told[0]["incident"] == told[1]["incident"]
    assert intake.incidents(one.arn.rpartition(":")[2]) == []


def test_a_stranger_costs_one_call_more_and_an_alarm_with_a_row_none(
    intake: Intake, rows: RegistryStore, stack: Target
) -> None:
    asked = Asked(stack, intake.name)
    tagging = Tagging(intake, rows, asked)
    claimed = intake.event(name=f"{intake.name}-claimed", integration="form-marketo")
    counts = []
    for body in (claimed, asked.event()):
        rows.rows()
        tagging.dynamodb.forget()
        asked.forget()
        tagging.take(body)
        counts.append((tagging.dynamodb.calls.total(), asked.calls["list_tags_for_resource"]))

    assert counts[1] == (4, 1)
    assert counts[0][1] == 0


def own(slug: str, signal: str, state: str, minutes: float) -> str:
    message = json.loads(an_event("own-credential.json"))
    told = {"alarm": f"deadair-{slug}-{signal}", "integration": slug, "signal": signal, "state": state}
    message["detail"] |= told | {"at": at(minutes).isoformat()}
    return json.dumps(message)


def test_a_credential_that_ends_soon_does_not_swallow_an_outage(intake: Intake, stack: Target) -> None:
    registry = RegistryStore(intake.dynamodb, a_table_like(stack, "RegistryTable"))
    owner = {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"}
    row = Row.model_validate({"slug": intake.name, "name": "One → Two", "owner": owner})
    import_registry(RegistryWriter(intake.dynamodb, registry.table), [row], now=at(0), by="cli:test")

    def take(body: str) -> dict[str, Any]:
        record = intake.record(body)
        assert intake.consumer(registry=registry).consume([record], at(60)) == []
        return intake.outcome(record["messageId"])

    ahead = take(own(intake.name, "credential", "ALARM", 0))
    again = take(own(intake.name, "credential", "ALARM", 0))
    outage = take(intake.event(minutes=1, integration=intake.name))
    renewed = take(own(intake.name, "credential", "OK", 2))

    assert [told["outcome"] for told in (ahead, again, outage, renewed)] == [
        "opened",
        "duplicate",
        "opened",
        "recovered",
    ]
    assert renewed["incident"] == ahead["incident"] != outage["incident"]
    titles = {incident.title: incident.owner.name for incident in intake.store.of_integration(intake.name)}
    assert titles == {"One → Two: silence": "Ana Lima", "One → Two: credential about to end": "Ana Lima"}


def test_a_credential_that_is_near_its_end_again_opens_again_although_it_came_near_before_the_resolve(
    intake: Intake, stack: Target
) -> None:
    registry = RegistryStore(intake.dynamodb, a_table_like(stack, "RegistryTable"))
    owner = {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"}
    row = Row.model_validate({"slug": intake.name, "name": "One → Two", "owner": owner})
    import_registry(RegistryWriter(intake.dynamodb, registry.table), [row], now=at(0), by="cli:test")

    def take(signal: str, minutes: float) -> dict[str, Any]:
        record = intake.record(own(intake.name, signal, "ALARM", minutes))
        assert intake.consumer(registry=registry).consume([record], at(60)) == []
        return intake.outcome(record["messageId"])

    first = take("credential", 0)
    resolve(intake.store, int(first["incident"].removeprefix("INC-")), an_actor(), now=at(30))
    told = [take("credential", 0), take("credential", 10), take("version", 5)]

    assert [one["outcome"] for one in told] == ["duplicate", "opened", "opened"]


def test_a_health_item_that_cannot_be_read_stops_no_alarm(intake: Intake, rows: RegistryStore) -> None:
    intake.dynamodb.put_item(TableName=intake.table, Item=health("shop-stock") | {"recent": {"S": "odd"}})
    record = intake.record(intake.event(integration="shop-stock"))

    assert intake.consumer(registry=rows).consume([record], at(60)) == []
    assert intake.outcome(record["messageId"])["outcome"] == "opened"


def test_an_incident_opens_with_what_the_last_signals_showed(intake: Intake, rows: RegistryStore) -> None:
    store = HealthStore(intake.dynamodb, intake.table)
    recent = (Recent(at(59), ok=False, records=0, errors=37, codes={"200": 3, "401": 37}, key="s-1"),)
    commit(intake.dynamodb, [store.write(Health("form-marketo", at(59), recent=recent))])
    name = f"{intake.name.removesuffix('-silence')}-error-rate"
    for incident in intake.store.of_integration("form-marketo"):
        if incident.is_open:
            resolve(intake.store, incident.number, an_actor(), now=at(50))

    dynamodb = Counting(intake.dynamodb)
    reason = "Threshold Crossed: 1 datapoint [92.5 (02/11/26 12:55:00)] was greater than the threshold (2.0)."
    record = intake.record(intake.because(reason, "ALARM", 58, name=name, integration="form-marketo"))
    assert intake.consumer(dynamodb, rows).consume([record], at(60)) == []

    (incident,) = intake.store.of_integration("form-marketo", 1)
    assert incident.failure_class is FailureClass.AUTH
    (entry,) = intake.store.timeline(incident.number)
    assert entry.details["evidence"] == "37 of 40 calls answered 401 in the last minute"
    assert dynamodb.calls["batch_get_item"] == 2
