"""Claims about the synthesised stack: nothing is lost, nothing is public, nothing is typed twice."""

import json
import re
from typing import Any

import pytest

from deadair.adapters.dynamodb import keys
from deadair.domain.timeline import Fact
from infra.config import common_variables
from infra.rooms.postmortem_writer import FACTS as WRITTEN_UP
from tests.infra.rooms import ROOMS, SETTINGS
from tests.infra.template import ROOT, Template, as_list, grants, target

OUTPUTS = {
    "AlarmPrefix",
    "AlarmTopicArn",
    "ChangeIntakeDeadLetterUrl",
    "ChangeIntakeQueueUrl",
    "DiagnosisDeadLetterUrl",
    "DiagnosisQueueUrl",
    "EscalationDeadLetterUrl",
    "EscalationQueueUrl",
    "HttpApiUrl",
    "IncidentBus",
    "IncidentsTable",
    "IntakeDeadLetterUrl",
    "IntakeQueueUrl",
    "KeptDeadLetterUrl",
    "KeptQueueUrl",
    "KnowledgeBucket",
    "MetricNamespace",
    "NotifierDeadLetterUrl",
    "NotifierQueueUrl",
    "OperatorTopicArn",
    "PostmortemWriterDeadLetterUrl",
    "PostmortemWriterQueueUrl",
    "ProvisionerDeadLetterUrl",
    "ProvisionerQueueUrl",
    "RegistryTable",
    "RemindersDeadLetterUrl",
    "RemindersQueueUrl",
    "SignalDeadLetterUrl",
    "SignalQueueUrl",
    "TrackerDeadLetterUrl",
    "TrackerQueueUrl",
    "WatchdogDeadLetterUrl",
    "WatchdogQueueUrl",
}
DAY = 24 * 3600
# Actions for which IAM knows no resources, beside X-Ray's.
ON_ANY = {
    "alarm_provisioner": {"cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "dynamodb:ListStreams"},
    "diagnosis": {"cloudwatch:GetMetricData"},
    "postmortem_writer": {"cloudwatch:GetMetricData"},
    "fact_relay": {"dynamodb:ListStreams"},
    "notifier": {"cloudwatch:PutMetricData"},
    "signal_intake": {"cloudwatch:PutMetricData"},
    "web": {"cloudwatch:GetMetricData"},
}
# In what the local stage differs from a deployed one.
DIFFERENCES = {
    "AWS::DynamoDB::Table DeletionProtectionEnabled",
    "AWS::Events::Archive RetentionDays",
    "AWS::Events::Rule EventPattern",
    "AWS::Lambda::Function ALARM_WRITES_PER_SECOND",
    "AWS::Lambda::Function Code",
    "AWS::Lambda::Function Layers",
    "AWS::Logs::LogGroup RetentionInDays",
}
MAY_DELETE = {
    "alarm_provisioner": {"cloudwatch:DeleteAlarms"},
    "escalation": {"dynamodb:DeleteItem"},
    "notifier": {"dynamodb:DeleteItem"},
    "postmortem_writer": {"dynamodb:DeleteItem", "s3:DeleteObject"},
    "tracker": {"dynamodb:DeleteItem"},
    "watchdog": {"dynamodb:DeleteItem"},
}


def dead_letters(template: Template) -> set[str]:
    """The queues that another part names as its place for what could not be worked."""
    redrives = [queue.get("RedrivePolicy") for queue in template.properties("AWS::SQS::Queue")]
    mappings = template.properties("AWS::Lambda::EventSourceMapping")
    failures = [
        mapping["DestinationConfig"]["OnFailure"]["Destination"]
        for mapping in mappings
        if "DestinationConfig" in mapping
    ]
    return {target(one["deadLetterTargetArn"]) for one in redrives if one} | {target(one) for one in failures}


def test_every_folder_with_a_settings_class_is_a_room_of_the_stack(either: Template) -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/settings.py")} - {"deadair"}

    handlers = {one["Handler"] for one in either.properties("AWS::Lambda::Function")}

    assert handlers == {f"{folder}.handler.handler" for folder in folders}
    assert folders == set(SETTINGS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_told_exactly_what_its_settings_class_reads(either: Template, room: str) -> None:
    variables = set(either.room(room)["Environment"]["Variables"])

    assert variables == {*SETTINGS[room].names(), *common_variables(room)}


def test_every_work_queue_has_a_dead_letter_queue(either: Template) -> None:
    queues = either.of_type("AWS::SQS::Queue")

    bare = {name for name, queue in queues.items() if "RedrivePolicy" not in queue["Properties"]}

    assert bare == dead_letters(either)
    assert bare


def _watched(template: Template, metric: str) -> list[dict[str, Any]]:
    """The alarms on a metric. Each tells the operators."""
    found = [alarm for alarm in template.properties("AWS::CloudWatch::Alarm") if alarm["MetricName"] == metric]
    assert all(alarm["AlarmActions"] for alarm in found)
    return found


def _named(alarm: dict[str, Any], name: str) -> Any:
    (value,) = [one["Value"] for one in alarm["Dimensions"] if one["Name"] == name]
    return value


def test_every_dead_letter_queue_has_an_alarm_that_reaches_the_operators(either: Template) -> None:
    alarms = _watched(either, "ApproximateNumberOfMessagesVisible")

    assert {target(_named(alarm, "QueueName")) for alarm in alarms} == dead_letters(either)
    for alarm in alarms:
        assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")


def test_every_queue_in_front_of_a_room_has_an_alarm_on_its_oldest_message(either: Template) -> None:
    alarms = _watched(either, "ApproximateAgeOfOldestMessage")

    queues = set(either.of_type("AWS::SQS::Queue")) - dead_letters(either)
    assert {target(_named(alarm, "QueueName")) for alarm in alarms} == queues


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_every_room_has_an_alarm_on_its_failures(either: Template, metric: str) -> None:
    alarms = _watched(either, metric)

    rooms = {name for name, one in either.of_type("AWS::Lambda::Function").items() if "Room" in name and one}
    assert {target(_named(alarm, "FunctionName")) for alarm in alarms} == rooms
    assert len(rooms) == len(ROOMS)


def test_every_rule_has_an_alarm_on_events_that_do_not_arrive(either: Template) -> None:
    alarms = _watched(either, "FailedInvocations")

    rules = either.of_type("AWS::Events::Rule")
    named = {_rule_of(_named(alarm, "RuleName")): alarm for alarm in alarms}
    assert set(named) == set(rules)
    for name, rule in rules.items():
        # A rule of another bus has that bus in its ARN, and AWS counts it under both names.
        bus = rule["Properties"].get("EventBusName")
        place, _ = named[name]["Dimensions"][-1]["Value"]["Fn::Select"]
        assert place == (2 if bus else 1)
        assert [one["Value"] for one in named[name]["Dimensions"] if one["Name"] == "EventBusName"] == [bus] * bool(bus)


def _rule_of(name: dict[str, Any]) -> str:
    """The rule out of whose ARN a name is taken."""
    return target(name["Fn::Select"][1]["Fn::Split"][1])


def test_the_end_of_the_line_is_watched_and_its_silence_is_the_news(either: Template) -> None:
    (alarm,) = _watched(either, "WatchdogAge")

    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["Period"] * (alarm["EvaluationPeriods"] + 2) < 15 * 60
    assert alarm["AlarmActions"] == alarm["OKActions"]
    (rule,) = [one for name, one in either.of_type("AWS::Events::Rule").items() if name.startswith("WatchdogRound")]
    assert rule["Properties"]["ScheduleExpression"] == "rate(5 minutes)"


def test_a_dead_letter_outlives_the_time_it_waited_before(either: Template) -> None:
    for name, queue in either.of_type("AWS::SQS::Queue").items():
        days = queue["Properties"]["MessageRetentionPeriod"] / DAY
        assert days == (14 if name in dead_letters(either) else 4)


def test_no_message_is_delivered_again_while_it_is_still_worked_on(either: Template) -> None:
    queues = either.of_type("AWS::SQS::Queue")
    fed = {target(one["EventSourceArn"]): one for one in either.properties("AWS::Lambda::EventSourceMapping")}

    for name in set(queues) - dead_letters(either):
        function = either.body["Resources"][target(fed[name]["FunctionName"])]["Properties"]
        assert queues[name]["Properties"]["VisibilityTimeout"] >= 6 * function["Timeout"]


def test_queues_are_encrypted_and_refuse_plain_http(either: Template) -> None:
    queues = either.of_type("AWS::SQS::Queue")
    policies = either.properties("AWS::SQS::QueuePolicy")

    refusing = {target(queue) for policy in policies if _refuses_plain_http(policy) for queue in policy["Queues"]}

    assert all(queue["Properties"]["SqsManagedSseEnabled"] for queue in queues.values())
    assert refusing == set(queues)


def test_topics_and_the_bucket_refuse_plain_http(either: Template) -> None:
    policies = either.properties("AWS::SNS::TopicPolicy") + either.properties("AWS::S3::BucketPolicy")

    assert len(policies) == 3
    assert all(_refuses_plain_http(policy) for policy in policies)


def _refuses_plain_http(policy: dict[str, Any]) -> bool:
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    statements = policy["PolicyDocument"]["Statement"]
    return any(one["Effect"] == "Deny" and one.get("Condition") == plain for one in statements)


def test_one_bad_message_does_not_bring_its_neighbours_back(either: Template) -> None:
    for mapping in either.properties("AWS::Lambda::EventSourceMapping"):
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_at_most_two_writers_meet_at_the_index(either: Template) -> None:
    assert either.mapping("postmortem_writer")["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert either.mapping("alarm_intake")["BatchSize"] == 10


def test_the_relay_sees_only_inserted_entries_that_are_facts(either: Template) -> None:
    (only,) = either.mapping("fact_relay")["FilterCriteria"]["Filters"]

    assert json.loads(only["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {"NewImage": {"fact": {"S": [{"exists": True}]}}},
    }


def test_a_batch_that_cannot_be_relayed_is_split_then_kept(either: Template) -> None:
    mapping = either.mapping("fact_relay")

    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] > 0
    assert mapping["MaximumRecordAgeInSeconds"] < DAY
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert target(mapping["DestinationConfig"]["OnFailure"]["Destination"]) in dead_letters(either)


def test_the_intake_hears_alarms_and_locally_their_stand_in(prod: Template, local: Template) -> None:
    patterns = [_rule(template, "AlarmIntake")["EventPattern"] for template in (prod, local)]

    kind = ["CloudWatch Alarm State Change", "CloudWatch Alarm Configuration Change"]
    for stage, sources, pattern in zip(
        ("prod", "local"), (["aws.cloudwatch"], ["aws.cloudwatch", "deadair.local"]), patterns, strict=True
    ):
        # Alarms about the stack itself go to the operators; only the watchdog's drill comes as any other alarm does.
        ours = f"Deadair-{stage}-"
        names = [{"anything-but": {"prefix": ours}}, {"prefix": f"{ours}WatchdogDrill"}]
        assert pattern == {"source": sources, "detail-type": kind, "detail": {"alarmName": names}}


def test_every_rule_retries_for_a_day_and_then_dead_letters(either: Template) -> None:
    for rule in either.properties("AWS::Events::Rule"):
        (only,) = rule["Targets"]
        assert only["RetryPolicy"] == {"MaximumEventAgeInSeconds": DAY, "MaximumRetryAttempts": 185}
        assert target(only["DeadLetterConfig"]["Arn"]) in dead_letters(either)


def test_notifications_keep_their_envelope_and_are_never_dropped(either: Template) -> None:
    (subscription,) = either.properties("AWS::SNS::Subscription")

    assert subscription.get("RawMessageDelivery", False) is False
    assert target(subscription["RedrivePolicy"]["deadLetterTargetArn"]) in dead_letters(either)


def test_each_consumer_gets_its_facts_and_no_others(either: Template) -> None:
    source = {"source": ["deadair"]}

    assert _rule(either, "IncidentFactsToNotifier")["EventPattern"] == source | {
        "detail-type": [{"prefix": "incident."}, {"prefix": "postmortem."}, {"prefix": "watchdog."}]
    }
    looks = ("opened", "reopened", "alarm_recorded", "merged", "split", "undone", "change_noted", "cause_named")
    assert _rule(either, "IncidentFactsToDiagnosis")["EventPattern"] == source | {
        "detail-type": [f"incident.{name}.v1" for name in looks]
    }
    assert _rule(either, "IncidentFactsToPostmortemWriter")["EventPattern"] == source | {
        "detail-type": list(WRITTEN_UP)
    }


def test_the_escalation_hears_every_fact_of_incidents_but_those_that_change_no_deadline(either: Template) -> None:
    heard = _rule(either, "IncidentFactsToEscalation")["EventPattern"]["detail-type"]

    left_out = {fact.value for fact in Fact if fact.value.startswith("incident.")} - set(heard)
    assert left_out == {
        "incident.asked.v1",
        "incident.escalated.v1",
        "incident.milestone_set.v1",
        "incident.repeated.v1",
        "incident.unreachable.v1",
    }
    assert all(name.startswith("incident.") for name in heard)


def _rule(template: Template, starting: str) -> dict[str, Any]:
    rule: dict[str, Any] = template.resource("AWS::Events::Rule", starting)["Properties"]
    return rule


def test_facts_can_be_replayed_from_an_archive(prod: Template) -> None:
    (archive,) = prod.properties("AWS::Events::Archive")

    assert archive["RetentionDays"] == 365
    assert archive["EventPattern"] == {"source": ["deadair"]}


def test_tables_are_backed_up_encrypted_and_streamed(either: Template) -> None:
    incidents, registry = (_table(either, name) for name in ("Incidents", "Registry"))

    for table in (incidents, registry):
        assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [
            ("pk", "HASH"),
            ("sk", "RANGE"),
        ]
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert table["SSESpecification"]["SSEEnabled"] is True
        assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert incidents["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"
    assert registry["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert incidents["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_incidents_are_listed_by_state_and_by_integration(either: Template) -> None:
    indexes = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in _table(either, "Incidents")["GlobalSecondaryIndexes"]
    }

    assert indexes == {
        "by_state": ["state_pk", "state_sk"],
        "by_integration": ["integration_pk", "integration_sk"],
    }


def _table(template: Template, name: str) -> dict[str, Any]:
    table: dict[str, Any] = template.resource("AWS::DynamoDB::Table", f"Data{name}")["Properties"]
    return table


@pytest.mark.parametrize("kind", ["AWS::DynamoDB::Table", "AWS::S3::Bucket"])
def test_data_outlives_the_stack_in_an_account_and_goes_with_it_locally(
    prod: Template, local: Template, kind: str
) -> None:
    for template, policy in ((prod, "Retain"), (local, "Delete")):
        for resource in template.of_type(kind).values():
            assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == (policy, policy)
    for table in prod.properties("AWS::DynamoDB::Table"):
        assert table["DeletionProtectionEnabled"] is True


def test_the_bucket_keeps_versions_and_is_closed_to_the_public(either: Template) -> None:
    (bucket,) = either.properties("AWS::S3::Bucket")

    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]


def test_only_replaced_indexes_and_unfinished_uploads_leave_the_bucket(either: Template) -> None:
    (bucket,) = either.properties("AWS::S3::Bucket")
    rules = bucket["LifecycleConfiguration"]["Rules"]
    expiring = [rule for rule in rules if set(rule) - {"AbortIncompleteMultipartUpload", "Status"}]

    assert [rule["Prefix"] for rule in expiring] == ["index/"]
    assert "ExpirationInDays" not in expiring[0]


def test_no_role_may_use_an_action_by_wildcard(either: Template) -> None:
    allowed = [pair for policy in either.properties("AWS::IAM::Policy") for pair in grants(policy)]

    assert allowed
    assert [action for action, _ in allowed if "*" in action] == []


def test_each_room_has_a_role_of_its_own_without_managed_policies(either: Template) -> None:
    roles = either.properties("AWS::IAM::Role")

    # The last one is the Scheduler's.
    assert len(roles) == len(ROOMS) + 1
    assert not [role for role in roles if "ManagedPolicyArns" in role]
    assert len({target(either.room(room)["Role"]) for room in ROOMS}) == len(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_only_what_knows_no_resources_is_allowed_on_any(either: Template, room: str) -> None:
    everywhere = {action for action, on in either.allowed(room) if on == '"*"'}

    assert everywhere == {"xray:PutTelemetryRecords", "xray:PutTraceSegments", *ON_ANY.get(room, ())}


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_may_scan_and_only_what_is_listed_may_be_deleted(either: Template, room: str) -> None:
    allowed = [(action, on) for action, on in either.allowed(room) if action != "sqs:DeleteMessage"]

    assert not [action for action, _ in allowed if "Scan" in action]
    deleted = {action: on for action, on in allowed if "Delete" in action}
    assert set(deleted) == MAY_DELETE.get(room, set())
    assert "/index/*" in deleted.get("s3:DeleteObject", "/index/*")


def test_who_may_take_a_standing_error_back_may_delete_nothing_else(either: Template) -> None:
    for room in (room for room, actions in MAY_DELETE.items() if "dynamodb:DeleteItem" in actions):
        assert either.keys_of(room, "dynamodb:DeleteItem", "Incidents") == ["ERRORS"]
    assert keys.standing_error("unreachable", "INC-42")["pk"]["S"] == "ERRORS"


def test_logs_are_searched_in_the_groups_that_the_deployment_names_and_only_searched(either: Template) -> None:
    (searching,) = [one for one in either.statements("diagnosis") if "logs:FilterLogEvents" in as_list(one["Action"])]
    named = [json.dumps(on) for on in searching["Resource"]]

    assert all(':log-group:", {"Ref": "LogGroups"}' in on for on in named)
    assert either.body["Parameters"]["LogGroups"]["Default"] == "*"
    assert {action for action, _ in either.allowed("diagnosis") if action.startswith("logs:")} == {
        "logs:CreateLogStream",
        "logs:FilterLogEvents",
        "logs:PutLogEvents",
    }
    assert either.keys_of("diagnosis", "dynamodb:PutItem", "Incidents") == ["INC#*", "CONSENT#*"]


def test_timers_lead_to_the_escalation_queue_and_nowhere_else(either: Template) -> None:
    timers = either.resource("AWS::IAM::Role", "EscalationTimerRole")["Properties"]["AssumeRolePolicyDocument"]
    (trust,) = timers["Statement"]
    policy = either.resource("AWS::IAM::Policy", "EscalationTimerRole")["Properties"]
    allowed = {(action, json.loads(on)["Fn::GetAtt"][0]) for action, on in grants(policy)}
    (passing,) = [one for one in either.statements("escalation") if one["Action"] == "iam:PassRole"]

    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert set(trust["Condition"]["StringEquals"]) == {"aws:SourceAccount", "aws:SourceArn"}
    assert {(action, queue[: len("EscalationWork")]) for action, queue in allowed} == {
        ("sqs:SendMessage", "EscalationWork")
    }
    assert len(allowed) == 2
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
    assert target(passing["Resource"]).startswith("EscalationTimerRole")
    assert [on for action, on in either.allowed("escalation") if action == "scheduler:CreateSchedule"] != []
    assert not [action for action, _ in either.allowed("escalation") if action == "scheduler:DeleteSchedule"]


def test_a_batch_whose_right_includes_deleting_reaches_the_ledger_only(either: Template) -> None:
    statements = [
        one
        for policy in either.properties("AWS::IAM::Policy")
        for one in policy["PolicyDocument"]["Statement"]
        if "dynamodb:BatchWriteItem" in as_list(one["Action"])
    ]

    (only,) = statements
    assert only["Action"] == "dynamodb:BatchWriteItem"
    assert only["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["MSG#*"]}}
    assert keys.received("m1")["pk"]["S"].startswith("MSG#")


def test_only_the_room_whose_work_it_is_may_do_it(either: Template) -> None:
    def who(action: str, marker: str = "") -> set[str]:
        return {room for room in ROOMS for done, on in either.allowed(room) if done == action and marker in on}

    assert who("events:PutEvents") == {"fact_relay"}
    assert who("s3:PutObject", "/postmortems/") == {"postmortem_writer"}
    assert who("s3:PutObject", "/index/") == {"postmortem_writer"}
    assert who("s3:PutObject", "/raw/") == {"alarm_intake"}
    assert who("s3:GetObject", "/raw/") == {"alarm_intake", "web"}
    assert who("ssm:GetParameters", "/slack/signing-secret") == {"slack_commands"}
    assert who("ssm:GetParameters", "/slack/bot-token") >= {"notifier", "slack_commands", "web"}
    assert who("ssm:GetParameters", "/web/") == {"web"}
    assert who("ssm:GetParameters", "/signals/*") == {"web"}
    assert who("dynamodb:PutItem", "DataRegistry") == {"web"}
    assert who("dynamodb:PutItem", "DataIncidents") == set(ROOMS) - {"fact_relay", "alarm_provisioner", "watchdog"}
    assert who("cloudwatch:PutMetricAlarm") == who("cloudwatch:DeleteAlarms") == {"alarm_provisioner"}
    assert who("cloudwatch:PutMetricData") == {"notifier", "signal_intake"}
    assert who("cloudwatch:SetAlarmState") == {"watchdog"}
    assert who("cloudwatch:ListTagsForResource") == {"alarm_intake", "alarm_provisioner"}
    assert who("cloudwatch:DescribeAlarms") == {"alarm_provisioner", "postmortem_writer", "web"}
    assert who("cloudwatch:GetMetricData") == {"alarm_provisioner", "diagnosis", "postmortem_writer", "web"}
    assert who("logs:FilterLogEvents") == {"diagnosis"}
    assert who("sqs:SendMessage", "DiagnosisWorkQueue") == {"change_intake", "diagnosis"}
    assert who("sqs:SendMessage", "AlarmIntakeWorkQueue") == {"alarm_provisioner", "web"}
    assert who("sqs:SendMessage", "AlarmProvisionerWorkQueue") == {"alarm_provisioner"}
    assert who("sqs:SendMessage", "SignalIntakeWorkQueue") == {"web"}
    assert who("sqs:SendMessage", "NotifierWorkQueue") == {"notifier"}
    assert who("sqs:SendMessage", "SlackCommandsKeptQueue") == {"slack_commands"}
    assert who("ses:SendEmail") == who("sns:Publish") == {"notifier", "reminders"}
    assert who("ssm:GetParameters", "/actions/webhook-secret") == {"tracker"}
    assert who("sqs:SendMessage", "EscalationWorkQueue") == {"escalation"}
    assert who("scheduler:CreateSchedule") == who("iam:PassRole") == {"escalation"}
    assert who("sqs:SendMessage", "ChangeIntakeWorkQueue") == {"web"}


def test_rooms_run_traced_on_the_python_of_the_bundle(either: Template) -> None:
    for function in either.properties("AWS::Lambda::Function"):
        assert function["Runtime"] == "python3.13"
        assert function["Architectures"] == ["arm64"]
        assert function["TracingConfig"] == {"Mode": "Active"}


def test_all_rooms_share_one_asset_and_on_aws_one_layer(prod: Template, local: Template) -> None:
    for template in (prod, local):
        codes = [json.dumps(one["Code"]) for one in template.properties("AWS::Lambda::Function")]
        assert len(set(codes)) == 1
    (layer,) = prod.of_type("AWS::Lambda::LayerVersion")
    assert all(one["Layers"] == [{"Ref": layer}] for one in prod.properties("AWS::Lambda::Function"))
    assert not local.of_type("AWS::Lambda::LayerVersion")


def test_every_log_group_forgets_in_time(prod: Template, local: Template) -> None:
    for template, days in ((prod, 90), (local, 7)):
        groups = template.properties("AWS::Logs::LogGroup")
        assert len(groups) == len(ROOMS) + 1
        assert all(group["RetentionInDays"] == days for group in groups)


def test_slack_has_four_routes_and_the_web_room_the_rest(either: Template) -> None:
    routes = {route["RouteKey"]: _behind(either, route) for route in either.properties("AWS::ApiGatewayV2::Route")}

    slack, web = "SlackCommands", "Web"
    assert {key: name[: len(slack)] for key, name in routes.items() if key != "$default"} == {
        "POST /slack/commands": slack,
        "POST /slack/interactions": slack,
        "POST /slack/events": slack,
        "POST /slack/options": slack,
    }
    assert routes["$default"].startswith(web)


def _behind(template: Template, route: dict[str, Any]) -> str:
    integration = template.body["Resources"][route["Target"]["Fn::Join"][1][1]["Ref"]]["Properties"]
    return target(integration["IntegrationUri"])


def test_the_api_is_throttled_and_logs_no_path_query_string_or_header(either: Template) -> None:
    (stage,) = either.properties("AWS::ApiGatewayV2::Stage")

    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 50
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 100
    line = stage["AccessLogSettings"]["Format"]
    assert "requestId" in json.loads(line)["request_id"]
    # A heartbeat's address has its secret in the path.
    assert not [word for word in ("uery", "header", "path", "Path") if word in line]


def test_nobody_comes_in_until_an_operator_says_who_knows_them(prod: Template, local: Template) -> None:
    for template in (prod, local):
        told = template.room("web")["Environment"]["Variables"]
        assert told["OIDC_CLIENT_ID"] == {"Ref": "OidcClientId"}
        assert template.body["Parameters"]["OidcClientId"]["Default"] == ""


def test_an_account_must_name_its_fallback_owner_and_its_channel(prod: Template, local: Template) -> None:
    for name in ("FallbackOwner", "SlackChannel"):
        assert "Default" not in prod.body["Parameters"][name]
        assert local.body["Parameters"][name]["Default"]


def test_outputs_have_the_names_that_the_tools_look_for(either: Template) -> None:
    assert set(either.body["Outputs"]) == OUTPUTS


def test_nothing_needs_a_bootstrapped_account_locally(local: Template) -> None:
    assert "BootstrapVersion" not in local.body["Parameters"]
    assert as_list(local.body.get("Rules", [])) == []


def test_one_machine_differs_from_an_account_in_known_ways_only(prod: Template, local: Template) -> None:
    here, there = _by_place(local), _by_place(prod)

    assert set(there) - set(here) == {("AWS::Lambda::LayerVersion", "Dependencies")}
    assert set(here) < set(there)
    assert {difference for name in here for difference in _differences(here[name], there[name])} == DIFFERENCES


def _by_place(template: Template) -> dict[tuple[str, str], dict[str, Any]]:
    """Resources by type and logical id, without the stage's name in ids and texts and without the hashes made of it."""

    def stageless(text: str) -> str:
        return re.sub(rf"(?i)(deadair[-/]?){template.stage}|(?-i:[0-9A-F]{{8}})", r"\1", text)

    resources = template.body["Resources"].items()
    found = {(one["Type"], stageless(name)): json.loads(stageless(json.dumps(one))) for name, one in resources}
    assert len(found) == len(resources)
    return found


def _differences(here: dict[str, Any], there: dict[str, Any]) -> set[str]:
    """What differs between two resources, as `Type Property`; in an environment, the variable."""
    mine, other = here["Properties"], there["Properties"]
    told = [one.get("Environment", {}).get("Variables", {}) for one in (mine, other)]
    variables = {name for name in told[0] | told[1] if told[0].get(name) != told[1].get(name)}
    found = {name for name in mine | other if name != "Environment" and mine.get(name) != other.get(name)}
    return {f"{here['Type']} {name}" for name in found | variables}
