"""The event of an alarm's change has CloudWatch's shape, whatever kind of alarm it is."""

import json
from datetime import UTC, datetime
from typing import Any

from infra.local.alarm_events import entry, queries_of, reason_data, stamp, state_of
from infra.local.alarm_rules import Point, Rule, State, Verdict

NOW = datetime(2026, 11, 20, 12, 0, 1, 989_000, tzinfo=UTC)


def an_alarm(**changes: Any) -> dict[str, Any]:
    return {
        "AlarmName": "hubspot-salesforce-silence",
        "AlarmArn": "arn:aws:cloudwatch:us-east-1:000000000000:alarm:hubspot-salesforce-silence",
        "AlarmDescription": "No run for an hour",
        "Namespace": "Integrations",
        "MetricName": "Runs",
        "Dimensions": [{"Name": "Integration", "Value": "hubspot-salesforce"}],
        "Statistic": "Sum",
        "Period": 60,
    } | changes


def detail_of(alarm: dict[str, Any]) -> dict[str, Any]:
    before = state_of("OK", "fine", None, NOW)
    after = state_of("ALARM", "silent", "{}", NOW)
    detail: dict[str, Any] = json.loads(entry(alarm, before, after)["Detail"])
    return detail


def test_times_have_milliseconds_and_an_offset_without_colon() -> None:
    assert stamp(NOW) == "2026-11-20T12:00:01.989+0000"


def test_a_plain_metric_is_described_with_its_dimensions_as_a_map() -> None:
    detail = detail_of(an_alarm())

    (metric,) = detail["configuration"]["metrics"]
    assert metric["metricStat"] == {
        "metric": {"name": "Runs", "namespace": "Integrations", "dimensions": {"Integration": "hubspot-salesforce"}},
        "period": 60,
        "stat": "Sum",
    }
    assert detail["state"]["value"] == "ALARM"
    assert detail["previousState"] == {"reason": "fine", "timestamp": stamp(NOW), "value": "OK"}


def test_a_metric_keeps_its_query_id_over_restarts() -> None:
    assert queries_of(an_alarm())[0]["Id"] == queries_of(an_alarm())[0]["Id"]


def test_metric_math_is_described_by_expression_and_metrics() -> None:
    stat = {"Metric": {"Namespace": "N", "MetricName": "Fails"}, "Period": 60, "Stat": "Sum"}
    queries = [{"Id": "e", "Expression": "f * 2"}, {"Id": "f", "MetricStat": stat, "ReturnData": False}]

    first, second = detail_of(an_alarm(Metrics=queries))["configuration"]["metrics"]

    assert first == {"id": "e", "returnData": True, "expression": "f * 2", "label": "e"}
    assert second["returnData"] is False


def test_the_reason_data_lists_recent_datapoints_oldest_first() -> None:
    points = tuple(Point(NOW.replace(minute=minute), float(minute)) for minute in (2, 1))
    rule = Rule(evaluation_periods=2, datapoints_to_alarm=2, threshold=0.0, comparison="GreaterThanThreshold")

    data = json.loads(reason_data(an_alarm(), rule, Verdict(State.ALARM, points, 0), NOW))

    assert data["recentDatapoints"] == [1.0, 2.0]
    assert data["statistic"] == "Sum"
    assert data["queryDate"] == stamp(NOW)
