"""Who watches the line: a schedule → queue → watchdog → the drill's alarm → the whole line → a number → an alarm.

Knows the schedule and the two alarms: one that the watchdog lets speak, and one that rings when its round does not come
out at the end. Refuses to know the line between.
"""

from aws_cdk import Duration
from aws_cdk.aws_cloudwatch import Alarm, ComparisonOperator, Metric, TreatMissingData
from aws_cdk.aws_cloudwatch_actions import SnsAction
from aws_cdk.aws_events import Rule, Schedule
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from aws_cdk.aws_sns import ITopic
from constructs import Construct

from infra import rights
from infra.bus import queue_target
from infra.config import Stage
from infra.queues import WorkQueue
from infra.rooms.alarm_intake import DRILL
from infra.surroundings import Surroundings
from watchdog.settings import AGE_METRIC, DRILL_METRIC, EVERY, WatchdogSettings

NAME = "watchdog"
TIMEOUT = Duration.seconds(30)
# A round that takes longer is as good as none.
SLOW_S = 300
# The alarm rings after so many minutes without a round in time. Not after two rounds: CloudWatch looks two periods
# further back for real numbers before missing ones count, and with periods of five minutes that would take twenty.
SILENT_MIN = 10


def drill_alarm(scope: Construct, stage: Stage) -> Alarm:
    """The alarm that the watchdog lets speak. Nobody writes its metric, and missing data leave it as it was set."""
    return Alarm(
        scope,
        DRILL,
        metric=Metric(namespace=stage.metric_namespace, metric_name=DRILL_METRIC, period=Duration.minutes(5)),
        threshold=0,
        comparison_operator=ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluation_periods=1,
        treat_missing_data=TreatMissingData.IGNORE,
        alarm_description="Deadair tries its own line with this alarm. It says nothing of any integration.",
    )


class Watchdog(Construct):
    """The schedule, its queue, the room, and the alarm on what comes out at the end."""

    def __init__(self, scope: Construct, around: Surroundings, *, drill: Alarm) -> None:
        super().__init__(scope, "Watchdog")
        self.work = WorkQueue(self, "Work", room_timeout=TIMEOUT, operators=around.operators)
        self.room = around.room(self, NAME, WatchdogSettings, timeout=TIMEOUT, memory=256)
        self.room.function.add_event_source(
            SqsEventSource(self.work.queue, batch_size=10, report_batch_item_failures=True)
        )
        every = Schedule.rate(Duration.seconds(int(EVERY.total_seconds())))
        target = queue_target(self.work)
        Rule(self, "Round", schedule=every, targets=[target], description="Deadair tries its own line.")
        self.alarm = self._silent(around.stage, around.operators)
        rights.keep_pulse(self.room, around.data)
        rights.keep_standing_errors(self.room, around.data)
        self.room.allow(["cloudwatch:SetAlarmState"], [drill.alarm_arn])

    def _silent(self, stage: Stage, operators: ITopic) -> Alarm:
        age = Metric(
            namespace=stage.metric_namespace,
            metric_name=AGE_METRIC,
            period=Duration.minutes(1),
            statistic="Minimum",
        )
        alarm = Alarm(
            self,
            "Silent",
            metric=age,
            threshold=SLOW_S,
            comparison_operator=ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=SILENT_MIN,
            # The silence is the news.
            treat_missing_data=TreatMissingData.BREACHING,
            alarm_description="Deadair's own drill does not come through: alarms may not reach anybody.",
        )
        alarm.add_alarm_action(SnsAction(operators))
        alarm.add_ok_action(SnsAction(operators))
        return alarm
