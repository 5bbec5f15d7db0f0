"""Metrics inside MiniStack: found by their key, small with age, forgotten on request.

MiniStack walks through every point of every metric at each request, and through every metric for each query, which a
day of traffic or five thousand alarms would turn into seconds. Nothing here knows Deadair.
"""

# ruff: noqa: SLF001 - reaching into MiniStack is what this module is for

import time
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from ministack.services import cloudwatch

from infra.local import metric_changes
from infra.local.metric_math import Series, Unsupported
from infra.local.metric_queries import Computed

Json = dict[str, Any]

# CloudWatch makes the resolution of old points coarser too, after 15 days; here, where all of them are in memory and in
# every save, much earlier. Sums, counts, minima and maxima stay exact.
_SINGLE_S, _FINE_S = 3 * 3600, 26 * 3600
_FINE_PERIOD_S, _COARSE_PERIOD_S = 300, 3600
# Percentiles are asked of these; for a day their points stay single.
_SPANS_OF_TIME = ("Milliseconds", "Seconds", "Microseconds")
_COMPACT_EVERY_S = 60.0

_compacted_at = 0.0


def apply() -> None:
    """Make the adjustments that concern metrics."""
    cloudwatch._evict_old_metrics = _evict_once_a_minute
    _tell_of_points()
    _find_by_key()


def _tell_of_points() -> None:
    """Whoever judges alarms hears which metric got points, and from when."""
    store = cloudwatch._store_datum

    def store_and_tell(namespace: str, name: str, dimensions: Json, at: float, *rest: Any) -> None:
        key = cloudwatch._dims_key(dimensions)
        points = cloudwatch._metrics.get((namespace, name, key))
        # One dict for all points of a metric, not one each.
        shared = points[0]["Dimensions"] if points else dimensions
        store(namespace, name, shared if shared == dimensions else dimensions, at, *rest)
        metric_changes.points_came((namespace, name, key), at)

    cloudwatch._store_datum = store_and_tell


def _evict_once_a_minute() -> None:
    global _compacted_at  # noqa: PLW0603 - one store of metrics per process, MiniStack's
    if time.monotonic() - _compacted_at >= _COMPACT_EVERY_S:
        _compacted_at = time.monotonic()
        compact(time.time())


def compact(now: float) -> None:
    """Make old points coarser, and drop those of more than two weeks ago."""
    for key, points in list(cloudwatch._metrics.items()):
        kept = _compacted([point for point in points if point["Timestamp"] >= now - cloudwatch.TWO_WEEKS_SECONDS], now)
        if kept:
            cloudwatch._metrics[key] = kept
        else:
            del cloudwatch._metrics[key]


def _compacted(points: list[Json], now: float) -> list[Json]:
    together: dict[float, list[Json]] = defaultdict(list)
    kept = []
    for point in points:
        period = _period_of_age(now - point["Timestamp"], point.get("Unit"))
        if period:
            together[point["Timestamp"] // period * period].append(point)
        else:
            kept.append(point)
    return [_merged(at, group) for at, group in together.items()] + kept


def _period_of_age(age_s: float, unit: str | None) -> int:
    """How coarse a point of that age becomes; 0: it stays as it is."""
    if age_s >= _FINE_S:
        return _COARSE_PERIOD_S
    return _FINE_PERIOD_S if age_s >= _SINGLE_S and unit not in _SPANS_OF_TIME else 0


def _merged(at: float, points: list[Json]) -> Json:
    if len(points) == 1:
        return points[0]
    stats = cloudwatch._calc_stats(points)
    return points[0] | {"Timestamp": at, "Value": stats.get("Average", 0.0), "_stat": stats}


def forget(namespace: str, dimensions: Json, since: float) -> int:
    """Drop the points since then of every metric that has exactly these dimensions; returns how many.

    AWS offers nothing like it: who asks for it rewrites history for the purpose of trying things out.
    """
    wanted, dropped = cloudwatch._dims_key(dimensions), 0
    for key, points in list(cloudwatch._metrics.items()):
        if (key[0], key[2]) == (namespace, wanted):
            kept = [point for point in points if point["Timestamp"] < since]
            dropped += len(points) - len(kept)
            cloudwatch._metrics[key] = kept
            metric_changes.points_came(key, since)
    return dropped


def state() -> Json:
    """What MiniStack saves of CloudWatch, uncopied: for a process that changes nothing any more, such as a fork."""
    return {
        "metrics": cloudwatch._metrics,
        "alarms": cloudwatch._alarms,
        "composite_alarms": cloudwatch._composite_alarms,
        "composite_triggers": cloudwatch._composite_triggers,
        "alarm_history": cloudwatch._alarm_history,
        "dashboards": cloudwatch._dashboards,
        "resource_tags": cloudwatch._resource_tags,
    }


def _find_by_key() -> None:
    """GetMetricData looks a metric up, computes expressions, and answers newest first, as AWS does."""
    get = cloudwatch._get_metric_data

    def get_by_key(params: Json, data: Json, is_cbor: bool, is_json: bool = False) -> Any:  # noqa: FBT001, FBT002 - MiniStack's own signature
        if not data:
            return get(params, data, is_cbor, is_json)
        results = _Reading(data).results()
        if is_cbor:
            return cloudwatch._cbor_ok(
                {"MetricDataResults": [cloudwatch._cbor_metric_data_result(one) for one in results]}
            )
        return cloudwatch._json_ok({"MetricDataResults": results})

    cloudwatch._get_metric_data = get_by_key


class _Reading:
    """One GetMetricData request."""

    def __init__(self, request: Json) -> None:
        self._queries: list[Json] = request.get("MetricDataQueries", [])
        self._start = cloudwatch._parse_ts(request.get("StartTime")) or 0.0
        self._end = cloudwatch._parse_ts(request.get("EndTime")) or time.time()
        self._ascending = request.get("ScanBy") == "TimestampAscending"

    def results(self) -> list[Json]:
        read = {query["Id"]: self._read(query["MetricStat"]) for query in self._queries if "MetricStat" in query}
        computed = Computed(self._queries, read, self._moments())
        return [self._answer(query, computed) for query in self._queries if query.get("ReturnData", True)]

    def _answer(self, query: Json, computed: Computed) -> Json:
        about = {"Id": query["Id"], "Label": query.get("Label", query["Id"])}
        try:
            series = computed[query["Id"]]
        except Unsupported as error:
            message = {"Code": "Unsupported", "Value": str(error)}
            return about | {"StatusCode": "InternalError", "Messages": [message], "Timestamps": [], "Values": []}
        moments = sorted(series, reverse=not self._ascending)
        stamps = [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in moments]
        return about | {"Timestamps": stamps, "Values": [series[at] for at in moments], "StatusCode": "Complete"}

    def _read(self, wanted: Json) -> Series:
        metric, period = wanted["Metric"], int(wanted["Period"])
        dimensions = cloudwatch._dims_from_list(metric.get("Dimensions") or [])
        key = (metric["Namespace"], metric["MetricName"], cloudwatch._dims_key(dimensions))
        groups: dict[int, list[Json]] = defaultdict(list)
        for point in cloudwatch._metrics.get(key) or ():
            if self._start <= point["Timestamp"] < self._end:
                groups[int(point["Timestamp"] // period) * period].append(point)
        values = {
            at: cloudwatch._stat_value(cloudwatch._calc_stats(of), wanted["Stat"], of) for at, of in groups.items()
        }
        return {datetime.fromtimestamp(at, UTC): value for at, value in values.items() if value is not None}

    def _moments(self) -> list[datetime]:
        """The periods that the request covers, for expressions."""
        stated = (int(query.get("MetricStat", query).get("Period", 0)) for query in self._queries)
        period = min((one for one in stated if one), default=60)
        first = int(self._start // period) * period
        return [datetime.fromtimestamp(at, UTC) for at in range(first, int(self._end), period)]
