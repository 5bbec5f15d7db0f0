"""Facts of action items → the tracker outside: the incident bus → queue → tracker → signed POST.

Knows that nothing is delivered while no address is configured: the rule is off then, and the room never runs. Refuses
to know what is sent.
"""

from typing import cast

from aws_cdk import CfnCondition, Duration, Fn
from aws_cdk.aws_events import CfnRule
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from constructs import Construct

from infra import rights
from infra.bus import facts_starting
from infra.queues import WorkQueue
from infra.surroundings import Surroundings
from tracker.settings import TrackerSettings

NAME = "tracker"
# One message takes at most a quarter of a minute.
TIMEOUT = Duration.seconds(60)
TOGETHER = 3
# The room sets the rests itself: some two hours in all.
DELIVERIES = 6


class Tracker(Construct):
    """The queue of facts and the room behind it."""

    def __init__(self, scope: Construct, around: Surroundings) -> None:
        super().__init__(scope, "Tracker")
        self.work = WorkQueue(self, "Work", room_timeout=TIMEOUT, operators=around.operators, deliveries=DELIVERIES)
        rule = around.bus.deliver("ToTracker", self.work, facts_starting("action."))
        empty = Fn.condition_equals(around.values["ACTIONS_WEBHOOK"], "")
        nobody = CfnCondition(self, "NoAddress", expression=empty)
        on = Fn.condition_if(nobody.logical_id, "DISABLED", "ENABLED").to_string()
        cast(CfnRule, rule.node.default_child).state = on
        self.room = around.room(self, NAME, TrackerSettings, timeout=TIMEOUT, memory=256)
        self.room.function.add_event_source(
            SqsEventSource(self.work.queue, batch_size=TOGETHER, max_concurrency=2, report_batch_item_failures=True)
        )
        rights.keep_action_links(self.room, around.data)
        rights.keep_standing_errors(self.room, around.data)
        rights.read_secrets(self.room, around.stage.action_secrets, rights.WEBHOOK_SECRET)
