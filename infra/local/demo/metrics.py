"""The demo's metric and alarms: hourly records of one integration that stop coming.

Knows CloudWatch's calls. The silence is real: nothing sets an alarm's state, the missing data do.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

NAMESPACE = "Deadair"
HOUR = 3600


class Line:
    """The records of one integration as CloudWatch sees them."""

    def __init__(self, cloudwatch: Any, integration: str) -> None:
        self.cloudwatch = cloudwatch
        # Each telling has data of its own: the last one ended with records, and silence cannot be put back.
        telling = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}"
        self.dimensions = [{"Name": "Integration", "Value": integration}, {"Name": "Telling", "Value": telling}]

    def records(self, metric: str, hours_ago: range, per_hour: int) -> None:
        """Records that arrived in each of those hours."""
        now = datetime.now(UTC)
        self.cloudwatch.put_metric_data(
            Namespace=NAMESPACE,
            MetricData=[
                {
                    "MetricName": metric,
                    "Dimensions": self.dimensions,
                    "Timestamp": now - timedelta(hours=hours),
                    "Value": float(per_hour + hours % 7),
                    "Unit": "Count",
                }
                for hours in hours_ago
            ],
        )

    def watch(self, alarm: str, metric: str) -> None:
        """A silence alarm as one writes it by hand: under one record an hour, missing data breaching."""
        self.cloudwatch.delete_alarms(AlarmNames=[alarm])
        self.cloudwatch.put_metric_alarm(
            AlarmName=alarm,
            AlarmDescription="No record has arrived for an hour.",
            Namespace=NAMESPACE,
            MetricName=metric,
            Dimensions=self.dimensions,
            Statistic="Sum",
            Period=HOUR,
            EvaluationPeriods=1,
            Threshold=1.0,
            ComparisonOperator="LessThanThreshold",
            TreatMissingData="breaching",
        )

    def state(self, alarm: str) -> str:
        """OK, ALARM or INSUFFICIENT_DATA."""
        found = self.cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
        return str(found[0]["StateValue"]) if found else ""
