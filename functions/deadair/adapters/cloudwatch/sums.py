"""The sums of one of an integration's metrics, period by period. Refuses to fill gaps and to judge."""

from datetime import UTC, datetime, timedelta
from typing import Any


class Sums:
    """Reads of one namespace. `client` is a low-level CloudWatch client."""

    def __init__(self, client: Any, namespace: str) -> None:
        self._client, self._namespace = client, namespace

    def of(self, slug: str, metric: str, start: datetime, end: datetime, period_min: int) -> dict[datetime, float]:
        """The sums of the whole periods of the clock that lie between two instants, by their beginning."""
        period = timedelta(minutes=period_min)
        first, last = _floor(start + period, period), _floor(end - period, period)
        if last < first:
            return {}
        named = {
            "Namespace": self._namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": "Integration", "Value": slug}],
        }
        query = {"Id": "m", "MetricStat": {"Metric": named, "Period": int(period.total_seconds()), "Stat": "Sum"}}
        found: dict[datetime, float] = {}
        pages = self._client.get_paginator("get_metric_data").paginate(
            MetricDataQueries=[query], StartTime=first, EndTime=last + period
        )
        for page in pages:
            for result in page["MetricDataResults"]:
                found |= dict(zip(result["Timestamps"], result["Values"], strict=True))
        return {at: total for at, total in found.items() if first <= at <= last}


def _floor(at: datetime, period: timedelta) -> datetime:
    step = int(period.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // step * step, UTC)
