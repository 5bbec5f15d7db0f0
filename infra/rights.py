"""What a room may do with the shared data, as short lists of exact actions.

Knows the actions behind "reads incidents" or "writes the index". Refuses wildcards in actions; a wildcard in a resource
is a prefix of keys, with its reason.
"""

from collections.abc import Sequence
from typing import cast

from aws_cdk import Aws, CfnElement, Stack
from aws_cdk.aws_iam import IRole
from aws_cdk.aws_sns import ITopic

from infra.data import INCIDENT_INDEXES, Data
from infra.findings import accept
from infra.queues import WorkQueue
from infra.room import Room

BOT_TOKEN, SIGNING_SECRET, SESSION_KEY = "bot-token", "signing-secret", "session-key"
# While it is there, the key before still opens what it sealed.
SESSION_KEY_BEFORE, CLIENT_SECRET = "session-key-before", "client-secret"
WEBHOOK_SECRET = "webhook-secret"  # noqa: S105 - a name
# All that the signal room does: two items looked at in one call, and items put in transactions.
COUNT_ITEMS = ("dynamodb:BatchGetItem", "dynamodb:PutItem")
READ_ITEMS = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query")
# A transaction needs the right to each of its parts; IAM knows no action of its own for it.
WRITE_ITEMS = ("dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
# Beginnings of keys: see `deadair/adapters/dynamodb/keys.py`. The ledger's left side; what signals leave behind; the
# registry's rows and its audit log.
RECEIPTS, INCIDENTS, CONSENT_LOG = "MSG#*", "INC#*", "CONSENT#*"
SIGNALS, HEALTH, CHANGES = "SIGNAL#*", "HEALTH#*", "CHANGE#*"
REGISTRY, AUDIT = "REG", "AUDIT"
STANDING_ERRORS, WATCHDOG = "ERRORS", "WATCHDOG"
ROWS, RETIRED_ROWS = "ROW#", "RETIRED#"
# That somebody was reminded; what Slack said of members; whose turn it is to call Slack.
REMINDED, MEMBERS, PACE = "REMINDED#*", "MEMBER#*", "PACE"


def work_incidents(room: Room, data: Data) -> None:
    """Read and write the incidents table; read its indexes. Nobody may delete: the timeline is append-only."""
    table = data.incidents.table_arn
    room.allow([*READ_ITEMS, *WRITE_ITEMS], [table])
    room.allow(["dynamodb:Query"], [f"{table}/index/{index}" for index in INCIDENT_INDEXES])


def remind_people(room: Room, data: Data) -> None:
    """Read incidents and action items; write only who was reminded, and what Slack says of people and of its limits."""
    table = data.incidents.table_arn
    room.allow(READ_ITEMS, [table])
    room.allow(["dynamodb:Query"], [f"{table}/index/{index}" for index in INCIDENT_INDEXES])
    room.allow(["dynamodb:PutItem", "dynamodb:UpdateItem"], [table], _keys(REMINDED, MEMBERS, PACE))


def keep_action_links(room: Room, data: Data) -> None:
    """Read an incident with its action items and what stands wrong; write where a tracker keeps an item."""
    table = data.incidents.table_arn
    room.allow(["dynamodb:GetItem", "dynamodb:Query"], [table], _keys(INCIDENTS, STANDING_ERRORS))
    room.allow(["dynamodb:PutItem"], [table], _keys(INCIDENTS, CONSENT_LOG))


def note_receipts(room: Room, data: Data) -> None:
    """Note what was received, many messages in one call.

    IAM lets whoever may write a batch also delete in it, so the right ends at the ledger's own partitions.
    """
    room.allow(["dynamodb:BatchWriteItem"], [data.incidents.table_arn], _keys(RECEIPTS))


def read_registry(room: Room, data: Data) -> None:
    """Read the registry table."""
    room.allow(READ_ITEMS, [data.registry.table_arn])


def change_rows(room: Room, data: Data) -> None:
    """Write a row with its audit entry, in one transaction. Nobody deletes: a row that leaves is kept as retired."""
    room.allow(WRITE_ITEMS, [data.registry.table_arn], _keys(REGISTRY, AUDIT))


def read_rows(room: Room, data: Data) -> None:
    """Read the registry's rows, and not its audit log."""
    room.allow(["dynamodb:GetItem", "dynamodb:Query"], [data.registry.table_arn], _keys(REGISTRY))


def list_open_incidents(room: Room, data: Data) -> None:
    """List the open incidents; nothing else of their table."""
    room.allow(["dynamodb:Query"], [f"{data.incidents.table_arn}/index/by_state"], _keys("OPEN"))


def count_signals(room: Room, data: Data) -> None:
    """Remember which signals were counted and how an integration is; nothing of incidents."""
    room.allow(COUNT_ITEMS, [data.incidents.table_arn], _keys(SIGNALS, HEALTH))


def keep_changes(room: Room, data: Data) -> None:
    """Keep changes of integrations and find their incidents; nothing else of that table."""
    room.allow(["dynamodb:PutItem"], [data.incidents.table_arn], _keys(CHANGES))
    room.allow(["dynamodb:Query"], [f"{data.incidents.table_arn}/index/by_integration"])


def keep_diagnoses(room: Room, data: Data) -> None:
    """Read incidents with what lies beside them, health and changes; write an incident with what was found and told.

    What came before it is read in the index of integrations.
    """
    table = data.incidents.table_arn
    room.allow(["dynamodb:BatchGetItem", "dynamodb:Query"], [table], _keys(INCIDENTS, HEALTH, CHANGES))
    room.allow(["dynamodb:Query"], [f"{table}/index/by_integration"])
    room.allow(["dynamodb:PutItem"], [table], _keys(INCIDENTS, CONSENT_LOG))


def read_knowledge(room: Room, data: Data, *prefixes: str) -> None:
    """Read objects under these prefixes."""
    _on_objects(room, data, ["s3:GetObject"], prefixes)
    # Without the right to list, S3 answers 403 for a missing key instead of 404; a condition on the prefix would
    # bring the 403 back, because a GetObject carries none.
    room.allow(["s3:ListBucket"], [data.knowledge.bucket_arn])


def write_knowledge(room: Room, data: Data, *prefixes: str) -> None:
    """Write objects under these prefixes."""
    _on_objects(room, data, ["s3:PutObject"], prefixes)


def drop_old_indexes(room: Room, data: Data) -> None:
    """Remove snapshots that no manifest names any more: the index can be rebuilt from the documents."""
    _on_objects(room, data, ["s3:DeleteObject"], ["index"])


def read_secrets(room: Room, path: str, *names: str) -> None:
    """Read the SSM parameters `names` under `path`."""
    room.allow(["ssm:GetParameters"], [_arn("ssm", f"parameter{path}/{name}") for name in names])


def read_signal_keys(room: Room, path: str) -> None:
    """Read the keys of any integration: each has a parameter of its own, named after its row."""
    _on_a_prefix(room, ["ssm:GetParameters"], "ssm", f"parameter{path}/*", "Each integration has its own parameter.")


def write_metrics(room: Room, namespace: str) -> None:
    """Write metrics of one namespace; CloudWatch knows no narrower resource."""
    room.allow(["cloudwatch:PutMetricData"], ["*"], {"StringEquals": {"cloudwatch:namespace": namespace}})


def read_metrics(room: Room) -> None:
    """Read any metric: CloudWatch knows no resource for it."""
    room.allow(["cloudwatch:GetMetricData"], ["*"])


def search_logs(room: Room, groups: str) -> None:
    """Search the log groups of this account and region whose names are like `groups`; nothing else of them."""
    named = f"log-group:{groups}"
    room.allow(["logs:FilterLogEvents"], [_arn("logs", named), _arn("logs", f"{named}:*")])
    reason = "Rows name their log groups at run time; the parameter LogGroups says how far the right reaches."
    for shown in ("log-group:<LogGroups>", "log-group:<LogGroups>:*"):
        place = f"arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:{shown}"
        accept(room.role, f"AwsSolutions-IAM5[Resource::{place}]", reason)


def read_metric_alarms(room: Room) -> None:
    """Read the metric alarms of this account and region, by name."""
    _on_a_prefix(room, ["cloudwatch:DescribeAlarms"], "cloudwatch", "alarm:*", "CloudWatch asks for the right to all.")


def list_every_alarm(room: Room) -> None:
    """List alarms, composite ones too: those CloudWatch shows only to whom it may show anything."""
    room.allow(["cloudwatch:DescribeAlarms"], ["*"])


def read_alarm_tags(room: Room) -> None:
    """Read the tags of any alarm of this account and region."""
    actions = ["cloudwatch:ListTagsForResource"]
    _on_a_prefix(room, actions, "cloudwatch", "alarm:*", "Alarms that other people made say by a tag whose they are.")


def keep_alarms(room: Room, prefix: str) -> None:
    """Make, change, tag and delete alarms whose names begin with our prefix, and no others."""
    written = ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"]
    actions = [*written, "cloudwatch:ListTagsForResource"]
    _on_a_prefix(room, actions, "cloudwatch", f"alarm:{prefix}-*", "The registry's alarms begin with this prefix.")


def send_letters(room: Room, operators: ITopic, sender: str) -> None:
    """Send e-mail from the one address, whatever identity SES knows it by, and tell the operators' topic."""
    room.allow(["sns:Publish"], [operators.topic_arn])
    from_us = {"StringEquals": {"ses:FromAddress": sender}}
    room.allow(["ses:SendEmail"], [_arn("ses", "identity/*")], from_us)
    shown = "arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*"
    reason = "The identity may be the address or its domain; the condition names the only sender."
    accept(room.role, f"AwsSolutions-IAM5[Resource::{shown}]", reason)


def send_to(room: Room, *works: WorkQueue) -> None:
    """Put messages on these queues."""
    room.allow(["sqs:SendMessage"], [work.queue.queue_arn for work in works])


def keep_pulse(room: Room, data: Data) -> None:
    """Read and write when the watchdog's last round came through."""
    room.allow(["dynamodb:UpdateItem"], [data.incidents.table_arn], _keys(WATCHDOG))


def keep_standing_errors(room: Room, data: Data) -> None:
    """Say what stands wrong, and take it back when it is right again; it is not what happened, the timeline is."""
    actions = ["dynamodb:DeleteItem", "dynamodb:UpdateItem"]
    room.allow(actions, [data.incidents.table_arn], _keys(STANDING_ERRORS))


def make_schedules(room: Room, group: str, role: IRole) -> None:
    """Make schedules of one group that act by one role. Nobody deletes them: they go when they have fired."""
    named = "Each schedule is named after its incident."
    _on_a_prefix(room, ["scheduler:CreateSchedule"], "scheduler", f"schedule/{group}/*", named)
    to_the_scheduler = {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
    room.allow(["iam:PassRole"], [role.role_arn], to_the_scheduler)


def _keys(*beginnings: str) -> dict[str, dict[str, list[str]]]:
    """Only items whose partition key is like one of these."""
    return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(beginnings)}}


def _arn(service: str, resource: str) -> str:
    return f"arn:{Aws.PARTITION}:{service}:{Aws.REGION}:{Aws.ACCOUNT_ID}:{resource}"


def _on_a_prefix(room: Room, actions: Sequence[str], service: str, resource: str, reason: str) -> None:
    room.allow(actions, [_arn(service, resource)])
    shown = f"arn:<AWS::Partition>:{service}:<AWS::Region>:<AWS::AccountId>:{resource}"
    accept(room.role, f"AwsSolutions-IAM5[Resource::{shown}]", reason)


def _on_objects(room: Room, data: Data, actions: Sequence[str], prefixes: Sequence[str]) -> None:
    room.allow(actions, [f"{data.knowledge.bucket_arn}/{prefix}/*" for prefix in prefixes])
    for prefix in prefixes:
        accept(
            room.role,
            f"AwsSolutions-IAM5[Resource::<{_logical_id(data)}.Arn>/{prefix}/*]",
            f"Keys under {prefix}/ are named after incidents, so the grant is that prefix and nothing beside it.",
        )


def _logical_id(data: Data) -> str:
    stack = Stack.of(data)
    return str(stack.resolve(stack.get_logical_id(cast(CfnElement, data.knowledge.node.default_child))))
