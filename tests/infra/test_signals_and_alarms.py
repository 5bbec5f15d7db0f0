"""Claims about the rooms that turn rows into alarms and signals into metrics: what starts them, what they may touch."""

import json

import pytest

from deadair.adapters.dynamodb import keys
from infra.config import stage_named
from postmortem_writer.events import asks_to_reconcile
from tests.infra.template import Template, target

BEGINNINGS = [{"S": [{"prefix": "ROW#"}]}, {"S": [{"prefix": "RETIRED#"}]}]
HALF_AN_HOUR = 1800
WRITES = ("dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem")


def test_a_changed_row_starts_the_provisioner_and_an_audit_entry_does_not(either: Template) -> None:
    mapping = either.mapping("alarm_provisioner", "DataRegistry")

    patterns = [json.loads(one["Pattern"]) for one in mapping["FilterCriteria"]["Filters"]]

    assert patterns == [{"dynamodb": {"Keys": {"sk": beginning}}} for beginning in BEGINNINGS]
    assert keys.row("x")["sk"]["S"].startswith("ROW#")
    assert keys.retired_row("x")["sk"]["S"].startswith("RETIRED#")
    assert not keys.audit_entry(1)["sk"]["S"].startswith(("ROW#", "RETIRED#"))


def test_rows_that_cannot_be_handed_on_are_split_then_kept(either: Template) -> None:
    mapping = either.mapping("alarm_provisioner", "DataRegistry")

    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] > 0
    assert mapping["MaximumRecordAgeInSeconds"] < 24 * 3600
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    given_up = target(mapping["DestinationConfig"]["OnFailure"]["Destination"])
    assert given_up.startswith("AlarmProvisionerGivenUp")


def test_positions_of_the_stream_never_lie_among_messages_that_a_redrive_sends_back(either: Template) -> None:
    mapping = either.mapping("alarm_provisioner", "DataRegistry")
    queues = either.properties("AWS::SQS::Queue")

    redriven = {target(queue["RedrivePolicy"]["deadLetterTargetArn"]) for queue in queues if "RedrivePolicy" in queue}

    assert target(mapping["DestinationConfig"]["OnFailure"]["Destination"]) not in redriven


def test_the_provisioner_takes_one_portion_at_a_time_and_what_failed_comes_again_soon(either: Template) -> None:
    mapping = either.mapping("alarm_provisioner", "AlarmProvisioner")

    assert (mapping["BatchSize"], mapping["ScalingConfig"]) == (1, {"MaximumConcurrency": 2})
    queue = either.resource("AWS::SQS::Queue", "AlarmProvisionerWorkQueue")["Properties"]
    assert (either.room("alarm_provisioner")["Timeout"], queue["VisibilityTimeout"]) == (300, HALF_AN_HOUR)


def test_the_signal_room_takes_ten_messages_at_once(either: Template) -> None:
    mapping = either.mapping("signal_intake")

    assert mapping["BatchSize"] == 10
    assert target(mapping["EventSourceArn"]).startswith("SignalIntakeWorkQueue")


def test_two_schedules_put_the_rooms_own_messages_on_its_queue(either: Template) -> None:
    rules = [rule for rule in either.properties("AWS::Events::Rule") if "ScheduleExpression" in rule]
    ours = [rule for rule in rules if target(rule["Targets"][0]["Arn"]).startswith("AlarmProvisionerWorkQueue")]

    said = {rule["ScheduleExpression"]: json.loads(rule["Targets"][0]["Input"]) for rule in ours}

    assert said == {"rate(1 day)": {"reconcile": {"after": ""}}, "rate(15 minutes)": {"look": True}}


def test_each_deployment_of_this_stack_starts_a_reconcile(either: Template) -> None:
    rule = either.resource("AWS::Events::Rule", "AlarmProvisionerDeployed")["Properties"]

    assert rule["EventPattern"]["source"] == ["aws.cloudformation"]
    detail = rule["EventPattern"]["detail"]
    assert detail["status-details"] == {"status": ["CREATE_COMPLETE", "UPDATE_COMPLETE"]}
    assert json.dumps({"Ref": "AWS::StackName"}) in json.dumps(detail["stack-id"])
    assert json.loads(rule["Targets"][0]["Input"]) == {"reconcile": {"after": ""}}
    assert target(rule["Targets"][0]["Arn"]).startswith("AlarmProvisionerWorkQueue")


def test_the_knowledge_base_is_reconciled_each_day_and_after_each_deployment(either: Template) -> None:
    daily, deployed = (
        either.resource("AWS::Events::Rule", f"PostmortemWriter{name}")["Properties"] for name in ("Daily", "Deployed")
    )

    assert daily["ScheduleExpression"] == "rate(1 day)"
    assert deployed["EventPattern"]["source"] == ["aws.cloudformation"]
    for rule in (daily, deployed):
        assert asks_to_reconcile(rule["Targets"][0]["Input"])
        assert target(rule["Targets"][0]["Arn"]).startswith("PostmortemWriterWorkQueue")


def test_only_alarms_of_our_prefix_can_be_made_or_deleted(either: Template) -> None:
    for action in ("PutMetricAlarm", "DeleteAlarms", "TagResource", "ListTagsForResource"):
        ((_, on),) = [pair for pair in either.allowed("alarm_provisioner") if pair[0] == f"cloudwatch:{action}"]
        assert json.loads(on)["Fn::Join"][1][-1] == ":alarm:deadair-*"


def test_metrics_are_written_in_our_namespace_only(either: Template) -> None:
    (metrics,) = [one for one in either.statements("signal_intake") if one["Action"] == "cloudwatch:PutMetricData"]

    assert metrics["Condition"] == {"StringEquals": {"cloudwatch:namespace": "Deadair"}}


def test_the_signal_room_reaches_no_incident(either: Template) -> None:
    allowed = {action for action, _ in either.allowed("signal_intake") if action.startswith("dynamodb:")}

    assert allowed == {"dynamodb:BatchGetItem", "dynamodb:PutItem"}
    for action in allowed:
        assert either.keys_of("signal_intake", action, "Incidents") == ["SIGNAL#*", "HEALTH#*"]
    assert keys.signal("x")["pk"]["S"].startswith("SIGNAL#")
    assert keys.signal_batch("x")["pk"]["S"].startswith("SIGNAL#")
    assert keys.health("x")["pk"]["S"].startswith("HEALTH#")
    assert not [on for _, on in either.allowed("signal_intake") if "DataRegistry" in on]


def test_the_provisioner_reads_rows_and_open_incidents_and_writes_neither(either: Template) -> None:
    tables = {(action, on) for action, on in either.allowed("alarm_provisioner") if action.startswith("dynamodb:")}

    reads = {"dynamodb:GetItem", "dynamodb:Query"}
    stream = {f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")}
    assert {action for action, _ in tables} == reads | stream
    assert either.keys_of("alarm_provisioner", "dynamodb:Query", "Registry") == ["REG"]
    assert either.keys_of("alarm_provisioner", "dynamodb:Query", "Incidents") == [keys.OPEN]
    assert not [on for action, on in tables if action == "dynamodb:GetItem" and "DataIncidents" in on]
    assert keys.row("x")["pk"]["S"] == "REG"


@pytest.mark.parametrize("action", WRITES)
def test_the_pages_write_a_row_with_its_audit_entry_and_delete_nothing(either: Template, action: str) -> None:
    assert either.keys_of("web", action, "Registry") == ["REG", "AUDIT"]
    assert (keys.retired_row("x")["pk"]["S"], keys.AUDIT_HEAD["pk"]["S"]) == ("REG", "AUDIT")


def test_a_sender_of_signals_is_known_by_its_own_parameter(either: Template) -> None:
    path = f"/deadair/{either.stage}/signals"

    assert either.room("web")["Environment"]["Variables"]["SIGNAL_SECRETS"] == path
    (on,) = [on for action, on in either.allowed("web") if action == "ssm:GetParameters" and "/signals" in on]
    assert json.loads(on)["Fn::Join"][1][-1] == f":parameter{path}/*"


def test_alarms_are_written_slowly_in_an_account_and_fast_on_one_machine(prod: Template, local: Template) -> None:
    rates = [
        template.room("alarm_provisioner")["Environment"]["Variables"]["ALARM_WRITES_PER_SECOND"]
        for template in (prod, local)
    ]

    assert rates == ["3", "200"]


def test_another_stage_has_names_of_its_own() -> None:
    stage = stage_named("test")

    assert (stage.alarm_prefix, stage.metric_namespace) == ("deadair-test", "Deadair/test")
    assert (stage_named("prod").alarm_prefix, stage_named("local").metric_namespace) == ("deadair", "Deadair")


@pytest.mark.parametrize("room", ["alarm_provisioner", "signal_intake", "web"])
def test_rooms_that_speak_of_alarms_and_metrics_mean_the_same_ones(either: Template, room: str) -> None:
    told = either.room(room)["Environment"]["Variables"]

    assert told["METRIC_NAMESPACE"] == either.body["Outputs"]["MetricNamespace"]["Value"]
    assert told.get("ALARM_PREFIX", "deadair") == either.body["Outputs"]["AlarmPrefix"]["Value"]
