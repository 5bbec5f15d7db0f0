"""Facts → documents: the incident bus → postmortem_writer's queue → postmortem_writer.

Knows which facts lead to a document. Refuses to know what is in it.
"""

from aws_cdk import Duration
from aws_cdk.aws_events import Rule, RuleTargetInput, Schedule
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from constructs import Construct

from infra import rights
from infra.bus import deployed, queue_target
from infra.queues import WorkQueue
from infra.surroundings import Surroundings
from postmortem_writer.settings import WriterSettings

NAME = "postmortem_writer"
# What changes a draft or a document. What alarms say while an incident goes on does not: its end brings all of it.
FACTS = (
    "incident.resolved.v1",
    "incident.reopened.v1",
    "incident.false_alarm.v1",
    "incident.merged.v1",
    "incident.split.v1",
    "incident.milestone_set.v1",
    "incident.severity_set.v1",
    "incident.cause_named.v1",
    "incident.assigned.v1",
    "incident.affected.v1",
    "incident.linked.v1",
    "incident.change_noted.v1",
    "incident.checked.v1",
    "incident.noted.v1",
    "incident.recovered.v1",
    "incident.diagnosed.v1",
    "incident.undone.v1",
    "postmortem.published.v1",
    "action.added.v1",
    "action.changed.v1",
    "action.done.v1",
    "action.dropped.v1",
)
# What the schedule puts on the queue, in the room's own words.
RECONCILE = {"reconcile": True}
TIMEOUT = Duration.seconds(120)
# The least that SQS accepts. Two writers can still meet at the index, whose manifest is written with If-Match.
AT_ONCE = 2


class PostmortemWriter(Construct):
    """The queue of facts and the room behind it."""

    def __init__(self, scope: Construct, around: Surroundings) -> None:
        super().__init__(scope, "PostmortemWriter")
        self.work = WorkQueue(self, "Work", room_timeout=TIMEOUT, operators=around.operators)
        around.bus.deliver("ToPostmortemWriter", self.work, list(FACTS))
        self.room = around.room(self, NAME, WriterSettings, timeout=TIMEOUT, memory=1024)
        self.room.function.add_event_source(
            SqsEventSource(self.work.queue, batch_size=10, max_concurrency=AT_ONCE, report_batch_item_failures=True)
        )
        self._reconcile()
        rights.work_incidents(self.room, around.data)
        rights.read_knowledge(self.room, around.data, "index", "postmortems", "templates")
        rights.keep_standing_errors(self.room, around.data)
        rights.read_registry(self.room, around.data)
        rights.read_metrics(self.room)
        rights.read_metric_alarms(self.room)
        rights.write_knowledge(self.room, around.data, "index", "postmortems")
        rights.drop_old_indexes(self.room, around.data)

    def _reconcile(self) -> None:
        """Daily, and after a deployment: an index of an earlier make is then made anew before anybody misses it."""
        target = queue_target(self.work, RuleTargetInput.from_object(RECONCILE))
        said = "Deadair finishes what publishing left half done."
        Rule(self, "Daily", schedule=Schedule.rate(Duration.days(1)), targets=[target], description=said)
        Rule(self, "Deployed", event_pattern=deployed(), targets=[target], description="Deadair was deployed.")
