"""Claims about taking back, and opening by hand, when the process dies in its midst: all of it happens, or none."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.errors import Refusal
from deadair.domain.incident import Incident
from deadair.usecases.merge import merge
from deadair.usecases.note_change import note_change
from deadair.usecases.open_by_hand import open_by_hand
from deadair.usecases.reopen import reopen
from deadair.usecases.resolve import resolve
from deadair.usecases.split import split
from deadair.usecases.undo import undo
from deadair.usecases.verify_consent import verify_consent
from deadair.usecases.verify_ledger import Queues, verify_ledger
from infra.target import Target
from tests.builders import an_actor, at
from tests.faults.test_steps_killed import Room, first_alarm, shape, two_incidents
from tests.rooms.killed import Life, Scene, every_crash

pytestmark = pytest.mark.stack
Step = Callable[[IncidentStore, Incident, Incident], Any]


@pytest.fixture(scope="module")
def room(stack: Target) -> Room:
    return Room(stack)


def _reopened(store: IncidentStore, one: Incident, _: Incident) -> None:
    resolve(store, one.number, an_actor(), now=at(70))
    reopen(store, one.number, an_actor(), now=at(71))


STEPS: dict[str, Step] = {
    "merge": lambda store, one, other: merge(store, one.number, other.number, an_actor(), now=at(70)),
    "split": lambda store, one, _: split(store, one.number, [first_alarm(one)], an_actor(), now=at(70)),
    "reopen": _reopened,
    "change": lambda store, one, _: note_change(
        ChangeStore(store.client, store.table), store, one.number, an_actor(), "Deployed.", now=at(70)
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_n4_a_taking_back_that_dies_and_is_asked_for_again_leaves_what_one_leaves(room: Room, name: str) -> None:
    def scene() -> Scene:
        one, other = two_incidents(room)
        STEPS[name](room.store, one, other)
        entry = next(line.id for line in reversed(room.store.timeline(one.number)) if line.source == "slack")

        def work(life: Life) -> None:
            store = IncidentStore(life(room.dynamodb), room.table)
            with suppress(Refusal):
                undo(store, one.number, an_actor(), entry=entry, now=at(80))

        return Scene(work, lambda: shape(room, one, other))

    assert "transact_write_items" in every_crash(scene)
    assert verify_ledger(room.dynamodb, room.table, Queues(None)).balances
    assert verify_consent(room.dynamodb, room.table).whole


def test_n4_an_opening_by_hand_that_dies_and_is_asked_for_again_opens_one(room: Room) -> None:
    def scene() -> Scene:
        slug = next(room.fresh)

        def work(life: Life) -> None:
            store = IncidentStore(life(room.dynamodb), room.table)
            open_by_hand(store, room.registry.rows(), slug, an_actor(), None, "It is down.", now=at(70))

        def state() -> object:
            found = room.store.of_integration(slug)
            return [(one.status, one.version, len(room.store.entries(one.number))) for one in found]

        return Scene(work, state)

    assert "transact_write_items" in every_crash(scene)
    assert verify_ledger(room.dynamodb, room.table, Queues(None)).balances
    assert verify_consent(room.dynamodb, room.table).whole
