"""Browsers and API clients → use cases: HTTP API → web.

Knows that every route which is not Slack's comes here. Refuses to know a page.
"""

from aws_cdk import Duration
from constructs import Construct

from infra import rights
from infra.surroundings import Surroundings
from web.settings import WebSettings

NAME = "web"
# An HTTP API gives up after thirty seconds.
TIMEOUT = Duration.seconds(29)


class Web(Construct):
    """The room behind every other route."""

    def __init__(self, scope: Construct, around: Surroundings) -> None:
        super().__init__(scope, "Web")
        self.room = around.room(self, NAME, WebSettings, timeout=TIMEOUT, memory=1769)
        around.api.route_everything_else(self.room.function)
        rights.work_incidents(self.room, around.data)
        rights.read_registry(self.room, around.data)
        rights.read_knowledge(self.room, around.data, "index", "postmortems")
        rights.read_secrets(self.room, around.stage.web_secrets, rights.SESSION_KEY)
