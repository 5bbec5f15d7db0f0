"""Claims about who an alarm is, which news are the same, and what is not trusted."""

import json
from itertools import permutations
from typing import Any

import pytest

from deadair.domain.ownership import Scope
from tests.builders import an_event, an_event_body, at
from tests.rooms.intake_room import Intake

pytestmark = pytest.mark.stack
ACCOUNTS = ("111111111111", "222222222222")


def states(intake: Intake, name: str = "") -> list[str]:
    (incident,) = intake.incidents(name)
    return [entry.details["state"] for entry in intake.store.timeline(incident.number)]


def test_fault_01_three_deliveries_and_one_more_a_week_later_are_one_entry(intake: Intake) -> None:
    told = intake.take(*[intake.event()] * 3)
    record = intake.record(intake.event())
    assert intake.consumer().consume([record], at(60 + 7 * 1440)) == []

    outcomes = [one["outcome"] for one in told] + [intake.outcome(record["messageId"])["outcome"]]
    assert sorted(outcomes) == ["duplicate"] * 3 + ["opened"]
    assert states(intake) == ["ALARM"]


def test_fault_02_a_twin_of_another_source_with_another_id_is_the_same_transition(intake: Intake) -> None:
    twin = json.loads(intake.event()) | {"id": "another", "source": "aws.monitoring"}
    told = intake.take(intake.event(), json.dumps(twin))

    assert [one["outcome"] for one in told] == ["opened", "duplicate"]


def test_fault_03_one_event_id_for_two_alarms_and_two_states_are_three_transitions(intake: Intake) -> None:
    other = f"{intake.name}-other"
    bodies = [intake.event(), intake.event("OK", 1), intake.event(name=other)]
    assert len({json.loads(body)["id"] for body in bodies}) == 1
    intake.take(*bodies)

    assert states(intake) == ["ALARM", "OK"]
    assert states(intake, other) == ["ALARM"]


@pytest.mark.parametrize("order", sorted(set(permutations(["ALARM", "ALARM", "OK"]))))
def test_fault_04_an_ok_before_its_alarm_recovers_it(intake: Intake, order: tuple[str, ...]) -> None:
    for state in order:
        intake.take(intake.event(state, minutes=5 if state == "OK" else 0))

    assert states(intake) == ["ALARM", "OK"]
    assert intake.incidents()[0].recovered_at == at(5)


@pytest.mark.parametrize("order", [["ALARM", "OK"], ["OK", "ALARM"]])
def test_fault_05_at_the_same_instant_the_alarm_wins(intake: Intake, order: list[str]) -> None:
    for state in order:
        intake.take(intake.event(state))

    assert sorted(states(intake)) == ["ALARM", "OK"]
    assert intake.incidents()[0].recovered_at is None


@pytest.mark.parametrize("told", ["ALARM", "OK", "INSUFFICIENT_DATA"])
def test_fault_12_what_has_never_been_in_alarm_opens_nothing(intake: Intake, told: str) -> None:
    (one,) = intake.take(intake.event(told))

    assert one["outcome"] == ("opened" if told == "ALARM" else "ignored")
    assert one.get("reason", "") != ("" if told != "ALARM" else "no_open_incident")


def test_fault_15_one_name_in_two_accounts_regions_and_partitions_is_four_incidents(intake: Intake) -> None:
    def lying(region: str, partition: str, account: str) -> str:
        event = json.loads(intake.event(account=account)) | {"region": region}
        event["resources"] = [f"arn:{partition}:cloudwatch:{region}:{account}:alarm:{intake.name}"]
        return json.dumps(event)

    places = [
        ("eu-central-1", "aws", ACCOUNTS[0]),
        ("eu-central-1", "aws", ACCOUNTS[1]),
        ("eu-west-1", "aws", ACCOUNTS[0]),
        ("cn-north-1", "aws-cn", ACCOUNTS[0]),
    ]
    told = intake.take(*(lying(*place) for place in places))

    assert [one["outcome"] for one in told] == ["opened"] * 4
    assert len({incident.integration for incident in intake.incidents()}) == 4


def test_fault_16_an_event_that_speaks_for_another_account_is_a_dead_letter(intake: Intake) -> None:
    event = json.loads(intake.event())
    event["resources"] = [f"arn:aws:cloudwatch:eu-central-1:{ACCOUNTS[1]}:alarm:{intake.name}"]
    (told,) = intake.take(json.dumps(event))

    assert (told["outcome"], told["reason"]) == ("dead_lettered", "account_mismatch")
    assert told["raw"] == json.dumps(event)


def test_fault_16_an_account_that_is_not_admitted_is_ignored_and_counted(intake: Intake) -> None:
    record = intake.record(intake.event(account=ACCOUNTS[1]))
    intake.consumer(scope=Scope(accounts=(ACCOUNTS[0],))).consume([record], at(60))

    assert intake.outcome(record["messageId"])["reason"] == "account_out_of_scope"


def test_fault_16_an_account_of_letters_is_a_dead_letter_and_thirteen_digits_are_not(intake: Intake) -> None:
    told = intake.take(
        json.dumps(json.loads(intake.event()) | {"account": "XXXXXXX"}), intake.event(account="1234567890123")
    )

    assert [one["outcome"] for one in told] == ["dead_lettered", "opened"]


ODD_NAMES = {
    "right to left": "pay\u202etxt.exe",
    "zero width": "pay\u200bment",
    "nul and escapes": "pay\x00\x1b[31mment",
    "composed": "cafe\u0301",
    "decomposed": "caf\u00e9",
    "upper case": "PAYMENT",
    "lower case": "payment",
    "space behind": "payment ",
    "key of ours": "LINE#payment#HEAD",
    "way up": "../../etc/passwd",
}


def test_fault_35_odd_names_are_kept_exactly_and_shown_harmlessly(intake: Intake) -> None:
    names = [f"{intake.name} {name}" for name in ODD_NAMES.values()]
    told = [intake.take(intake.event(name=name))[0] for name in names]

    assert [one["outcome"] for one in told] == ["opened"] * len(names)
    assert len({one["incident"] for one in told}) == len(names)
    for name, one in zip(names, told, strict=True):
        incident = intake.store.get(int(one["incident"].removeprefix("INC-")))
        (entry,) = intake.store.timeline(incident.number)
        shown = incident.integration_name + entry.text
        assert not set(shown) & set("\u202e\u200b\x00\x1b\n")
        raw = [item["raw"] for item in intake.items() if item.get("incident") == incident.id and "raw" in item]
        assert [json.loads(text)["detail"]["alarmName"] for text in raw] == [name]


def test_fault_35_a_name_that_is_no_text_is_a_dead_letter(intake: Intake) -> None:
    (told,) = intake.take(intake.event(name=f"{intake.name}\ud800"))

    assert (told["outcome"], told["reason"]) == ("dead_lettered", "wrong_field")


@pytest.mark.parametrize("name", ["cafe\u0301 ", "A#B", "a\x00b"])
def test_fault_35_the_second_delivery_of_an_odd_name_is_known(intake: Intake, name: str) -> None:
    told = intake.take(*[intake.event(name=intake.name + name)] * 2)

    assert [one["outcome"] for one in told] == ["opened", "duplicate"]


def test_n2_the_transition_is_known_by_alarm_state_and_its_own_time_alone(intake: Intake) -> None:
    event = json.loads(intake.event())
    event["detail"]["state"]["reason"] = "In other words."
    told = intake.take(intake.event(), json.dumps(event | {"id": "x", "time": "2026-11-02T12:00:09Z", "new-key": {}}))

    assert [one["outcome"] for one in told] == ["opened", "duplicate"]


def test_fault_13_shapes_without_a_metric_or_data_are_accepted(intake: Intake) -> None:
    shapes: dict[str, Any] = {
        name: json.loads(an_event(f"alarm-{name}.json")) for name in ("anomaly", "metric-math", "insights-partial")
    }
    shapes["bare"] = json.loads(an_event_body(configuration=None))
    for name, event in shapes.items():
        event["detail"]["alarmName"] = f"{intake.name}-{name}"
        event["resources"] = []
    told = intake.take(*map(json.dumps, shapes.values()))

    assert [one["outcome"] for one in told] == ["opened"] * len(shapes)
    (partial,) = intake.incidents(f"{intake.name}-insights-partial")
    assert "evaluated on partial data" in intake.store.timeline(partial.number)[0].text


def test_fault_13_a_contributor_is_ignored_because_its_alarm_speaks_for_it(intake: Intake) -> None:
    (told,) = intake.take(an_event("ignored-contributor.json"))

    assert (told["outcome"], told["reason"]) == ("ignored", "contributor_of_an_alarm")
