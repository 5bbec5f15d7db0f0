"""What CloudWatch knows of an integration: its last hours, and how its alarms stand. Two questions at most.

Knows GetMetricData and DescribeAlarms. Refuses to write, and to judge what a number means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import Unavailable

HOUR = timedelta(hours=1)
HOURS = 24


@dataclass(frozen=True, slots=True)
class HourOfRecords:
    """What came in the hour that began at `at`."""

    at: datetime
    records: float = 0.0
    errors: float = 0.0


@dataclass(frozen=True, slots=True)
class AlarmNow:
    """How an alarm stands, in CloudWatch's word, and since when it does."""

    name: str
    state: str
    since: datetime | None
    description: str = ""


class MetricReader:
    """Reads of one namespace. `client` is a low-level CloudWatch client; silence is `Unavailable`."""

    def __init__(self, client: Any, namespace: str) -> None:
        self._client, self._namespace = client, namespace

    def last_hours(self, slug: str, now: datetime, hours: int = HOURS) -> list[HourOfRecords]:
        """The last whole hours of the clock and the one that has begun, oldest first. An hour without data is zeros."""
        start = now.replace(minute=0, second=0, microsecond=0) - (hours - 1) * HOUR
        try:
            found = self._client.get_metric_data(
                MetricDataQueries=[self._sum("records", "Records", slug), self._sum("errors", "Errors", slug)],
                StartTime=start,
                EndTime=start + hours * HOUR,
            )["MetricDataResults"]
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("CloudWatch does not answer.") from error
        sums = {one["Id"]: dict(zip(one["Timestamps"], one["Values"], strict=False)) for one in found}
        records, errors = sums.get("records", {}), sums.get("errors", {})
        ats = [start + number * HOUR for number in range(hours)]
        return [HourOfRecords(at, records.get(at, 0.0), errors.get(at, 0.0)) for at in ats]

    def alarms(self, names: Sequence[str]) -> dict[str, AlarmNow]:
        """The alarms that exist, by name; at most 100 names."""
        try:
            found = self._client.describe_alarms(AlarmNames=list(names), AlarmTypes=["MetricAlarm"], MaxRecords=100)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("CloudWatch does not answer.") from error
        return {alarm["AlarmName"]: _alarm(alarm) for alarm in found["MetricAlarms"]}

    def _sum(self, name: str, metric: str, slug: str) -> dict[str, Any]:
        named = {
            "Namespace": self._namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": "Integration", "Value": slug}],
        }
        return {"Id": name, "MetricStat": {"Metric": named, "Period": 3600, "Stat": "Sum"}}


def _alarm(alarm: dict[str, Any]) -> AlarmNow:
    """`StateUpdatedTimestamp` moves with every evaluation that says something new; people mean the change."""
    since = alarm.get("StateTransitionedTimestamp") or alarm.get("StateUpdatedTimestamp")
    return AlarmNow(alarm["AlarmName"], alarm["StateValue"], since, alarm.get("AlarmDescription") or "")
