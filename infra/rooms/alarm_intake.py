"""The front of the line: alarm events and notifications → intake queue → alarm_intake.

Knows both ways in and the redelivery. Refuses to choose among alarms: the room's scope setting does.
"""

from typing import Any

from aws_cdk import Aws, Duration
from aws_cdk.aws_events import EventPattern, Match, Rule
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from aws_cdk.aws_sns import Topic
from aws_cdk.aws_sns_subscriptions import SqsSubscription
from constructs import Construct

from alarm_intake.settings import IntakeSettings
from infra import rights
from infra.bus import queue_target
from infra.config import Stage
from infra.queues import WorkQueue
from infra.surroundings import Surroundings

NAME = "alarm_intake"
TIMEOUT = Duration.seconds(10)
BATCH = 10
# How the name of the watchdog's alarm goes on, after the stack's.
DRILL = "WatchdogDrill"
# An alarm may be deleted or changed while its incident is open: then nothing else would say so.
DETAIL_TYPES = ("CloudWatch Alarm State Change", "CloudWatch Alarm Configuration Change")


class AlarmIntake(Construct):
    """The topic, the rule, the intake queue and the room behind it."""

    def __init__(self, scope: Construct, around: Surroundings) -> None:
        super().__init__(scope, "AlarmIntake")
        self.work = WorkQueue(self, "Work", room_timeout=TIMEOUT, operators=around.operators)
        self.topic = self._topic()
        self._rule(around)
        self.room = around.room(self, NAME, IntakeSettings, timeout=TIMEOUT, memory=1024)
        self.room.function.add_event_source(
            SqsEventSource(self.work.queue, batch_size=BATCH, report_batch_item_failures=True)
        )
        rights.work_incidents(self.room, around.data)
        rights.note_receipts(self.room, around.data)
        rights.read_registry(self.room, around.data)
        rights.write_knowledge(self.room, around.data, "raw")
        # A message too big for SQS arrives as a pointer to its object.
        rights.read_knowledge(self.room, around.data, "raw")
        rights.read_alarm_tags(self.room)

    def _topic(self) -> Topic:
        topic = Topic(self, "Alarms", enforce_ssl=True, display_name="Alarms for Deadair")
        topic.add_to_resource_policy(
            PolicyStatement(
                sid="AlarmsOfThisAccount",
                principals=[ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        # Not raw: the envelope carries the topic and the message id, which are evidence.
        topic.add_subscription(
            SqsSubscription(self.work.queue, raw_message_delivery=False, dead_letter_queue=self.work.dead_letters.queue)
        )
        return topic

    def _rule(self, around: Surroundings) -> None:
        Rule(
            self,
            "AlarmEvents",
            description="What alarms say, and what is done to alarms, on the default bus, for Deadair's intake.",
            event_pattern=EventPattern(
                source=around.stage.said_by("aws.cloudwatch"),
                detail_type=list(DETAIL_TYPES),
                detail={"alarmName": _not_of_ourselves(around.stage)},
            ),
            targets=[queue_target(self.work)],
        )


def _not_of_ourselves(stage: Stage) -> list[Any]:
    """Alarms about this stack go to the operators. Only the watchdog's drill comes this way, as any other would."""
    ours = f"{stage.stack_name}-"
    return [{"anything-but": {"prefix": ours}}, *Match.prefix(f"{ours}{DRILL}")]
