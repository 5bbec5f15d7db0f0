"""Signals of what does not run on AWS → metrics: the web room → signal queue → signal_intake.

Knows the queue and that metrics of other namespaces are none of its business. Refuses to know a signal.
"""

from aws_cdk import Duration
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from constructs import Construct

from infra import rights
from infra.queues import WorkQueue
from infra.surroundings import Surroundings
from signal_intake.settings import SignalSettings

NAME = "signal_intake"
# Ten messages of 500 signals each are some forty calls to CloudWatch.
TIMEOUT = Duration.seconds(60)
BATCH = 10


class SignalIntake(Construct):
    """The signal queue and the room behind it."""

    def __init__(self, scope: Construct, around: Surroundings) -> None:
        super().__init__(scope, "SignalIntake")
        self.work = WorkQueue(self, "Work", room_timeout=TIMEOUT, operators=around.operators)
        self.room = around.room(self, NAME, SignalSettings, timeout=TIMEOUT, memory=512)
        self.room.function.add_event_source(
            SqsEventSource(self.work.queue, batch_size=BATCH, report_batch_item_failures=True)
        )
        rights.count_signals(self.room, around.data)
        rights.write_metrics(self.room, around.stage.metric_namespace)
