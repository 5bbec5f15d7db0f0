"""Alarms inside MiniStack: its own judgement off, metric math kept, SNS told in CloudWatch's own shape.

The evaluator judges; here nothing is computed.
"""

# ruff: noqa: SLF001 - reaching into MiniStack is what this module is for

import json
from datetime import UTC, datetime
from typing import Any

from ministack.core.responses import get_account_id, new_uuid
from ministack.services import cloudwatch, sns
from ministack.services.cloudformation import provisioners

Json = dict[str, Any]
_ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
_REGION_NAME = "US East (N. Virginia)"
_PLAIN_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Unit")


def apply() -> None:
    """Make the adjustments that concern alarms."""
    # It mixes all dimensions of a metric and knows no missing data.
    cloudwatch._evaluate_alarm = lambda _alarm: None
    _keep_metric_math_of_the_api()
    _keep_metric_math_of_templates()
    cloudwatch._dispatch_alarm_actions = _tell_topics


def _keep_metric_math_of_the_api() -> None:
    """PutMetricAlarm drops `Metrics` in MiniStack; the evaluator needs them."""
    put = cloudwatch._put_metric_alarm

    def put_with_math(params: Json, data: Json, *protocol: bool) -> Any:
        answer = put(params, data, *protocol)
        alarm = cloudwatch._alarms.get(data.get("AlarmName", "")) if data else None
        if alarm and data.get("Metrics"):
            _become_math(alarm, data["Metrics"])
        return answer

    cloudwatch._put_metric_alarm = put_with_math


def _keep_metric_math_of_templates() -> None:
    """CloudFormation refuses an alarm with `Metrics` in MiniStack; the shape is the same as the API's."""
    record = provisioners._cw_metric_alarm_record

    def record_with_math(name: str, properties: Json) -> Json:
        metrics = properties.get("Metrics")
        if not metrics:
            return dict(record(name, properties))
        plain = {key: value for key, value in properties.items() if key != "Metrics"}
        alarm = dict(record(name, plain | {"MetricName": "math", "Namespace": "math"}))
        _become_math(alarm, metrics)
        return alarm

    provisioners._cw_metric_alarm_record = record_with_math


def _become_math(alarm: Json, metrics: list[Json]) -> None:
    alarm["Metrics"] = metrics
    for name in _PLAIN_METRIC:
        alarm.pop(name, None)


def _tell_topics(alarm: Json, old_state: str, new_state: str, reason: str) -> None:
    """Publish to the SNS topics of the new state.

    MiniStack's message lacks the alarm's ARN and dates the change itself, apart from the event that the evaluator
    posts. With the same ARN and the same instant both are one transition, as they are on AWS.
    """
    if not alarm.get("ActionsEnabled", True):
        return
    message = json.dumps(_notification(alarm, old_state, new_state, reason))
    subject = f'{new_state}: "{alarm["AlarmName"]}" in {_REGION_NAME}'[:100]
    for action in alarm.get(_ACTIONS[new_state]) or []:
        if ":sns:" in action:
            sns._fanout(action, new_uuid(), message, subject)


def _notification(alarm: Json, old_state: str, new_state: str, reason: str) -> Json:
    return {
        "AlarmName": alarm["AlarmName"],
        "AlarmDescription": alarm.get("AlarmDescription") or None,
        "AWSAccountId": get_account_id(),
        "AlarmConfigurationUpdatedTimestamp": _stamp(alarm.get("AlarmConfigurationUpdatedTimestamp")),
        "NewStateValue": new_state,
        "NewStateReason": reason,
        "StateChangeTime": _judged_at(alarm) or _stamp(None),
        "Region": _REGION_NAME,
        "AlarmArn": alarm["AlarmArn"],
        "OldStateValue": old_state,
        "OKActions": alarm.get("OKActions", []),
        "AlarmActions": alarm.get("AlarmActions", []),
        "InsufficientDataActions": alarm.get("InsufficientDataActions", []),
        "Trigger": _trigger(alarm),
    }


def _judged_at(alarm: Json) -> str | None:
    """The instant that the evaluator gave to this change; None for a change made by hand."""
    data = json.loads(alarm.get("StateReasonData") or "{}")
    return str(data["queryDate"]) if isinstance(data, dict) and data.get("queryDate") else None


def _trigger(alarm: Json) -> Json:
    decision = {
        "Period": alarm.get("Period", 60),
        "EvaluationPeriods": alarm.get("EvaluationPeriods", 1),
        "DatapointsToAlarm": alarm.get("DatapointsToAlarm", alarm.get("EvaluationPeriods", 1)),
        "ComparisonOperator": alarm.get("ComparisonOperator"),
        "Threshold": alarm.get("Threshold"),
        "TreatMissingData": alarm.get("TreatMissingData", "missing"),
        "EvaluateLowSampleCountPercentile": "",
    }
    if alarm.get("Metrics"):
        return decision | {"Metrics": alarm["Metrics"]}
    if alarm.get("AlarmRule"):
        return {"AlarmRule": alarm["AlarmRule"]}
    dimensions = [{"value": one["Value"], "name": one["Name"]} for one in alarm.get("Dimensions", [])]
    return decision | {
        "MetricName": alarm.get("MetricName"),
        "Namespace": alarm.get("Namespace"),
        "StatisticType": "ExtendedStatistic" if alarm.get("ExtendedStatistic") else "Statistic",
        "Statistic": alarm.get("ExtendedStatistic") or str(alarm.get("Statistic", "")).upper(),
        "Unit": alarm.get("Unit"),
        "Dimensions": dimensions,
    }


def _stamp(seconds: float | None) -> str:
    moment = datetime.now(UTC) if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"
