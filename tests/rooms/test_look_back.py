"""Claims about what came before an incident: found with the first look, told once, and held up by nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deadair.adapters.dynamodb.incidents import incident_item
from deadair.adapters.dynamodb.outlines import OutlineStore
from deadair.adapters.dynamodb.transact import commit, put
from deadair.domain.alarm import Signal
from deadair.domain.history import History
from deadair.domain.severity import FailureClass
from deadair.domain.timeline import Entry, Fact
from deadair.usecases.look_back import LookBack
from deadair.usecases.name_cause import name_cause
from infra.target import Target
from tests.builders import an_actor
from tests.rooms.diagnosis_room import Diagnosis
from tests.rooms.faulty import Faulty, refusal

pytestmark = pytest.mark.stack
ROTATED = "Rotated the refresh token"


@pytest.fixture
def room(stack: Target) -> Diagnosis:
    room = Diagnosis(stack)
    room.row()
    return room


def earlier(room: Diagnosis, number: int, days_ago: float, fix: str = ROTATED, cause: str = "silence") -> None:
    """One that is over, of the same integration."""
    at = room.start - timedelta(days=days_ago)
    like = replace(room.now(), number=number, sort_id=f"{at.isoformat(timespec='milliseconds')}#{number:09d}")
    like = replace(like, opened_at=at, started_at=at, detected_at=at, cause=FailureClass(cause))
    over = like.acknowledge("Ana", at).resolve("Ana", fix, at + timedelta(hours=2))
    commit(room.dynamodb, [put(room.table, incident_item(over))])


def repeats(room: Diagnosis) -> list[Entry]:
    return [entry for entry in room.store.timeline(42) if entry.fact is Fact.REPEATED]


def history(room: Diagnosis) -> History:
    found = room.found().history
    assert found is not None
    return found


def test_the_third_time_in_ninety_days_is_told_once(room: Diagnosis) -> None:
    room.incident(Signal.SILENCE)
    earlier(room, 3, 80)
    earlier(room, 17, 20)

    room.look()
    room.look(5)
    room.look(9, nudged=True)

    assert [entry.text for entry in repeats(room)] == ["Third time in 90 days: INC-3, INC-17."]
    assert repeats(room)[0].details["incidents"] == "INC-3,INC-17"
    assert (history(room).numbers, history(room).count) == ((3, 17), 3)


def test_the_second_time_is_known_and_no_pattern(room: Diagnosis) -> None:
    room.incident(Signal.SILENCE)
    earlier(room, 17, 20)

    room.look()

    assert (repeats(room), history(room).numbers, history(room).is_pattern) == ([], (17,), False)


def test_a_remedy_that_failed_twice_is_known_as_it_breaks_again(room: Diagnosis) -> None:
    room.incident(Signal.SILENCE)
    earlier(room, 3, 40)
    earlier(room, 17, 20, "rotated refresh token again")

    room.look()

    assert [(one.number, one.shown_by) for one in history(room).failed] == [(17, 42)]


def test_another_cause_has_another_past(room: Diagnosis) -> None:
    room.incident(Signal.SILENCE)
    for number, days in ((3, 60), (4, 50), (5, 40)):
        earlier(room, number, days, cause="auth")
    room.look()
    assert repeats(room) == []

    name_cause(room.store, 42, an_actor(), FailureClass.AUTH, now=room.at(3))
    room.look(4, nudged=True)

    assert [entry.text for entry in repeats(room)] == ["Fourth time in 90 days: INC-3, INC-4, INC-5."]


def test_a_table_that_does_not_answer_leaves_what_was_known(room: Diagnosis) -> None:
    incident = room.incident(Signal.SILENCE)
    earlier(room, 17, 20)
    room.look()
    silent = Faulty(room.dynamodb, "get_paginator", refusal("ThrottlingException", "Query"))

    kept = LookBack(OutlineStore(silent, room.table)).at(incident, history(room))

    assert kept == history(room)


def test_a_drill_has_no_past(room: Diagnosis) -> None:
    room.incident(Signal.SILENCE, drill=True)
    earlier(room, 17, 20)

    room.look()

    assert room.found().history is None
