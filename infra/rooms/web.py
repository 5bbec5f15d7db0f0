"""Browsers and API clients → use cases: HTTP API → web.

Knows that every route which is not Slack's comes here. Refuses to know a page.
"""

from aws_cdk import Duration
from constructs import Construct

from infra import rights
from infra.queues import WorkQueue
from infra.surroundings import Surroundings
from web.settings import WebSettings

NAME = "web"
# An HTTP API gives up after thirty seconds.
TIMEOUT = Duration.seconds(29)


class Web(Construct):
    """The room behind every other route."""

    def __init__(
        self, scope: Construct, around: Surroundings, *, signals: WorkQueue, changes: WorkQueue, intake: WorkQueue
    ) -> None:
        super().__init__(scope, "Web")
        works = {"SIGNAL": signals, "CHANGE": changes, "INTAKE": intake}
        queues = {f"{name}_QUEUE_URL": work.queue.queue_url for name, work in works.items()}
        self.room = around.room(self, NAME, WebSettings, timeout=TIMEOUT, memory=1769, queues=queues)
        around.api.route_everything_else(self.room.function)
        rights.work_incidents(self.room, around.data)
        rights.read_registry(self.room, around.data)
        # A dead letter too big for an item is an object under raw/.
        rights.read_knowledge(self.room, around.data, "index", "postmortems", "raw", "templates")
        kept = (rights.SESSION_KEY, rights.SESSION_KEY_BEFORE, rights.CLIENT_SECRET)
        rights.read_secrets(self.room, around.stage.web_secrets, *kept)
        # Whoever is deactivated in Slack loses their session.
        rights.read_secrets(self.room, around.stage.slack_secrets, rights.BOT_TOKEN)
        rights.change_rows(self.room, around.data)
        rights.read_signal_keys(self.room, around.stage.signal_secrets)
        # A dead letter goes once more through the front of the line.
        rights.send_to(self.room, signals, changes, intake)
        rights.read_metric_alarms(self.room)
        rights.read_metrics(self.room)
