"""Alarms inside MiniStack: its own judgement off, definitions kept as put, SNS told in CloudWatch's own shape.

The evaluator judges; here nothing is computed, only noted which alarms have changed.
"""

# ruff: noqa: SLF001 - reaching into MiniStack is what this module is for

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ministack.core.responses import get_account_id, new_uuid
from ministack.services import cloudwatch, sns
from ministack.services.cloudformation import provisioners

from infra.local.metric_changes import alarm_changed

Json = dict[str, Any]
_ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
_REGION_NAME = "US East (N. Virginia)"
_PLAIN_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Unit")
# What PutMetricAlarm takes and MiniStack forgets.
_FORGOTTEN = ("EvaluateLowSampleCountPercentile", "ThresholdMetricId")
# AWS's own, for an account and region.
_ALARMS_QUOTA = 5000
_DONE = 200


def apply() -> None:
    """Make the adjustments that concern alarms."""
    # It mixes all dimensions of a metric and knows no missing data.
    cloudwatch._evaluate_alarm = lambda _alarm: None
    cloudwatch._evaluate_all_alarms = lambda: None
    _keep_definitions_as_they_were_put()
    _keep_metric_math_of_templates()
    _tell_of_changes()
    _find_alarms_by_name()
    cloudwatch._dispatch_alarm_actions = _tell_topics


def _keep_definitions_as_they_were_put() -> None:
    """PutMetricAlarm of MiniStack drops `Metrics` and a few more, invents a statistic, and knows no quota of alarms."""
    put = cloudwatch._put_metric_alarm

    def put_as_asked(params: Json, data: Json, *protocol: bool) -> Any:
        name = (data or {}).get("AlarmName", "")
        if name not in cloudwatch._alarms and len(cloudwatch._alarms) >= _ALARMS_QUOTA:
            message = f"The maximum limit of {_ALARMS_QUOTA} alarms has been exceeded."
            return cloudwatch._error("LimitExceeded", message, 400, use_cbor=protocol[0], use_json=protocol[-1])
        answer = put(params, data, *protocol)
        if data and answer[0] == _DONE:
            _become_as_put(cloudwatch._alarms[name], data)
        alarm_changed(name or cloudwatch._p(params, "AlarmName"))
        return answer

    cloudwatch._put_metric_alarm = put_as_asked


def _become_as_put(alarm: Json, data: Json) -> None:
    alarm.update({name: data[name] for name in _FORGOTTEN if name in data})
    if data.get("Metrics"):
        _become_math(alarm, data["Metrics"])
    elif data.get("ExtendedStatistic"):
        alarm.pop("Statistic", None)


def _tell_of_changes() -> None:
    """Note the alarms whose state or configuration a request changes."""
    cloudwatch._set_alarm_state = _noting(cloudwatch._set_alarm_state)
    cloudwatch._delete_alarms = _noting(cloudwatch._delete_alarms)
    cloudwatch._enable_alarm_actions = _noting(cloudwatch._enable_alarm_actions)
    cloudwatch._disable_alarm_actions = _noting(cloudwatch._disable_alarm_actions)
    put_template, delete_template = (
        cloudwatch.cloudformation_put_metric_alarm,
        cloudwatch.cloudformation_delete_metric_alarm,
    )
    transition = cloudwatch._transition_composite

    def put_from_template(alarm: Json) -> None:
        put_template(alarm)
        alarm_changed(alarm["AlarmName"])

    def delete_from_template(name: str, *more: Any, **named: Any) -> None:
        delete_template(name, *more, **named)
        alarm_changed(name)

    def transition_composite(alarm: Json, *more: Any) -> None:
        transition(alarm, *more)
        alarm_changed(alarm["AlarmName"])

    cloudwatch.cloudformation_put_metric_alarm = put_from_template
    cloudwatch.cloudformation_delete_metric_alarm = delete_from_template
    cloudwatch._transition_composite = transition_composite


def _noting(handle: Callable[..., Any]) -> Callable[..., Any]:
    def handle_and_note(params: Json, data: Json, *protocol: bool) -> Any:
        answer = handle(params, data, *protocol)
        wanted = data or {}
        one = wanted.get("AlarmName") or cloudwatch._p(params, "AlarmName")
        for name in [*wanted.get("AlarmNames", ()), *([one] if one else ())]:
            alarm_changed(name)
        return answer

    return handle_and_note


def _find_alarms_by_name() -> None:
    """MiniStack compares each alarm with each wanted name; with a set, five thousand alarms are no matter."""
    describe = cloudwatch._describe_alarms

    def describe_by_name(params: Json, data: Json, *protocol: bool) -> Any:
        if data and data.get("AlarmNames"):
            data = data | {"AlarmNames": frozenset(data["AlarmNames"])}
        return describe(params, data, *protocol)

    cloudwatch._describe_alarms = describe_by_name


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
