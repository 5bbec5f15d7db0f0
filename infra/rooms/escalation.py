"""Facts and timers → people told: the incident bus, one-shot schedules and a sweep → queue → escalation.

Knows who may make schedules and where they may lead. Refuses to know deadlines.
"""

from aws_cdk import ArnFormat, Aws, Duration, Stack
from aws_cdk.aws_events import Rule, RuleTargetInput, Schedule
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from aws_cdk.aws_scheduler import CfnScheduleGroup
from constructs import Construct

from escalation.settings import EscalationSettings
from infra import rights
from infra.bus import queue_target
from infra.queues import WorkQueue
from infra.surroundings import Surroundings

NAME = "escalation"
TIMEOUT = Duration.seconds(60)
AT_ONCE = 2
# A storm comes as few batches, in which each incident is looked at once; no deadline is shorter than minutes.
BATCH, GATHERED = 100, Duration.seconds(1)
# Should a schedule be lost, an incident is looked at again after this at the latest.
SWEEP_EVERY = Duration.minutes(15)
SWEEP = {"sweep": True}
# Everything of an incident but what changes no deadline, and this room's own words.
HEARD = (
    "acknowledged",
    "affected",
    "alarm_changed",
    "alarm_recorded",
    "assigned",
    "cause_named",
    "change_noted",
    "checked",
    "diagnosed",
    "false_alarm",
    "held",
    "hold_ended",
    "linked",
    "merged",
    "mitigated",
    "noted",
    "opened",
    "recovered",
    "reopened",
    "resolved",
    "severity_set",
    "snoozed",
    "split",
    "undone",
)


class Escalation(Construct):
    """The queue, what feeds it, and the room behind it."""

    def __init__(self, scope: Construct, around: Surroundings) -> None:
        super().__init__(scope, "Escalation")
        self.work = WorkQueue(self, "Work", room_timeout=TIMEOUT, operators=around.operators)
        around.bus.deliver("ToEscalation", self.work, [f"incident.{name}.v1" for name in HEARD])
        self.group = CfnScheduleGroup(self, "Timers", name=around.stage.stack_name)
        self.timer_role = self._timer_role(around.stage.stack_name)
        self.room = around.room(self, NAME, EscalationSettings, timeout=TIMEOUT, memory=512, queues=self._told())
        self.room.function.add_event_source(
            SqsEventSource(
                self.work.queue,
                batch_size=BATCH,
                max_batching_window=GATHERED,
                max_concurrency=AT_ONCE,
                report_batch_item_failures=True,
            )
        )
        target = queue_target(self.work, RuleTargetInput.from_object(SWEEP))
        text = "Deadair looks at every open incident."
        Rule(self, "Sweep", schedule=Schedule.rate(SWEEP_EVERY), targets=[target], description=text)
        rights.work_incidents(self.room, around.data)
        rights.keep_standing_errors(self.room, around.data)
        rights.read_registry(self.room, around.data)
        rights.read_secrets(self.room, around.stage.slack_secrets, rights.BOT_TOKEN)
        rights.send_to(self.room, self.work)
        rights.make_schedules(self.room, around.stage.stack_name, self.timer_role)

    def _told(self) -> dict[str, str]:
        return {
            "ESCALATION_QUEUE_URL": self.work.queue.queue_url,
            "ESCALATION_QUEUE_ARN": self.work.queue.queue_arn,
            "ESCALATION_DEAD_LETTER_ARN": self.work.dead_letters.queue.queue_arn,
            "SCHEDULE_GROUP": self.group.ref,
            "SCHEDULE_ROLE_ARN": self.timer_role.role_arn,
        }

    def _timer_role(self, named: str) -> Role:
        """What the Scheduler may do for us: put a message on this room's queue, or among its dead letters."""
        group = Stack.of(self).format_arn(
            service="scheduler",
            resource="schedule-group",
            resource_name=named,
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        )
        ours = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID, "aws:SourceArn": group}}
        principal = ServicePrincipal("scheduler.amazonaws.com", conditions=ours)
        role = Role(self, "TimerRole", assumed_by=principal, description="Deadair's one-shot schedules.")
        queues = [self.work.queue.queue_arn, self.work.dead_letters.queue.queue_arn]
        role.add_to_policy(PolicyStatement(actions=["sqs:SendMessage"], resources=queues))
        return role
