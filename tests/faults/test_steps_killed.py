"""Claims about a person's step, and news after it, when the process dies in their midst: all of it happens, or none."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.errors import Refusal
from deadair.domain.incident import Incident
from deadair.domain.severity import Severity
from deadair.domain.timeline import Fact
from deadair.usecases.merge import merge
from deadair.usecases.reopen import reopen
from deadair.usecases.resolve import resolve
from deadair.usecases.set_severity import set_severity
from deadair.usecases.split import split
from deadair.usecases.verify_consent import verify_consent
from deadair.usecases.verify_ledger import Queues, verify_ledger
from infra.target import Target
from tests.builders import an_actor, at
from tests.faults.rows import rows_of
from tests.rooms.intake_room import Intake
from tests.rooms.killed import Life, Scene, every_crash
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
Step = Callable[[IncidentStore, Incident, Incident], Any]


SLUGS = [f"feed-{number:03}" for number in range(100)]


class Room(Intake):
    """The intake with a registry of many rows, which are used up two by two."""

    def __init__(self, stack: Target) -> None:
        super().__init__(stack, a_table_like(stack, "IncidentsTable"))
        self.registry = rows_of(stack, {slug: {"data_classes": ["consent"], "severity": "SEV2"} for slug in SLUGS})
        self.fresh = iter(SLUGS)


@pytest.fixture(scope="module")
def room(stack: Target) -> Room:
    return Room(stack)


def two_incidents(room: Room) -> tuple[Incident, Incident]:
    """Two about consent with two alarms each."""
    slugs = [next(room.fresh), next(room.fresh)]
    room.take(*[room.event(name=f"{slug}-{what}") for slug in slugs for what in ("errors", "silence")])
    one, other = (room.store.of_integration(slug)[0] for slug in slugs)
    return one, other


def first_alarm(incident: Incident) -> str:
    return min(alarm.name for alarm in incident.alarms.values())


STEPS: dict[str, Step] = {
    "merge": lambda store, one, other: merge(store, other.number, one.number, an_actor(), now=at(70)),
    "split": lambda store, one, _: split(store, one.number, [first_alarm(one)], an_actor(), now=at(70)),
    "resolve": lambda store, one, _: resolve(store, one.number, an_actor(), now=at(70)),
}


def shape(room: Room, one: Incident, other: Incident) -> object:
    """What must be the same: numbers apart, which a death may use up."""
    slugs = (one.integration, other.integration)
    found = sorted((i for slug in slugs for i in room.store.of_integration(slug)), key=lambda i: i.number)
    return [
        (
            slugs.index(i.integration),
            (i.status, i.ending, i.version, len(i.alarms)),
            [e.fact for e in room.store.timeline(i.number)],
        )
        for i in found
    ]


@pytest.mark.parametrize("name", STEPS)
def test_n4_a_step_that_dies_and_is_taken_again_leaves_what_one_leaves(room: Room, name: str) -> None:
    def scene() -> Scene:
        one, other = two_incidents(room)

        def work(life: Life) -> None:
            with suppress(Refusal):
                STEPS[name](IncidentStore(life(room.dynamodb), room.table), one, other)

        return Scene(work, lambda: shape(room, one, other))

    assert "transact_write_items" in every_crash(scene)
    assert verify_ledger(room.dynamodb, room.table, Queues(None)).balances
    assert verify_consent(room.dynamodb, room.table).whole


def test_n4_an_alarm_that_reopens_does_so_once_wherever_it_dies(room: Room) -> None:
    def scene() -> Scene:
        one, _ = two_incidents(room)
        resolve(room.store, one.number, an_actor(), now=at(70))
        record = room.record(room.event("ALARM", 80, name=first_alarm(one)))

        def work(life: Life) -> None:
            assert room.consumer(life(room.dynamodb)).consume([record], at(81)) == []

        def state() -> tuple[bool, int, int]:
            again = room.store.get(one.number)
            facts = [entry.fact for entry in room.store.timeline(one.number)]
            return again.is_open, again.reopened, facts.count(Fact.REOPENED)

        return Scene(work, state)

    every_crash(scene)
    world = scene()
    world.work(Life())
    assert world.state() == (True, 1, 1)
    assert verify_ledger(room.dynamodb, room.table, Queues(None)).balances
    assert verify_consent(room.dynamodb, room.table).whole


def test_a_step_in_the_midst_of_alarms_keeps_the_log_of_consent_whole(room: Room) -> None:
    one, _ = two_incidents(room)
    room.take(room.event("OK", 61, name=first_alarm(one)))
    set_severity(room.store, one.number, an_actor(), Severity.SEV1, "A launch.", now=at(62))
    resolve(room.store, one.number, an_actor(), now=at(63))
    reopen(room.store, one.number, an_actor(), "Not yet.", now=at(64))
    room.take(room.event("ALARM", 65, name=first_alarm(one)))

    assert verify_consent(room.dynamodb, room.table).whole
