"""Timeline entries → facts: the incidents table's stream → fact_relay → incident bus.

Knows the filter and what happens to a batch that cannot be published. Refuses to know the facts.
"""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration
from aws_cdk.aws_lambda import FilterCriteria, FilterRule, StartingPosition
from aws_cdk.aws_lambda_event_sources import DynamoEventSource, SqsDlq
from constructs import Construct

from fact_relay.settings import RelaySettings
from infra.findings import accept
from infra.queues import DeadLetters
from infra.surroundings import Surroundings

NAME = "fact_relay"
TIMEOUT = Duration.seconds(30)
# A DynamoDB stream forgets after a day; give up earlier, while the entry that failed can still be read there.
OLDEST_RECORD = Duration.hours(12)
ATTEMPTS = 20


class FactRelay(Construct):
    """The stream mapping and the room behind it."""

    def __init__(self, scope: Construct, around: Surroundings) -> None:
        super().__init__(scope, "FactRelay")
        self.dead_letters = DeadLetters(self, "DeadLetters", operators=around.operators)
        accept(
            self.dead_letters.queue,
            "AwsSolutions-SQS3",
            "It is the dead-letter queue: the stream mapping's on-failure destination, which the rule overlooks.",
        )
        self.room = around.room(self, NAME, RelaySettings, timeout=TIMEOUT, memory=512)
        self.room.function.add_event_source(
            DynamoEventSource(
                around.data.incidents,
                starting_position=StartingPosition.TRIM_HORIZON,
                batch_size=100,
                bisect_batch_on_error=True,
                report_batch_item_failures=True,
                retry_attempts=ATTEMPTS,
                max_record_age=OLDEST_RECORD,
                on_failure=SqsDlq(self.dead_letters.queue),
                filters=[entries_that_are_facts()],
            )
        )
        self.room.allow(["events:PutEvents"], [around.bus.bus.event_bus_arn])


def entries_that_are_facts() -> Mapping[str, Any]:
    """Only timeline entries carry the attribute `fact`, and they are only ever inserted."""
    return FilterCriteria.filter(
        {"eventName": FilterRule.is_equal("INSERT"), "dynamodb": {"NewImage": {"fact": {"S": FilterRule.exists()}}}}
    )
