"""Claims about how much a request matters for the next save."""

import pytest

from infra.local.requests import Weight, weight

SIGNALS = "/_aws/execute-api/abc/$default/v1/signals"
ROOM = b"Boto3/1.42 md/Botocore#1.42 app/"


def of(path: str = "/", method: str = "POST", *, agent: bytes = b"deadair", target: bytes = b"") -> Weight:
    return weight(method, path, {b"user-agent": agent, b"x-amz-target": target})


@pytest.mark.parametrize("action", [b"Query", b"GetItem", b"BatchGetItem", b"DescribeTable", b"ListTables"])
def test_reads_change_nothing(action: bytes) -> None:
    assert of(target=b"DynamoDB_20120810." + action) is Weight.NOTHING


def test_whoever_only_looks_changes_nothing() -> None:
    assert of(agent=b"Boto3/1.42 deadair-looks", target=b"DynamoDB_20120810.PutItem") is Weight.NOTHING
    assert of("/_aws/execute-api/abc/$default/incidents", "GET") is Weight.NOTHING


@pytest.mark.parametrize("action", [b"PutItem", b"TransactWriteItems", b"UpdateItem", b"DeleteItem"])
def test_a_write_is_state(action: bytes) -> None:
    assert of(target=b"DynamoDB_20120810." + action) is Weight.STATE
    assert of(target=b"DynamoDB_20120810." + action, agent=ROOM + b"alarm_intake") is Weight.STATE


def test_a_request_that_does_not_say_what_it_does_is_state() -> None:
    assert of() is Weight.STATE
    assert of("/bucket/key", "PUT") is Weight.STATE
    assert of("/service/GraniteServiceVersion20100801/operation/SetAlarmState") is Weight.STATE


def test_signals_on_their_way_are_numbers_from_the_door_to_the_metric() -> None:
    assert of(SIGNALS) is Weight.NUMBERS
    assert of(SIGNALS.replace("signals", "heartbeats/feed/secret"), "GET") is Weight.NUMBERS
    assert of(agent=ROOM + b"web", target=b"AmazonSQS.SendMessage") is Weight.NUMBERS
    assert of(agent=ROOM + b"signal_intake", target=b"DynamoDB_20120810.TransactWriteItems") is Weight.NUMBERS
    assert of("/service/GraniteServiceVersion20100801/operation/PutMetricData") is Weight.NUMBERS


def test_what_other_rooms_send_to_a_queue_is_state() -> None:
    assert of(agent=ROOM + b"notifier", target=b"AmazonSQS.SendMessage") is Weight.STATE
    assert of(agent=ROOM + b"web", target=b"DynamoDB_20120810.TransactWriteItems") is Weight.STATE
