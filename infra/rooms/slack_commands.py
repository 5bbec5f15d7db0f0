"""Slack → use cases: HTTP API → slack_commands.

Knows the four routes and the time Slack allows. Refuses to know a command.
"""

from aws_cdk import Duration
from constructs import Construct

from infra import rights
from infra.surroundings import Surroundings
from slack_commands.settings import SlackSettings

NAME = "slack_commands"
# Slack waits three seconds for an answer; the rest is for an answer sent afterwards.
TIMEOUT = Duration.seconds(10)


class SlackCommands(Construct):
    """The room behind POST /slack/{commands,interactions,events,options}."""

    def __init__(self, scope: Construct, around: Surroundings) -> None:
        super().__init__(scope, "SlackCommands")
        # CPU follows memory; the first request after a pause has to be answered within Slack's three seconds.
        self.room = around.room(self, NAME, SlackSettings, timeout=TIMEOUT, memory=1769)
        around.api.route_slack(self.room.function)
        rights.work_incidents(self.room, around.data)
        rights.read_registry(self.room, around.data)
        rights.read_knowledge(self.room, around.data, "index", "postmortems")
        rights.read_secrets(self.room, around.stage.slack_secrets, rights.SIGNING_SECRET, rights.BOT_TOKEN)
