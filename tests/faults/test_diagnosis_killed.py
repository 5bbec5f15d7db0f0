"""Claims about the diagnosis room that dies: whenever it does, the finding is there once, and later looks are due."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from deadair.adapters.sqs.diagnosis import DiagnosisQueue
from deadair.domain.alarm import Signal
from deadair.domain.severity import FailureClass
from diagnosis.consumer import consume
from diagnosis.events import Message, Wish
from infra.target import Target
from tests.rooms.diagnosis_room import Diagnosis
from tests.rooms.killed import Killed, Life, Scene, as_told, every_crash

pytestmark = pytest.mark.stack
START = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=60)
OPENED = '{"detail-type": "incident.opened.v1", "detail": {"incident": "INC-42"}}'
JOINED = '{"detail-type": "incident.alarm_recorded.v1", "detail": {"incident": "INC-42"}}'


class Sent:
    """A queue that keeps what was put into it, each message once: a second one finds nothing due."""

    def __init__(self) -> None:
        self.messages: set[tuple[str, int]] = set()

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int) -> None:  # noqa: N803 - as boto3 has it
        self.messages.add((MessageBody, DelaySeconds))


def a_scene(stack: Target) -> Callable[[], Scene]:
    def scene() -> Scene:
        room, sent = Diagnosis(stack, slug="form-killed", group=f"/killed/{uuid4().hex}", start=START), Sent()
        room.row()
        room.incident(Signal.FRESHNESS)
        room.lines("ERROR invalid_grant")
        joined: list[bool] = []

        def work(life: Life) -> None:
            """An opening, an alarm that joins a while later, and a look long after."""
            for place, (body, minutes) in enumerate(((OPENED, 2), (JOINED, 6), (JOINED, 30))):
                if place == 1 and not joined:
                    room.joins(room.alarm(Signal.SILENCE, 5))
                    joined.append(True)

                def look(wish: Wish, minutes: float = minutes) -> object:
                    return room.diagnoser(life).look(wish.number, room.at(minutes), nudged=wish.nudged)

                later = DiagnosisQueue(life(sent), "queue").look_later
                assert consume([Message(messageId="m", body=body)], look, later) == []

        return Scene(work, lambda: (as_told(room.dynamodb, room.table), sent.messages))

    return scene


def test_n4_a_diagnosis_that_dies_at_any_effect_leaves_one_finding_and_its_later_looks(stack: Target) -> None:
    effects = every_crash(a_scene(stack))

    assert effects.count("transact_write_items") == 3
    assert effects.count("send_message") == 2


def test_fault_25_a_look_that_died_before_it_was_written_is_made_again(stack: Target) -> None:
    room = Diagnosis(stack)
    room.row()
    room.incident()
    room.lines("ERROR invalid_grant")

    for after in (False, True):
        with pytest.raises(Killed):
            room.diagnoser(Life(1, after=after)).look(42, room.at(2), nudged=True)

    assert room.found().failure_class is FailureClass.AUTH
    assert len(room.told()) == 1
