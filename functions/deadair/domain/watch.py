"""The alarms that a row of the registry asks for, as arguments of PutMetricAlarm. Pure.

Knows thresholds, windows and what alarms cost. Refuses to call anybody.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from deadair.domain.alarm import RESTS, Signal, digest
from deadair.domain.expectation import expectation_of
from deadair.domain.hours import Hours
from deadair.domain.hours_math import floor_expressions, has_levels
from deadair.domain.marks import QUOTA_WORDS, alarm_name, marked
from deadair.domain.ownership import Integration, understanding
from deadair.domain.window import Followed, followed_hours

# List price of one metric of a standard alarm, a month.
METRIC_USD = Decimal("0.10")
RATE_PERIOD_S = 300
# The stretch of a limit in seconds; CloudWatch sums nothing shorter than a minute, so a second counts sixty times.
QUOTA_STRETCH = {"second": (60, 60), "minute": (60, 1), "hour": (3600, 1), "day": (86400, 1)}
QUOTA_SHARE = 0.8
NAME_SHOWN = 120

Definition = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Watch:
    """One alarm that a row asks for. `definition` are the arguments of PutMetricAlarm; `metrics` is what it costs.

    `note` says where the alarm cannot be what the row asks for, empty when it is.
    """

    name: str
    slug: str
    signal: Signal
    definition: Definition = field(compare=False)
    metrics: int = 1
    note: str = ""


def watches(integration: Integration, *, prefix: str, namespace: str, now: datetime) -> tuple[Watch, ...]:
    """Every alarm of a row; a threshold that is not given raises none. `now` decides which clocks the hours follow.

    Raises OddRow for a row that no import wrote.
    """
    with understanding("thresholds"):
        return tuple(_Maker(integration, prefix, namespace, now).watches())


def cost_usd(found: Sequence[Watch]) -> Decimal:
    """What the alarms cost a month by the list price, without the metrics that they read."""
    return METRIC_USD * sum(watch.metrics for watch in found)


def metrics_read(found: Sequence[Watch]) -> int:
    """How many custom metrics the alarms read; several may read the same."""
    named = {(watch.slug, metric) for watch in found for metric in _metrics_of(watch.definition)}
    return len(named)


def unwatched_limits(row: dict[str, Any]) -> list[str]:
    """The stretches of rate limits that no alarm can watch: CloudWatch sums at most a day."""
    return [limit["per"] for limit in row.get("rate_limits") or () if limit["per"] not in QUOTA_STRETCH]


@dataclass(frozen=True)
class _Maker:
    integration: Integration
    prefix: str
    namespace: str
    now: datetime

    def watches(self) -> Iterator[Watch]:
        thresholds = self.integration.row.get("thresholds") or {}
        if window := thresholds.get("silence_min"):
            yield from self._low(Signal.SILENCE, "silence", "Records", window, thresholds.get("floor_pct"))
        if window := thresholds.get("freshness_min"):
            yield from self._low(Signal.FRESHNESS, "freshness", "Successes", window, None)
        if share := thresholds.get("error_rate_pct"):
            yield self._error_rate(share)
        if slowest := thresholds.get("latency_p95_ms"):
            yield self._latency(slowest)
        yield from self._quotas()

    def _low(self, signal: Signal, word: str, metric: str, window: float, pct: float | None) -> Iterator[Watch]:
        expectation = expectation_of(self.integration.row)
        if expectation is not None and not any(level.per_hour != 0 for level in expectation.levels):
            return
        followed = followed_hours(self.integration.row, window, pct, self.now)
        due = f"{pct:g} % of the expected {metric.lower()}" if pct and has_levels(followed.hours) else metric.lower()
        text = f"{self._name}: fewer than {due}" if due != metric.lower() else f"{self._name}: no {due}"
        minutes = followed.periods * followed.period_min
        when = " in its expected hours" if expectation is not None else ""
        yield self._watch(
            signal,
            word,
            f"{text} for {minutes} min{when}.",
            {
                "EvaluationPeriods": followed.periods,
                "DatapointsToAlarm": followed.periods,
                "Threshold": 1.0,
                "ComparisonOperator": "LessThanThreshold",
                "TreatMissingData": "breaching",
                "Metrics": self._low_queries(metric, followed),
            },
            note=_note(window, minutes, followed.longest),
        )

    def _low_queries(self, metric: str, followed: Followed) -> list[Definition]:
        period_s = followed.period_min * 60
        named = floor_expressions(followed.hours)
        # Only an expression over no metric says its period; the others have that of their metrics.
        steps = [
            {"Id": id_, "Expression": text, "ReturnData": False}
            | ({"Period": period_s} if text.startswith("TIME_SERIES") else {})
            for id_, text in named
        ]
        value = {"Id": "v", "Expression": _value(followed.hours), "ReturnData": False}
        watched = {
            "Id": "e",
            "Expression": f"IF(f,v,{RESTS:.0f})",
            "Label": f"{metric} ({RESTS:.0f}: nothing is expected)",
            "ReturnData": True,
        }
        return [self._query("m", metric, period_s, "Sum"), *steps, value, watched]

    def _error_rate(self, share: float) -> Watch:
        watched = {"Id": "e", "Expression": "100*x/(r+x)", "Label": "Errors in percent", "ReturnData": True}
        queries = [self._query(id_, name, RATE_PERIOD_S, "Sum") for id_, name in (("x", "Errors"), ("r", "Records"))]
        return self._watch(
            Signal.ERROR_RATE,
            "error-rate",
            f"{self._name}: {share:g} % of its records or more failed within {RATE_PERIOD_S // 60} min.",
            _high(share) | {"Metrics": [*queries, watched]},
            metrics=2,
        )

    def _latency(self, slowest_ms: float) -> Watch:
        return self._watch(
            Signal.LATENCY,
            "latency",
            f"{self._name}: one in twenty records took {slowest_ms:g} ms or longer.",
            _high(slowest_ms) | self._metric("LatencyMs", RATE_PERIOD_S) | {"ExtendedStatistic": "p95"},
        )

    def _quotas(self) -> Iterator[Watch]:
        limits: dict[str, int] = {}
        for limit in self.integration.row.get("rate_limits") or ():
            limits[limit["per"]] = min(limit["calls"], limits.get(limit["per"], limit["calls"]))
        for per, calls in limits.items():
            if per in QUOTA_STRETCH:
                yield self._quota(per, calls)

    def _quota(self, per: str, calls: int) -> Watch:
        period_s, times = QUOTA_STRETCH[per]
        return self._watch(
            Signal.QUOTA,
            QUOTA_WORDS[per],
            f"{self._name}: {QUOTA_SHARE:.0%} of the {calls} calls that it may make in a {per} are used.",
            _high(calls * times * QUOTA_SHARE) | self._metric("Calls", period_s) | {"Statistic": "Sum"},
        )

    def _watch(
        self, signal: Signal, word: str, text: str, shape: Definition, *, metrics: int = 1, note: str = ""
    ) -> Watch:
        slug = self.integration.slug
        said = f"{text} {note}".strip()
        name = alarm_name(self.prefix, slug, word)
        named = {"AlarmName": name, "ActionsEnabled": True} | shape
        hashed = digest(said, json.dumps(named, sort_keys=True))[:12]
        tags = {"Integration": slug, "ManagedBy": self.prefix}
        definition = named | {
            "AlarmDescription": marked(said, slug, self.prefix, hashed),
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        }
        return Watch(name, slug, signal, definition, metrics, note)

    def _query(self, id_: str, metric: str, period_s: int, stat: str) -> Definition:
        named = {"Namespace": self.namespace, "MetricName": metric, "Dimensions": self._dimensions}
        return {"Id": id_, "MetricStat": {"Metric": named, "Period": period_s, "Stat": stat}, "ReturnData": False}

    def _metric(self, name: str, period_s: int) -> Definition:
        named = {"Namespace": self.namespace, "MetricName": name, "Dimensions": self._dimensions}
        return named | {"Period": period_s}

    @property
    def _dimensions(self) -> list[Definition]:
        return [{"Name": "Integration", "Value": self.integration.slug}]

    @property
    def _name(self) -> str:
        return self.integration.name[:NAME_SHOWN]


def _value(hours: Hours) -> str:
    """What the alarm shows inside the hours; it has a value outside them too, and for a metric that has none.

    Nowhere is it said what `FILL` and `IF` make of a series that is wholly empty, so none reaches `IF`: the zeros `z`
    stand in for it, and where nothing is expected it is not divided by 0.
    """
    records = "MAX([FILL(m,0),z])"
    return f"100*{records}/(f+(f<1))" if has_levels(hours) else records


def _metrics_of(definition: Definition) -> set[str]:
    queries = [query["MetricStat"]["Metric"] for query in definition.get("Metrics", ()) if "MetricStat" in query]
    return {named["MetricName"] for named in queries or [definition]}


def _high(threshold: float) -> Definition:
    """One period at or over the threshold; no data are no breach."""
    return {
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Threshold": float(threshold),
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }


def _note(window: float, minutes: int, longest: int) -> str:
    if minutes >= window:
        return ""
    return f"The row asks for {window:g} min, and never expects records for longer than {longest} min at a time."
