"""Claims about what odd news cost: no more calls to AWS than plain ones."""

import json

import pytest

from infra.target import Target
from tests.bench.counting import Counting
from tests.builders import an_event_body, at
from tests.rooms.intake_room import Intake
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
CHILDREN = [f"below-{i}" for i in range(10)]


def calls(room: Intake, body: str) -> int:
    dynamodb = Counting(room.dynamodb)
    assert room.consumer(dynamodb).consume([room.record(body)], at(60)) == []
    return dynamodb.calls.total()


def above(state: str = "ALARM", minutes: float = 0) -> str:
    event = json.loads(an_event_body("above", state, at(minutes)))
    event["detail"]["configuration"] = {"alarmRule": " OR ".join(f"ALARM({name})" for name in CHILDREN)}
    return json.dumps(event)


def deleted(name: str) -> str:
    event = json.loads(an_event_body(name)) | {"detail-type": "CloudWatch Alarm Configuration Change"}
    return json.dumps(event | {"time": at(9).isoformat(), "detail": {"alarmName": name, "operation": "delete"}})


def test_n1_news_cost_four_calls_whatever_they_are(stack: Target) -> None:
    room = Intake(stack, a_table_like(stack, "IncidentsTable"))
    calls(room, an_event_body("warm"))
    plain = {"opening": an_event_body("plain"), "recovering": an_event_body("plain", "OK", at(1))}
    odd = {"opening": above(), "recovering": above("OK", 1), "an early OK": an_event_body("early", "OK", at(4))}
    odd |= {"adopting it": an_event_body("early"), "a deleted alarm": deleted("plain")}

    assert {name: calls(room, body) for name, body in plain.items()} == {"opening": 4, "recovering": 4}
    assert {name: calls(room, body) for name, body in odd.items()} == {
        "opening": 4,
        "recovering": 4,
        "an early OK": 3,
        "adopting it": 4,
        "a deleted alarm": 4,
    }
