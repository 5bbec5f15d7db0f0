"""The incident bus: where facts are published, kept and handed to consumers.

Knows the source, the archive and the delivery of facts, and how a deployment is heard of. Refuses to know what a
consumer does with them.
"""

from typing import Any

from aws_cdk import Aws, Duration
from aws_cdk.aws_events import EventBus, EventPattern, Match, Rule, RuleTargetInput
from aws_cdk.aws_events_targets import SqsQueue
from constructs import Construct

from infra.config import Stage
from infra.queues import WorkQueue

SOURCE = "deadair"
# EventBridge's own limits, said out loud: a day of retries, then the consumer's dead letters.
DELIVERY_AGE = Duration.hours(24)
DELIVERY_ATTEMPTS = 185
DEPLOYED = ["CREATE_COMPLETE", "UPDATE_COMPLETE"]


class IncidentBus(Construct):
    """The bus with its archive, from which facts can be replayed."""

    def __init__(self, scope: Construct, name: str, *, stage: Stage) -> None:
        super().__init__(scope, name)
        self.bus = EventBus(self, "Bus", description="Facts about incidents and postmortems.")
        self.bus.archive(
            "Archive",
            description="Every fact, for replays after a consumer was repaired.",
            event_pattern=EventPattern(source=[SOURCE]),
            retention=Duration.days(stage.archive_days),
        )

    def deliver(self, name: str, work: WorkQueue, facts: list[Any]) -> Rule:
        """Send the facts whose detail-type matches `facts` to one consumer's queue."""
        pattern = EventPattern(source=[SOURCE], detail_type=facts)
        return Rule(self, name, event_bus=self.bus, event_pattern=pattern, targets=[queue_target(work)])


def queue_target(work: WorkQueue, message: RuleTargetInput | None = None) -> SqsQueue:
    """A rule target that retries for a day and then dead-letters; `message` takes the place of the event."""
    return SqsQueue(
        work.queue,
        message=message,
        dead_letter_queue=work.dead_letters.queue,
        max_event_age=DELIVERY_AGE,
        retry_attempts=DELIVERY_ATTEMPTS,
    )


def deployed() -> EventPattern:
    """Match the end of a deployment of this stack, whichever it was."""
    stack = f"arn:{Aws.PARTITION}:cloudformation:{Aws.REGION}:{Aws.ACCOUNT_ID}:stack/{Aws.STACK_NAME}"
    return EventPattern(
        source=["aws.cloudformation"],
        detail_type=["CloudFormation Stack Status Change"],
        detail={"stack-id": Match.prefix(stack), "status-details": {"status": DEPLOYED}},
    )


def facts_starting(*prefixes: str) -> list[Any]:
    """Match detail-types by prefix: `facts_starting("incident.")`."""
    return [matcher for prefix in prefixes for matcher in Match.prefix(prefix)]
