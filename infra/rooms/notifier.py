"""Facts → Slack, and e-mail where Slack fails: the incident bus → notifier's queue → notifier.

Knows which facts are delivered and how fast. Refuses to know what is said.
"""

from aws_cdk import Duration
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from constructs import Construct

from infra import rights
from infra.bus import facts_starting
from infra.queues import WorkQueue
from infra.surroundings import Surroundings
from notifier.settings import NotifierSettings

NAME = "notifier"
TIMEOUT = Duration.seconds(60)
# Slack allows about one message per second and channel; more at once only earns 429s.
AT_ONCE = 2


class Notifier(Construct):
    """The queue of facts and the room behind it."""

    def __init__(self, scope: Construct, around: Surroundings) -> None:
        super().__init__(scope, "Notifier")
        self.work = WorkQueue(self, "Work", room_timeout=TIMEOUT, operators=around.operators)
        around.bus.deliver("ToNotifier", self.work, facts_starting("incident.", "postmortem.", "watchdog."))
        queues = {"OWN_QUEUE": self.work.queue.queue_url, "OPERATOR_TOPIC": around.operators.topic_arn}
        self.room = around.room(self, NAME, NotifierSettings, timeout=TIMEOUT, memory=512, queues=queues)
        self.room.function.add_event_source(
            SqsEventSource(self.work.queue, batch_size=10, max_concurrency=AT_ONCE, report_batch_item_failures=True)
        )
        rights.work_incidents(self.room, around.data)
        rights.read_registry(self.room, around.data)
        rights.read_knowledge(self.room, around.data, "index", "postmortems")
        rights.send_to(self.room, self.work)
        rights.send_letters(self.room, around.operators, around.values["EMAIL_SENDER"])
        rights.keep_standing_errors(self.room, around.data)
        rights.read_secrets(self.room, around.stage.slack_secrets, rights.BOT_TOKEN)
        # The heartbeat of the whole line is written where it ends.
        rights.write_metrics(self.room, around.stage.metric_namespace)
