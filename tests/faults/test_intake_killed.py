"""Claims about the intake that dies: at each of its effects, delivered again, it leaves what it would have left."""

import hashlib
import json
from collections.abc import Callable

import pytest

from infra.target import Target
from tests.builders import an_event, an_event_body, at
from tests.rooms.intake_room import Intake
from tests.rooms.killed import Life, Scene, as_told, every_crash
from tests.stack import a_table_like

pytestmark = pytest.mark.stack

ALARM, OK = "ALARM", "OK"
HUGE = "Grenzwert überschritten · " * 4000


def said(state: str, minutes: float, name: str = "one-silence", reason: str = "") -> str:
    event = json.loads(an_event_body(name, state, at(minutes)))
    event["detail"]["state"]["reason"] = reason or f"{state} at {minutes}"
    return json.dumps(event, ensure_ascii=False)


def by_reference(stack: Target, body: str) -> str:
    """The message that stands for one too big for a queue."""
    sha = hashlib.sha256(body.encode()).hexdigest()
    bucket = stack.outputs["KnowledgeBucket"]
    stack.client("s3").put_object(Bucket=bucket, Key=f"raw/{sha}", Body=body.encode())
    return json.dumps({"deadair_raw_s3": f"raw/{sha}"})


def done_to(operation: str, minutes: float, name: str = "one-silence") -> str:
    """What was done to an alarm itself."""
    event = json.loads(an_event_body(name))
    event |= {"detail-type": "CloudWatch Alarm Configuration Change", "time": at(minutes).isoformat()}
    return json.dumps(event | {"detail": {"alarmName": name, "operation": operation}})


def above(state: str, minutes: float, name: str = "one-silence") -> str:
    """What a composite alarm above another says."""
    event = json.loads(said(state, minutes, "all-of-it"))
    event["detail"]["configuration"] = {"alarmRule": f"ALARM({name})"}
    return json.dumps(event)


BATCHES: dict[str, list[list[str]]] = {
    "an alarm and its end": [[said(ALARM, 0), said(OK, 1)]],
    "an end before its alarm": [[said(OK, 1), said(OK, 3)], [said(ALARM, 0)]],
    "an end before its alarm, in one batch": [[said(OK, 1), said(ALARM, 0)]],
    "two integrations together": [[said(ALARM, 0), said(ALARM, 0, "two-errors")]],
    "two integrations, adopting and going on": [
        [said(ALARM, 0), said(OK, 2, "two-errors")],
        [said(OK, 3), said(ALARM, 1, "two-errors"), said(ALARM, 4)],
    ],
    "a second delivery": [[said(ALARM, 0)], [said(ALARM, 0)]],
    "an alarm on an alarm": [[said(ALARM, 0)], [said(ALARM, 1), said(ALARM, 2)]],
    "an alarm that is deleted": [[said(ALARM, 0)], [done_to("delete", 3), said(OK, 4)]],
    "an alarm that is deleted before it is heard": [[done_to("delete", 3)], [said(ALARM, 0)]],
    "an alarm and one above it": [[above(ALARM, 1), said(ALARM, 0)], [above(OK, 6), said(OK, 5)]],
    "an event too big for an item": [[said(ALARM, 0, reason=HUGE), said(OK, 1, reason=HUGE)]],
    "poison and what is ignored between": [
        [an_event("bad-name-number.json"), said(ALARM, 0), an_event("ignored-scheduled.json"), "no json"]
    ],
}


def a_scene(stack: Target, batches: list[list[str]]) -> Callable[[], Scene]:
    def scene() -> Scene:
        room = Intake(stack, a_table_like(stack, "IncidentsTable"))
        records = [[room.record(body, f"m-{i}-{j}") for j, body in enumerate(b)] for i, b in enumerate(batches)]

        def work(life: Life) -> None:
            for batch in records:
                consumer = room.consumer(life(room.dynamodb), s3=life(room.s3))
                assert consumer.consume(batch, at(60)) == []

        return Scene(work, lambda: as_told(room.dynamodb, room.table))

    return scene


@pytest.mark.parametrize("name", BATCHES)
def test_n4_the_intake_killed_at_any_effect_ends_the_same(stack: Target, name: str) -> None:
    every_crash(a_scene(stack, BATCHES[name]))


def test_n4_an_event_that_lies_in_the_bucket_survives_every_kill(stack: Target) -> None:
    big = by_reference(stack, said(ALARM, 0, reason=HUGE))

    effects = every_crash(a_scene(stack, [[big, said(OK, 1)]]))

    assert effects.count("transact_write_items") == 2
