"""Alarms on Deadair's own parts: every room, every queue in front of one, every rule. They tell the operators' topic.

Knows which numbers of AWS show that a part does not work. Refuses to know any room: whatever the stack holds in the end
is watched. Dead letters have their alarm beside their queue.
"""

from collections.abc import Iterator

from aws_cdk import Duration, Fn
from aws_cdk.aws_cloudwatch import Alarm, ComparisonOperator, IMetric, Metric, TreatMissingData
from aws_cdk.aws_cloudwatch_actions import SnsAction
from aws_cdk.aws_events import CfnRule, Rule
from aws_cdk.aws_sns import ITopic
from constructs import Construct

from infra.queues import WorkQueue
from infra.room import Room

FIVE_MINUTES = Duration.minutes(5)
# A message that waited so long is late for whoever it concerns; a notice waits a quarter of an hour for Slack.
LATE_S = 20 * 60
# One failed run is retried and means nothing; two stretches of five minutes with failures do.
STRETCHES = 2


def watch_everything(stack: Construct, operators: ITopic) -> None:
    """Alarms for all that the stack holds by now."""
    action = SnsAction(operators)
    for part, name, metric, threshold, text in list(_watched(stack)):
        alarm = Alarm(
            part,
            name,
            metric=metric,
            threshold=threshold,
            comparison_operator=ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=STRETCHES,
            # Nothing to do is no failure; that nothing comes any more, the watchdog notices.
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            alarm_description=f"{part.node.path}: {text}",
        )
        alarm.add_alarm_action(action)


def _watched(stack: Construct) -> Iterator[tuple[Construct, str, IMetric, float, str]]:
    for part in stack.node.find_all():
        if isinstance(part, Room):
            function = part.function
            errors = function.metric_errors(period=FIVE_MINUTES, statistic="Sum")
            yield part, "Errors", errors, 0, "the function fails. Its log group says why."
            throttles = function.metric_throttles(period=FIVE_MINUTES, statistic="Sum")
            yield part, "Throttles", throttles, 0, "the account has no room for the function. Raise its concurrency."
        elif isinstance(part, WorkQueue):
            age = part.queue.metric_approximate_age_of_oldest_message(period=FIVE_MINUTES, statistic="Maximum")
            yield part, "Late", age, LATE_S, "messages wait longer than they should."
        elif isinstance(part, Rule):
            yield part, "Failed", _failed(part), 0, "events do not reach their queue. Look at its policy."


def _failed(rule: Rule) -> Metric:
    """Rules of another bus than the default one carry its name: in their ARN, and as a second dimension.

    The name is taken out of the ARN, for a reference to such a rule gives both names at once.
    """
    raw = rule.node.default_child
    bus = raw.event_bus_name if isinstance(raw, CfnRule) else None
    name = Fn.select(2 if bus else 1, Fn.split("/", rule.rule_arn))
    dimensions = {"RuleName": name} | ({"EventBusName": bus} if bus else {})
    return Metric(
        namespace="AWS/Events",
        metric_name="FailedInvocations",
        dimensions_map=dimensions,
        period=FIVE_MINUTES,
        statistic="Sum",
    )
