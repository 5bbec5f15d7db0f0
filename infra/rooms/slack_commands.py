"""Slack → use cases: HTTP API → slack_commands, and what could not be worked at once: kept queue → slack_commands.

Knows the four routes and the time Slack allows. Refuses to know a command.
"""

from aws_cdk import Duration
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from constructs import Construct

from infra import rights
from infra.queues import WorkQueue
from infra.surroundings import Surroundings
from slack_commands.settings import SlackSettings

NAME = "slack_commands"
# Slack waits three seconds for an answer; the rest is for an answer sent afterwards.
TIMEOUT = Duration.seconds(10)
# The room asks for the next delivery after five minutes at most: this is most of a day without a store.
DELIVERIES = 200


class SlackCommands(Construct):
    """The room behind POST /slack/{commands,interactions,events,options}."""

    def __init__(self, scope: Construct, around: Surroundings) -> None:
        super().__init__(scope, "SlackCommands")
        # CPU follows memory; the first request after a pause has to be answered within Slack's three seconds.
        self.kept = WorkQueue(
            self, "Kept", room_timeout=TIMEOUT, operators=around.operators, in_order=True, deliveries=DELIVERIES
        )
        queues = {"KEPT_QUEUE": self.kept.queue.queue_url}
        self.room = around.room(self, NAME, SlackSettings, timeout=TIMEOUT, memory=1769, queues=queues)
        # One at a time: each has as long as its person would have waited for.
        self.room.function.add_event_source(
            SqsEventSource(self.kept.queue, batch_size=1, report_batch_item_failures=True)
        )
        rights.send_to(self.room, self.kept)
        around.api.route_slack(self.room.function)
        rights.work_incidents(self.room, around.data)
        rights.read_registry(self.room, around.data)
        rights.read_knowledge(self.room, around.data, "index", "postmortems")
        rights.read_secrets(self.room, around.stage.slack_secrets, rights.SIGNING_SECRET, rights.BOT_TOKEN)
