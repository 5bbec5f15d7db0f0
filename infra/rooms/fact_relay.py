"""Timeline entries → facts: the incidents table's stream → fact_relay → incident bus.

Knows the filter and what happens to a batch that cannot be published. Refuses to know the facts.
"""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration
from aws_cdk.aws_lambda import FilterCriteria, FilterRule
from constructs import Construct

from fact_relay.settings import RelaySettings
from infra.queues import DeadLetters
from infra.streams import hear_stream
from infra.surroundings import Surroundings

NAME = "fact_relay"
TIMEOUT = Duration.seconds(30)


class FactRelay(Construct):
    """The stream mapping and the room behind it."""

    def __init__(self, scope: Construct, around: Surroundings) -> None:
        super().__init__(scope, "FactRelay")
        self.dead_letters = DeadLetters(self, "DeadLetters", operators=around.operators)
        self.room = around.room(self, NAME, RelaySettings, timeout=TIMEOUT, memory=512)
        hear_stream(self.room, around.data.incidents, self.dead_letters, [entries_that_are_facts()])
        self.room.allow(["events:PutEvents"], [around.bus.bus.event_bus_arn])


def entries_that_are_facts() -> Mapping[str, Any]:
    """Only timeline entries carry the attribute `fact`, and they are only ever inserted."""
    return FilterCriteria.filter(
        {"eventName": FilterRule.is_equal("INSERT"), "dynamodb": {"NewImage": {"fact": {"S": FilterRule.exists()}}}}
    )
