"""Claims about what the intake finds out by itself: tags, dates that come near, what the own signals showed."""

import json
from typing import Any

import pytest

from alarm_intake.consumer import Consumer
from deadair.adapters.cloudwatch.tags import AlarmTags
from deadair.adapters.dynamodb.health import HealthStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.keys import health
from deadair.adapters.dynamodb.ledger import Ledger
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.transact import commit
from deadair.adapters.registry_file.model import Row
from deadair.domain.health import Health, Recent
from deadair.domain.ownership import Scope
from deadair.domain.severity import FailureClass
from deadair.usecases.import_registry import import_registry
from deadair.usecases.record_transitions import Recorder
from deadair.usecases.resolve import resolve
from infra.target import Target
from tests.bench.counting import Counting
from tests.builders import FALLBACK, an_actor, an_event, an_event_body, at, made_by_hand
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.intake_room import Intake
from tests.stack import a_table_like

pytestmark = pytest.mark.stack


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
        self.client.put_metric_alarm(**made_by_hand(name, Tags=tags))
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
            resolve(intake.store, incident.number, an_actor(), now=at(20))

    dynamodb = Counting(intake.dynamodb)
    reason = "Threshold Crossed: 1 datapoint [92.5 (02/11/26 12:55:00)] was greater than the threshold (2.0)."
    record = intake.record(intake.because(reason, "ALARM", 58, name=name, integration="form-marketo"))
    assert intake.consumer(dynamodb, rows).consume([record], at(60)) == []

    (incident,) = intake.store.of_integration("form-marketo", 1)
    assert incident.failure_class is FailureClass.AUTH
    (entry,) = intake.store.timeline(incident.number)
    assert entry.details["evidence"] == "37 of 40 calls answered 401 in the last minute"
    assert dynamodb.calls["batch_get_item"] == 2
