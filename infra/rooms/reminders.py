"""A schedule → people reminded: every hour → queue → reminders.

Knows the rhythm. Refuses to know whose morning it is.
"""

from aws_cdk import Duration
from aws_cdk.aws_events import Rule, RuleTargetInput, Schedule
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from constructs import Construct

from infra import rights
from infra.bus import queue_target
from infra.queues import WorkQueue
from infra.surroundings import Surroundings
from reminders.settings import RemindersSettings

NAME = "reminders"
TIMEOUT = Duration.seconds(300)
EVERY = Duration.hours(1)
REMIND = {"remind": True}


class Reminders(Construct):
    """The schedule, its queue and the room behind it."""

    def __init__(self, scope: Construct, around: Surroundings) -> None:
        super().__init__(scope, "Reminders")
        self.work = WorkQueue(self, "Work", room_timeout=TIMEOUT, operators=around.operators)
        queues = {"OPERATOR_TOPIC": around.operators.topic_arn}
        self.room = around.room(self, NAME, RemindersSettings, timeout=TIMEOUT, memory=512, queues=queues)
        self.room.function.add_event_source(
            SqsEventSource(self.work.queue, batch_size=10, max_concurrency=2, report_batch_item_failures=True)
        )
        target = queue_target(self.work, RuleTargetInput.from_object(REMIND))
        text = "Deadair looks whose morning it is."
        Rule(self, "Hourly", schedule=Schedule.rate(EVERY), targets=[target], description=text)
        rights.remind_people(self.room, around.data)
        rights.read_registry(self.room, around.data)
        rights.read_knowledge(self.room, around.data, "index")
        rights.send_letters(self.room, around.operators, around.values["EMAIL_SENDER"])
        rights.read_secrets(self.room, around.stage.slack_secrets, rights.BOT_TOKEN)
