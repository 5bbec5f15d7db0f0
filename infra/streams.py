"""A table's stream as what starts a room: retried, cut in half, and given up to dead letters that an alarm watches.

Knows how long a record is tried. Refuses to know which records a room wants.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk.aws_dynamodb import ITable
from aws_cdk.aws_lambda import StartingPosition
from aws_cdk.aws_lambda_event_sources import DynamoEventSource, SqsDlq

from infra.findings import accept
from infra.queues import DeadLetters
from infra.room import Room

# A DynamoDB stream forgets after a day; give up earlier, while the record that failed can still be read there.
OLDEST_RECORD = Duration.hours(12)
ATTEMPTS = 20


def hear_stream(room: Room, table: ITable, given_up: DeadLetters, filters: Sequence[Mapping[str, Any]]) -> None:
    """Start the room with the records of the table's stream that one of the filters lets through."""
    accept(
        given_up.queue,
        "AwsSolutions-SQS3",
        "It is the dead-letter queue: the stream mapping's on-failure destination, which the rule overlooks.",
    )
    room.function.add_event_source(
        DynamoEventSource(
            table,
            starting_position=StartingPosition.TRIM_HORIZON,
            batch_size=100,
            bisect_batch_on_error=True,
            report_batch_item_failures=True,
            retry_attempts=ATTEMPTS,
            max_record_age=OLDEST_RECORD,
            on_failure=SqsDlq(given_up.queue),
            filters=list(filters),
        )
    )
