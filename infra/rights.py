"""What a room may do with the shared data, as short lists of exact actions.

Knows the actions behind "reads incidents" or "writes the index". Refuses wildcards in actions; a wildcard in a resource
is a prefix of keys, with its reason.
"""

from collections.abc import Sequence
from typing import cast

from aws_cdk import Aws, CfnElement, Stack

from infra.data import INCIDENT_INDEXES, Data
from infra.findings import accept
from infra.room import Room

BOT_TOKEN, SIGNING_SECRET, SESSION_KEY = "bot-token", "signing-secret", "session-key"
READ_ITEMS = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query")
# A transaction needs the right to each of its parts; IAM knows no action of its own for it.
WRITE_ITEMS = ("dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
# The partitions of the ledger's left side: see `deadair/adapters/dynamodb/keys.py`.
RECEIPTS = "MSG#*"


def work_incidents(room: Room, data: Data) -> None:
    """Read and write the incidents table; read its indexes. Nobody may delete: the timeline is append-only."""
    table = data.incidents.table_arn
    room.allow([*READ_ITEMS, *WRITE_ITEMS], [table])
    room.allow(["dynamodb:Query"], [f"{table}/index/{index}" for index in INCIDENT_INDEXES])


def note_receipts(room: Room, data: Data) -> None:
    """Note what was received, many messages in one call.

    IAM lets whoever may write a batch also delete in it, so the right ends at the ledger's own partitions.
    """
    only = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [RECEIPTS]}}
    room.allow(["dynamodb:BatchWriteItem"], [data.incidents.table_arn], only)


def read_registry(room: Room, data: Data) -> None:
    """Read the registry table."""
    room.allow(READ_ITEMS, [data.registry.table_arn])


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
    base = f"arn:{Aws.PARTITION}:ssm:{Aws.REGION}:{Aws.ACCOUNT_ID}:parameter{path}"
    room.allow(["ssm:GetParameters"], [f"{base}/{name}" for name in names])


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
