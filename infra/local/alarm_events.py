"""The event that EventBridge delivers when an alarm changes its state, in CloudWatch's shape. Pure.

On AWS CloudWatch sends it with source `aws.cloudwatch`. The embedded AWS refuses that source from outside, so here
it is `deadair.local`, which the intake rule of the local stage also matches. Everything else is the same.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from infra.local.alarm_rules import Rule, Verdict

SOURCE = "deadair.local"
DETAIL_TYPE = "CloudWatch Alarm State Change"
_IDS = UUID("6f1c5b0e-6a43-4b0c-9a5e-0d2f6c1f7a10")
Json = dict[str, Any]


def stamp(moment: datetime) -> str:
    """CloudWatch's own notation: milliseconds and an offset without a colon."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"


def reason_data(alarm: Mapping[str, Any], rule: Rule, verdict: Verdict, now: datetime) -> str:
    """The machine's half of the reason, as a JSON text."""
    points = [point for point in verdict.decided_by if point.value is not None]
    data: Json = {"version": "1.0", "queryDate": stamp(now)}
    if points:
        data["startDate"] = stamp(points[-1].at)
    if "Statistic" in alarm or "ExtendedStatistic" in alarm:
        data["statistic"] = alarm.get("ExtendedStatistic") or alarm["Statistic"]
    data["period"] = period_of(alarm)
    data["recentDatapoints"] = [point.value for point in reversed(points)]
    data["threshold"] = rule.threshold
    data["evaluatedDatapoints"] = [{"timestamp": stamp(point.at), "value": point.value} for point in points]
    return json.dumps(data)


def entry(alarm: Mapping[str, Any], previous: Json, state: Json) -> Json:
    """The entry for `put_events`. `previous` and `state` come from `state_of`."""
    detail = {
        "alarmName": alarm["AlarmName"],
        "configuration": _configuration(alarm),
        "previousState": previous,
        "state": state,
    }
    return {
        "Source": SOURCE,
        "DetailType": DETAIL_TYPE,
        "Resources": [alarm["AlarmArn"]],
        "Detail": json.dumps(detail, ensure_ascii=False),
    }


def state_of(value: str, reason: str, data: str | None, at: datetime) -> Json:
    """`state` or `previousState` of the detail."""
    state = {"reason": reason, "timestamp": stamp(at), "value": value}
    return state | ({"reasonData": data} if data else {})


def period_of(alarm: Mapping[str, Any]) -> int:
    """The alarm's period in seconds; with metric math, that of its first metric."""
    if "Period" in alarm:
        return int(alarm["Period"])
    for query in alarm.get("Metrics", ()):
        if "MetricStat" in query:
            return int(query["MetricStat"]["Period"])
        if "Period" in query:
            return int(query["Period"])
    return 60


def queries_of(alarm: Mapping[str, Any]) -> list[Json]:
    """The metric queries behind the alarm, a plain metric as one query."""
    if alarm.get("Metrics"):
        return list(alarm["Metrics"])
    if not alarm.get("MetricName"):
        return []
    metric = {
        "Namespace": alarm["Namespace"],
        "MetricName": alarm["MetricName"],
        "Dimensions": alarm.get("Dimensions", []),
    }
    stat = alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")
    query_id = str(uuid5(_IDS, alarm["AlarmArn"]))
    return [
        {"Id": query_id, "MetricStat": {"Metric": metric, "Period": period_of(alarm), "Stat": stat}, "ReturnData": True}
    ]


def _configuration(alarm: Mapping[str, Any]) -> Json:
    configuration: Json = {"metrics": [_metric(query) for query in queries_of(alarm)]}
    if alarm.get("AlarmDescription"):
        configuration["description"] = alarm["AlarmDescription"]
    if alarm.get("AlarmRule"):
        return {"alarmRule": alarm["AlarmRule"]} | {
            key: value for key, value in configuration.items() if key == "description"
        }
    return configuration


def _metric(query: Json) -> Json:
    shape: Json = {"id": query["Id"], "returnData": query.get("ReturnData", True)}
    if query.get("Expression"):
        return shape | {"expression": query["Expression"], "label": query.get("Label", query["Id"])}
    stat = query["MetricStat"]
    metric = stat["Metric"]
    named = {"name": metric["MetricName"], "namespace": metric["Namespace"]}
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in metric.get("Dimensions", [])}
    return shape | {
        "metricStat": {"metric": named | {"dimensions": dimensions}, "period": stat["Period"], "stat": stat["Stat"]}
    }
