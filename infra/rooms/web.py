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

    def __init__(self, scope: Construct, around: Surroundings, *, signals: WorkQueue, changes: WorkQueue) -> None:
        super().__init__(scope, "Web")
        queues = {"SIGNAL_QUEUE_URL": signals.queue.queue_url, "CHANGE_QUEUE_URL": changes.queue.queue_url}
        self.room = around.room(self, NAME, WebSettings, timeout=TIMEOUT, memory=1769, queues=queues)
        around.api.route_everything_else(self.room.function)
        rights.work_incidents(self.room, around.data)
        rights.read_registry(self.room, around.data)
        rights.read_knowledge(self.room, around.data, "index", "postmortems")
        rights.read_secrets(self.room, around.stage.web_secrets, rights.SESSION_KEY)
        rights.change_rows(self.room, around.data)
        rights.read_signal_keys(self.room, around.stage.signal_secrets)
        rights.send_to(self.room, signals, changes)
        rights.read_metric_alarms(self.room)
        rights.read_metrics(self.room)
