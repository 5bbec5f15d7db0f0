"""Registry rows → CloudWatch alarms: the registry's stream, schedules and deployments → queue → alarm_provisioner.

Knows what starts the room, and that its alarms are those with its prefix. Refuses to know which alarms a row needs.
"""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration
from aws_cdk.aws_events import Rule, RuleTargetInput, Schedule
from aws_cdk.aws_lambda import FilterCriteria, FilterRule
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from constructs import Construct

from alarm_provisioner.settings import ProvisionerSettings
from infra import rights
from infra.bus import deployed, queue_target
from infra.queues import DeadLetters, WorkQueue
from infra.streams import hear_stream
from infra.surroundings import Surroundings

NAME = "alarm_provisioner"
# A portion of rows is a minute's work; a reconcile hands on what it does not get through (decision 140).
TIMEOUT = Duration.seconds(300)
# The least that SQS accepts; more would only share one rate of writes among more waiters.
AT_ONCE = 2
# What the schedules put on the queue, in the room's own words.
RECONCILE = {"reconcile": {"after": ""}}
LOOK = {"look": True}


class AlarmProvisioner(Construct):
    """The queue, the stream mapping, the schedules and the room behind them."""

    def __init__(self, scope: Construct, around: Surroundings, *, intake: WorkQueue) -> None:
        super().__init__(scope, "AlarmProvisioner")
        self.work = WorkQueue(self, "Work", room_timeout=TIMEOUT, operators=around.operators)
        queues = {
            "INTAKE_QUEUE_URL": intake.queue.queue_url,
            "PROVISIONER_QUEUE_URL": self.work.queue.queue_url,
        }
        self.room = around.room(self, NAME, ProvisionerSettings, timeout=TIMEOUT, memory=512, queues=queues)
        self._hear_the_queue()
        self._hear_the_registry(around)
        # A rate counts from the deployment; all rules are delivered like any other event, with retries.
        self._schedule("Daily", Duration.days(1), RECONCILE)
        self._schedule("Look", Duration.minutes(15), LOOK)
        self._reconcile_after_deployments()
        rights.read_rows(self.room, around.data)
        rights.list_open_incidents(self.room, around.data)
        rights.keep_alarms(self.room, around.stage.alarm_prefix)
        rights.list_every_alarm(self.room)
        rights.read_metrics(self.room)
        rights.send_to(self.room, intake, self.work)

    def _hear_the_queue(self) -> None:
        self.room.function.add_event_source(
            SqsEventSource(self.work.queue, batch_size=1, max_concurrency=AT_ONCE, report_batch_item_failures=True)
        )

    def _hear_the_registry(self, around: Surroundings) -> None:
        # Not the queue's dead letters: what arrives here are positions in the stream, which no redrive can use.
        # The daily reconcile mends what they were about.
        given_up = DeadLetters(self, "GivenUp", operators=around.operators)
        rows = [keys_starting(rights.ROWS), keys_starting(rights.RETIRED_ROWS)]
        hear_stream(self.room, around.data.registry, given_up, rows)

    def _reconcile_after_deployments(self) -> None:
        """Rows from before there was this room, and alarms that it now makes otherwise, need not wait for a day."""
        target = queue_target(self.work, RuleTargetInput.from_object(RECONCILE))
        Rule(self, "Deployed", event_pattern=deployed(), targets=[target], description="Deadair was deployed.")

    def _schedule(self, name: str, every: Duration, message: dict[str, Any]) -> None:
        target = queue_target(self.work, RuleTargetInput.from_object(message))
        Rule(self, name, schedule=Schedule.rate(every), targets=[target], description="Deadair looks at its alarms.")


def keys_starting(prefix: str) -> Mapping[str, Any]:
    """Only changes of items whose sort key starts so: the audit log lies in the same table."""
    return FilterCriteria.filter({"dynamodb": {"Keys": {"sk": {"S": FilterRule.begins_with(prefix)}}}})
