"""One alarm, judged from the series of its metrics: its rule, its periods, its verdict. Pure.

Knows CloudWatch's notation of an alarm. Refuses to fetch anything.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.alarm_events import period_of, queries_of
from infra.local.alarm_rules import Point, Rule, State, Verdict, evaluate
from infra.local.metric_math import Series
from infra.local.metric_queries import Computed, watched

Json = dict[str, Any]


def rule_of(alarm: Mapping[str, Any]) -> Rule:
    """The part of an alarm that decides."""
    periods = int(alarm["EvaluationPeriods"])
    return Rule(
        evaluation_periods=periods,
        datapoints_to_alarm=int(alarm.get("DatapointsToAlarm") or periods),
        threshold=float(alarm["Threshold"]),
        comparison=alarm["ComparisonOperator"],
        missing=alarm.get("TreatMissingData") or "missing",
    )


def window_of(alarm: Mapping[str, Any]) -> timedelta:
    """How long a stretch its periods make."""
    return timedelta(seconds=period_of(alarm) * int(alarm.get("EvaluationPeriods", 1)))


def running_since(period_s: int, now: datetime) -> datetime:
    """When the period began that is not complete yet. Periods are aligned to the epoch."""
    return datetime.fromtimestamp(int(now.timestamp()) // period_s * period_s, UTC)


def window_began(alarm: Mapping[str, Any], now: datetime) -> datetime:
    """When the oldest of the complete periods began that an alarm names."""
    return running_since(period_of(alarm), now) - window_of(alarm)


def periods_of(alarm: Mapping[str, Any], now: datetime) -> list[datetime]:
    """The starts of the complete periods that are looked at, oldest first."""
    period = timedelta(seconds=period_of(alarm))
    newest = running_since(period_of(alarm), now) - period
    return [newest - period * back for back in reversed(range(rule_of(alarm).evaluation_range))]


def judged(alarm: Mapping[str, Any], read: Mapping[str, Series], now: datetime, current: State) -> Verdict:
    """The verdict on an alarm. `read` has the series of its metrics by query id.

    Raises Unsupported for metric math that is not computed here, KeyError for an anomaly detection.
    """
    moments, queries = periods_of(alarm, now), queries_of(alarm)
    values = Computed(queries, read, moments)[watched(queries)]
    return evaluate(rule_of(alarm), [Point(moment, values.get(moment)) for moment in moments], current)
