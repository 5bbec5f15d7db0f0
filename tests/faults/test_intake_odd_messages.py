"""Claims about messages that are broken, huge or rubbish, and neighbours that refuse: nothing lost, none held up."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from deadair.adapters.dynamodb.incidents import incident_item
from deadair.domain.alarm import AlarmState
from deadair.domain.holding import Hold
from deadair.domain.incident import Incident
from deadair.usecases.verify_ledger import Queues, verify_ledger
from infra.target import Target
from tests.builders import an_alarm, an_incident, at
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.intake_room import Intake

pytestmark = pytest.mark.stack
ITEM = 400 * 1024
HUGE = "Grenzwert überschritten \N{PILE OF POO} · "


def wrapped(data: bytes) -> str:
    return json.dumps({"deadair_raw_base64": base64.b64encode(data).decode()})


def nested(intake: Intake, levels: int) -> str:
    return intake.event()[:-1] + ', "x": ' + '{"a":' * levels + "1" + "}" * levels + "}"


BROKEN: dict[str, tuple[Callable[[Intake], str], str]] = {
    "cut off": (lambda intake: intake.event()[:-9], "not_json"),
    "empty": (lambda _: "", "not_json"),
    "not UTF-8": (lambda _: wrapped(b'{"detail-type": "\xff\xfe"}'), "invalid_utf8"),
    "no base64": (lambda _: '{"deadair_raw_base64": "%%%"}', "wrong_field"),
    "nested 3000 deep": (lambda intake: nested(intake, 3000), "too_deep"),
    "nested 300 deep": (lambda intake: nested(intake, 300), "too_deep"),
    "a list": (lambda intake: f"[{intake.event()}]", "unknown_shape"),
    "a number": (lambda _: "NaN", "unknown_shape"),
    "no name": (lambda intake: intake.event(name=""), "wrong_field"),
    "no detail": (lambda intake: json.dumps(json.loads(intake.event()) | {"detail": None}), "wrong_field"),
    "detail of rubbish": (lambda intake: json.dumps(json.loads(intake.event()) | {"detail": [1]}), "wrong_field"),
    "another state": (lambda intake: intake.event("BROKEN"), "wrong_field"),
    "a message of its own": (lambda _: '{"hello": "world"}', "unknown_shape"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_fault_19_21_a_broken_message_is_kept_with_its_reason_and_its_neighbours_are_recorded(
    intake: Intake, name: str
) -> None:
    make, reason = BROKEN[name]
    broken, other = make(intake), f"{intake.name}-other"
    told = intake.take(intake.event(), broken, intake.event(name=other))

    assert [one["outcome"] for one in told] == ["opened", "dead_lettered", "opened"]
    assert (told[1]["reason"], told[1].get("raw", "")) == (reason, broken)
    assert told[1]["message"].endswith(".")


@pytest.mark.parametrize("mark", ["\ufeff", " \n"])
def test_fault_19_a_mark_before_the_text_hides_nothing(intake: Intake, mark: str) -> None:
    (told,) = intake.take(mark + intake.event())

    assert told["outcome"] == "opened"


def test_fault_19_of_a_key_that_comes_twice_the_last_counts_and_not_a_number_is_no_harm(intake: Intake) -> None:
    text = intake.event().replace('"region":', '"region": "us-east-1", "x": NaN, "region":', 1)
    (told,) = intake.take(text)

    assert told["outcome"] == "opened"
    assert intake.store.timeline(intake.incidents()[0].number)[0].details["region"] == "eu-central-1"


def test_fault_20_one_poison_of_ten_ends_alone_and_ten_of_ten_end_all(intake: Intake) -> None:
    names = [f"{intake.name}-{i}" for i in range(9)]
    told = intake.take(*(intake.event(name=name) for name in names), "poison")
    assert [one["outcome"] for one in told] == ["opened"] * 9 + ["dead_lettered"]

    told = intake.take(*(f"poison {i}" for i in range(10)))
    assert [one["outcome"] for one in told] == ["dead_lettered"] * 10


def test_fault_20_what_fails_to_be_read_for_reasons_of_ours_comes_again_alone(intake: Intake, stack: Target) -> None:
    s3 = Faulty(stack.client("s3"), "get_object", EndpointConnectionError(endpoint_url="x"), times=99)
    records = [
        intake.record(body)
        for body in (intake.event(), json.dumps({"deadair_raw_s3": f"raw/{'0' * 64}"}), intake.event("OK", 1))
    ]

    assert intake.consumer(s3=s3).consume(records, at(60)) == [records[1]["messageId"]]
    assert intake.incidents()[0].recovered_at == at(1)


def huge(intake: Intake, characters: int, **more: Any) -> str:
    event = json.loads(intake.event(**more))
    event["detail"]["state"]["reason"] = (HUGE * (1 + characters // len(HUGE)))[:characters]
    return json.dumps(event, ensure_ascii=False)


@pytest.mark.parametrize("characters", [10_000, 16_384, 240_000, 510_000])
def test_fault_34_a_huge_reason_is_kept_whole_by_its_hash_and_shown_short(intake: Intake, characters: int) -> None:
    body = huge(intake, characters)
    (told,) = intake.take(body)

    (incident,) = intake.incidents()
    mine = [item for item in intake.items() if incident.id in (item.get("incident"), item["pk"].replace("#", "-"))]
    assert all(len(json.dumps(item, default=str, ensure_ascii=False).encode()) < ITEM for item in mine)
    (kept,) = [item for item in mine if item["pk"].startswith("ALARM#")]
    whole = intake.s3.get_object(Bucket=intake.bucket, Key=kept["raw_ref"])["Body"].read() if "raw_ref" in kept else b""
    assert (whole.decode() or kept["raw"]) == body
    assert told["outcome"] == "opened"


def test_fault_34_a_huge_dead_letter_is_kept_whole(intake: Intake) -> None:
    body = huge(intake, 300_000, name="")
    (told,) = intake.take(body)

    assert told["outcome"] == "dead_lettered"
    assert intake.s3.get_object(Bucket=intake.bucket, Key=told["raw_ref"])["Body"].read().decode() == body


def test_fault_34_five_hundred_metrics_and_fifty_thousand_points_open_an_incident(intake: Intake) -> None:
    event = json.loads(intake.event())
    metrics = event["detail"]["configuration"]["metrics"]
    event["detail"]["configuration"]["metrics"] = metrics * 500
    event["detail"]["state"]["reasonData"] = json.dumps({"recentDatapoints": [0.5] * 50_000, "threshold": 1.0})
    (told,) = intake.take(json.dumps(event))

    assert told["outcome"] == "opened"


def test_fault_34_an_incident_of_very_many_alarms_with_very_long_names_fits_into_its_item() -> None:
    incident: Incident = an_incident()
    hold = Hold(at(90), "suppressed in CloudWatch", "\N{PILE OF POO}" * 60)
    for i in range(500):
        name = f"{i:04d}" + "\N{PILE OF POO}" * 250
        for minute in range(5):
            incident = incident.with_transition(an_alarm(AlarmState.ALARM, minute, name=name, quiet=hold))

    assert 200 < len(incident.alarms) < 400
    assert incident.recovered_at is None
    assert len(json.dumps(incident_item(incident), ensure_ascii=False).encode()) < 1.5 * ITEM
    assert _bytes(incident_item(incident)) < ITEM


def _bytes(item: Any) -> int:
    """What DynamoDB counts: names and values in UTF-8, 3 bytes for a map or list and 1 for each of its members."""
    size = 0
    for name, value in item.items():
        size += len(name.encode()) + _value_bytes(value)
    return size


def _value_bytes(value: dict[str, Any]) -> int:
    ((kind, inner),) = value.items()
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _value_bytes(each) for name, each in inner.items())
    if kind == "L":
        return 3 + sum(1 + _value_bytes(each) for each in inner)
    return len(str(inner).encode())


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "InternalServerError", "ProvisionedThroughputExceededException"]
)
def test_fault_24_a_table_that_refuses_brings_the_messages_again_and_then_records_them(
    intake: Intake, code: str
) -> None:
    records = [intake.record(intake.event(name=f"{intake.name}-{i}")) for i in range(3)]
    client = Faulty(intake.dynamodb, "transact_write_items", refusal(code, "TransactWriteItems"), times=99)
    assert intake.consumer(client).consume(records, at(60)) == [record["messageId"] for record in records]

    assert intake.consumer().consume(records, at(61)) == []
    assert [intake.outcome(record["messageId"])["outcome"] for record in records] == ["opened"] * 3


def test_fault_24_a_condition_that_does_not_hold_means_that_it_is_done(intake: Intake) -> None:
    lost = refusal("TransactionCanceledException", "TransactWriteItems", "ConditionalCheckFailed", "None")
    client = Faulty(intake.dynamodb, "transact_write_items", lost, times=2)
    record = intake.record(intake.event())

    assert intake.consumer(client).consume([record], at(60)) == []
    assert intake.outcome(record["messageId"])["outcome"] == "opened"


def test_fault_24_a_write_whose_answer_was_lost_is_a_write(intake: Intake) -> None:
    class Deaf(Faulty):
        def _call(self, real: Callable[..., Any], *named: Any, **request: Any) -> Any:
            real(*named, **request)
            self.calls += 1
            if self.calls == 1:
                raise self.error
            return {}

    client = Deaf(intake.dynamodb, "transact_write_items", EndpointConnectionError(endpoint_url="x"))
    record = intake.record(intake.event())
    assert intake.consumer(client).consume([record], at(60)) == [record["messageId"]]

    assert intake.consumer().consume([record], at(61)) == []
    assert len(intake.store.timeline(intake.incidents()[0].number)) == 1


def test_n1_everything_that_these_claims_sent_is_accounted_for(intake: Intake) -> None:
    intake.take(intake.event(), intake.event("OK", 1), "not json at all")

    balance = verify_ledger(intake.dynamodb, intake.table, Queues(None))
    assert [problem for problem in balance.problems if "nowhere" not in problem] == []
