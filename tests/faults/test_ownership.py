"""Faults of ownership: whatever is wrong with the registry, an incident opens at once and belongs to somebody."""

import json
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import to_item
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.incident import Incident
from deadair.domain.severity import Severity
from deadair.domain.timeline import Fact
from deadair.usecases.assign import assign
from deadair.usecases.resolve import resolve
from deadair.usecases.resolve_owner import resolve_owner
from infra.target import Target
from tests.builders import ANA, BEN, FALLBACK, an_actor, at
from tests.rooms.intake_room import Intake
from tests.stack import a_table_like

pytestmark = pytest.mark.stack


class OwnRegistry:
    """A registry of its own, written past the importer, and read without being kept."""

    def __init__(self, stack: Target) -> None:
        self.dynamodb, self.table = stack.client("dynamodb"), a_table_like(stack, "RegistryTable")

    def put(self, slug: str, text: str = "", **fields: Any) -> None:
        row = {"slug": slug, "name": slug.upper(), "owner": {"name": ANA.name, "email": ANA.email}} | fields
        item = keys.row(slug) | to_item({"row": text or json.dumps(row), "hash": "0", "version": 1})
        self.dynamodb.put_item(TableName=self.table, Item=item)

    def take(self, slug: str) -> None:
        self.dynamodb.delete_item(TableName=self.table, Key=keys.row(slug))

    def store(self, client: Any = None) -> RegistryStore:
        return RegistryStore(client or self.dynamodb, self.table)


class Throttled:
    """A client that is refused so many times."""

    def __init__(self, client: Any, times: int) -> None:
        self.client, self.left = client, times

    def __getattr__(self, name: str) -> Any:
        if self.left > 0 and name in {"get_item", "query", "get_paginator"}:
            self.left -= 1
            raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "Busy."}}, name)
        return getattr(self.client, name)


@pytest.fixture(scope="module")
def own(stack: Target) -> OwnRegistry:
    return OwnRegistry(stack)


@pytest.fixture
def slug() -> str:
    return f"feed-{uuid4().hex[:8]}"


def taken(intake: Intake, registry: RegistryStore, *bodies: str) -> None:
    records = [intake.record(body) for body in bodies]
    assert intake.consumer(registry=registry).consume(records, at(60)) == []


def only(intake: Intake, integration: str) -> Incident:
    (incident,) = intake.store.of_integration(integration)
    return incident


def stranger(intake: Intake, name: str) -> Incident:
    (incident,) = intake.incidents(name)
    return incident


def test_fault_22_n5_an_alarm_without_a_row_belongs_to_the_fallback_person(
    intake: Intake, own: OwnRegistry, slug: str
) -> None:
    taken(intake, own.store(), intake.event(name=f"{slug}-errors"))

    opened = stranger(intake, f"{slug}-errors")
    assert (opened.owner, opened.owner_note) == (FALLBACK, "No row of the registry claims this alarm.")


def test_fault_22_a_row_that_cannot_be_read_opens_all_the_same_and_says_so(
    intake: Intake, own: OwnRegistry, slug: str
) -> None:
    own.put(slug, text="{not a row")
    name = f"{slug}-errors"
    taken(intake, own.store(), intake.event(name=name, integration=slug))

    opened = only(intake, slug)
    assert (opened.owner, opened.owner_note) == (FALLBACK, "Its row in the registry cannot be read.")
    assert opened.severity <= Severity.SEV2

    own.put(slug)
    taken(intake, own.store(), intake.event("OK", 5, name=name, integration=slug))
    repaired = only(intake, slug)
    assert (repaired.owner.name, repaired.owner_note, repaired.owner_pending) == (ANA.name, "", False)


def test_fault_22_n5_a_row_without_an_owner_keeps_what_else_it_says(
    intake: Intake, own: OwnRegistry, slug: str
) -> None:
    """Nobody's consent is as high as anybody's."""
    own.put(slug, owner=None, needs_owner="group:default/growth", data_classes=["consent"], severity="SEV1")
    taken(intake, own.store(), intake.event(name=f"{slug}-errors", integration=slug))

    opened = only(intake, slug)
    assert (opened.owner, opened.owner_note) == (FALLBACK, "The registry names no owner.")
    assert (opened.consent, opened.severity) == (True, Severity.SEV1)


def test_fault_22_of_two_rows_that_claim_an_alarm_always_the_same_has_it_and_the_other_is_named(
    intake: Intake, own: OwnRegistry, slug: str
) -> None:
    own.put(f"{slug}-a", alarm_patterns=[f"{slug}-*"])
    own.put(f"{slug}-b", alarm_patterns=[f"{slug}-*"], owner={"name": BEN.name, "email": BEN.email})
    taken(intake, own.store(), intake.event(name=f"{slug}-errors"))

    opened = only(intake, f"{slug}-a")
    assert (opened.owner.name, opened.owner_note) == (ANA.name, "")
    notes = [entry for entry in intake.store.timeline(opened.number) if entry.fact is Fact.NOTED]
    assert [note.text for note in notes] == [f"Other rows of the registry claim this alarm, too: {slug}-b."]


def test_fault_22_the_longer_pattern_wins_and_is_no_defect(intake: Intake, own: OwnRegistry, slug: str) -> None:
    own.put(f"{slug}-a", alarm_patterns=[f"{slug}-*"])
    own.put(f"{slug}-b", alarm_patterns=[f"{slug}-errors*"])
    taken(intake, own.store(), intake.event(name=f"{slug}-errors"))

    opened = only(intake, f"{slug}-b")
    assert [entry.fact for entry in intake.store.timeline(opened.number)] == [Fact.OPENED]


def test_fault_22_people_who_stand_in_for_each_other_hold_nothing_up(
    intake: Intake, own: OwnRegistry, slug: str
) -> None:
    person = {"name": BEN.name, "email": BEN.email}
    own.put(f"{slug}-a", deputy=person, escalation={"name": ANA.name, "email": ANA.email})
    own.put(f"{slug}-b", owner=person, deputy={"name": ANA.name, "email": ANA.email}, escalation=person)
    for end in "ab":
        taken(intake, own.store(), intake.event(name=f"{slug}-{end}-errors", integration=f"{slug}-{end}"))

    assert [only(intake, f"{slug}-{end}").owner.name for end in "ab"] == [ANA.name, BEN.name]


def test_fault_22_a_row_that_left_the_registry_answers_no_more(intake: Intake, own: OwnRegistry, slug: str) -> None:
    own.put(slug, alarm_patterns=[f"{slug}-*"])
    own.take(slug)
    taken(intake, own.store(), intake.event(name=f"{slug}-errors"))

    assert stranger(intake, f"{slug}-errors").owner == FALLBACK


def test_fault_22_a_tag_does_not_overrule_the_registry(intake: Intake, own: OwnRegistry, slug: str) -> None:
    own.put(slug)
    event = json.loads(intake.event(name=f"{slug}-errors", integration=slug))
    event["detail"]["alarmTags"] = {"owner": "mallory@example.com", "Integration": "another-one"}
    taken(intake, own.store(), json.dumps(event))

    assert only(intake, slug).owner.name == ANA.name


@pytest.mark.parametrize("times", [1, 2, 5])
def test_fault_23_a_throttled_registry_delays_nothing_and_the_owner_comes_with_the_next_news(
    intake: Intake, own: OwnRegistry, slug: str, times: int
) -> None:
    own.put(slug, alarm_patterns=[f"{slug}-*"], data_classes=["consent"], severity="SEV2")
    name = f"{slug}-errors"
    registry = own.store(Throttled(own.dynamodb, times))
    taken(intake, registry, intake.event(name=name))
    opened = stranger(intake, name)
    assert (opened.owner, opened.owner_pending, opened.severity) == (FALLBACK, True, Severity.SEV2)

    taken(intake, own.store(), intake.event("OK", 5, name=name))

    given = only(intake, slug)
    assert (given.number, given.owner.name, given.owner_note) == (opened.number, ANA.name, "")
    assert (given.consent, given.owner_pending, given.recovered_at) == (True, False, at(5))
    assert [entry.fact for entry in intake.store.timeline(given.number)][-1] is Fact.ASSIGNED


def test_fault_23_an_ended_incident_goes_on_although_its_row_cannot_be_looked_at_again(
    intake: Intake, own: OwnRegistry, slug: str
) -> None:
    own.put(slug, alarm_patterns=[f"{slug}-*"])
    client = Throttled(own.dynamodb, 0)
    registry = own.store(client)
    taken(intake, registry, intake.event(name=f"{slug}-errors"))
    resolve(intake.store, only(intake, slug).number, an_actor(), now=at(10))

    client.left = 99
    taken(intake, registry, intake.event("ALARM", 20, name=f"{slug}-errors"))

    again = only(intake, slug)
    assert (again.is_open, again.reopened, again.owner.name) == (True, 1, ANA.name)


def test_fault_23_the_timer_finds_the_owner_too_and_further_alarms_join(
    intake: Intake, own: OwnRegistry, slug: str
) -> None:
    own.put(slug, alarm_patterns=[f"{slug}-*"])
    taken(intake, own.store(Throttled(own.dynamodb, 9)), intake.event(name=f"{slug}-errors"))
    number = stranger(intake, f"{slug}-errors").number

    assert resolve_owner(intake.store, own.store(Throttled(own.dynamodb, 9)), number, at(61)).owner == FALLBACK
    assert resolve_owner(intake.store, own.store(), number, at(62)).owner.name == ANA.name
    taken(intake, own.store(), intake.event(name=f"{slug}-silence", minutes=3))

    assert {alarm.name for alarm in only(intake, slug).alarms.values()} == {f"{slug}-errors", f"{slug}-silence"}


def test_fault_23_whom_somebody_named_meanwhile_keeps_it(intake: Intake, own: OwnRegistry, slug: str) -> None:
    own.put(slug, alarm_patterns=[f"{slug}-*"], severity="SEV1")
    taken(intake, own.store(Throttled(own.dynamodb, 9)), intake.event(name=f"{slug}-errors"))
    number = stranger(intake, f"{slug}-errors").number
    assign(intake.store, number, an_actor(), BEN, now=at(61))

    given = resolve_owner(intake.store, own.store(), number, at(62))
    assert (given.owner, given.tier, given.integration) == (BEN, Severity.SEV1, slug)


def test_fault_23_when_the_registry_knows_no_row_either_nobody_asks_again(
    intake: Intake, own: OwnRegistry, slug: str
) -> None:
    taken(intake, own.store(Throttled(own.dynamodb, 9)), intake.event(name=f"{slug}-errors"))
    number = stranger(intake, f"{slug}-errors").number

    asked = resolve_owner(intake.store, own.store(), number, at(61))
    assert (asked.owner, asked.owner_pending) == (FALLBACK, False)
    assert asked.owner_note == "No row of the registry claims this alarm."
