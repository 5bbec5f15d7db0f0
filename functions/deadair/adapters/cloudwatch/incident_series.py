"""The metric around an incident, from CloudWatch: that of its first alarm, else that of the integration's signals.

Knows GetMetricData and DescribeAlarms. Refuses to draw, and to guess what a period without data would have been.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.chart import Measure, measure_of, moments, period_s, stretch
from deadair.domain.errors import Unavailable
from deadair.domain.incident import Incident
from deadair.domain.lengths import milestones
from deadair.domain.ownership import Integration

Series = dict[datetime, float]
Query = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One metric as CloudWatch names it, and what is known of its threshold and of the period that this is for."""

    metric: Query
    stat: str
    unit: str = ""
    threshold: float | None = None
    period: int = 60


@dataclass(frozen=True, slots=True)
class _Window:
    start: datetime
    end: datetime
    period: int

    @classmethod
    def of(cls, incident: Incident, now: datetime, least: int = 60) -> Self:
        start, end = stretch(incident, now)
        return cls(start, end, period_s(start, end, now, least))


class IncidentSeries:
    """Reads of metrics. `client` is a low-level CloudWatch client, `namespace` that of the integrations' signals."""

    def __init__(self, client: Any, namespace: str) -> None:
        self._client, self._namespace = client, namespace

    def of(self, incident: Incident, row: Integration | None, now: datetime) -> dict[str, Any] | None:
        """What is charted, as `adapters/s3/documents.py` names it. None without any number. Raises Unavailable."""
        try:
            asked = self._of_alarm(incident)
            found = self._chart(incident, asked, now) if asked else None
            return found or self._of_signals(incident, measure_of(incident), row, now)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("CloudWatch does not answer.") from error

    def _of_alarm(self, incident: Incident) -> _Asked | None:
        """The metric of the alarm that rang first; None for one over several metrics, or of another account."""
        first = min(incident.alarms.values(), key=lambda alarm: alarm.first_alarm_at, default=None)
        if first is None:
            return None
        told = self._client.describe_alarms(AlarmNames=[first.name], AlarmTypes=["MetricAlarm"])["MetricAlarms"]
        alarm = next((one for one in told if one.get("MetricName")), None)
        if alarm is None:
            return None
        named = {name: alarm[name] for name in ("Namespace", "MetricName", "Dimensions") if alarm.get(name)}
        stat = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Sum"
        return _Asked(named, stat, threshold=alarm.get("Threshold"), period=int(alarm.get("Period") or 60))

    def _chart(self, incident: Incident, asked: _Asked, now: datetime) -> dict[str, Any] | None:
        window = _Window.of(incident, now, asked.period)
        found = self._read({"m": (asked.metric, asked.stat)}, window)["m"]
        # A sum over longer is no sum that the threshold is for.
        holds = asked.stat != "Sum" or window.period == asked.period
        shown = asked if holds else replace(asked, threshold=None)
        return _told(incident, shown, found, window)

    def _of_signals(
        self, incident: Incident, measure: Measure, row: Integration | None, now: datetime
    ) -> dict[str, Any] | None:
        window = _Window.of(incident, now)
        metric = self._named(incident, measure.metric)
        wanted = {"m": (metric, measure.stat)}
        if measure.share_of:
            wanted["of"] = (self._named(incident, measure.share_of), measure.stat)
        read = self._read(wanted, window)
        found = _shares(read["m"], read["of"]) if measure.share_of else read["m"]
        thresholds = (row.row.get("thresholds") if row else None) or {}
        limit = thresholds.get(measure.threshold)
        return _told(incident, _Asked(metric, measure.stat, measure.unit, limit), found, window)

    def _named(self, incident: Incident, metric: str) -> Query:
        dimensions = [{"Name": "Integration", "Value": incident.integration}]
        return {"Namespace": self._namespace, "MetricName": metric, "Dimensions": dimensions}

    def _read(self, wanted: Mapping[str, tuple[Query, str]], window: _Window) -> dict[str, Series]:
        queries = [
            {"Id": id_, "MetricStat": {"Metric": metric, "Period": window.period, "Stat": stat}}
            for id_, (metric, stat) in wanted.items()
        ]
        pages = self._client.get_paginator("get_metric_data").paginate(
            MetricDataQueries=queries, StartTime=window.start, EndTime=window.end
        )
        found: dict[str, Series] = {id_: {} for id_ in wanted}
        for page in pages:
            for one in page["MetricDataResults"]:
                found[one["Id"]] |= dict(zip(one["Timestamps"], one["Values"], strict=False))
        return found


def _shares(some: Series, others: Series) -> Series:
    both = {at: some.get(at, 0.0) + others.get(at, 0.0) for at in some.keys() | others.keys()}
    return {at: 100 * some.get(at, 0.0) / total for at, total in both.items() if total}


def _told(incident: Incident, asked: _Asked, found: Series, window: _Window) -> dict[str, Any] | None:
    known = {at: value for at, value in found.items() if math.isfinite(value)}
    points = [(at, known.get(at)) for at in moments(window.start, window.end, window.period)]
    if all(value is None for _, value in points):
        return None
    return {
        "label": asked.metric["MetricName"],
        "unit": asked.unit,
        "period_s": window.period,
        "points": [[at.isoformat(), value] for at, value in points],
        "threshold": asked.threshold,
        "marks": [{"name": name, "at": at.isoformat()} for name, at in milestones(incident)],
    }
