"""Claims about the metrics of the embedded AWS: old points become coarser and lose nothing, some are forgotten."""

from collections.abc import Iterator
from typing import Any

import pytest
from ministack.services import cloudwatch

from infra.local import adjust_metrics

NOW = 1_795_000_000.0 // 3600 * 3600 + 1800
HOUR = 3600.0
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def no_metrics() -> Iterator[None]:
    cloudwatch._metrics.clear()
    yield
    cloudwatch._metrics.clear()


def put(value: float, age_s: float, metric: str = "Records", unit: str = "Count", **dimensions: str) -> None:
    cloudwatch._store_datum("Deadair", metric, dimensions, NOW - age_s, unit, value, None, None, None)


def read(metric: str, stat: str, start: float, period: int = 3600, **dimensions: str) -> list[float]:
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    asked = {"Namespace": "Deadair", "MetricName": metric, "Dimensions": named}
    query = {"Id": "q", "MetricStat": {"Metric": asked, "Period": period, "Stat": stat}}
    request = {"MetricDataQueries": [query], "StartTime": start, "EndTime": NOW + 60}
    (result,) = adjust_metrics._Reading(request | {"ScanBy": "TimestampAscending"}).results()
    return list(result["Values"])


@pytest.mark.parametrize("stat", ["Sum", "SampleCount", "Minimum", "Maximum", "Average"])
def test_hours_say_the_same_when_their_points_are_old_and_together(stat: str) -> None:
    for minute in range(30 * 60):
        put(minute % 7, minute * 60.0)
    before = read("Records", stat, NOW - 29 * HOUR - 1800)

    adjust_metrics.compact(NOW)

    assert read("Records", stat, NOW - 29 * HOUR - 1800) == pytest.approx(before)
    assert len(cloudwatch._metrics["Deadair", "Records", ""]) < 30 * 60 / 3


def test_young_points_and_a_days_latencies_stay_single_so_that_percentiles_hold() -> None:
    for minute in range(20 * 60):
        put(minute, minute * 60.0, "LatencyMs", "Milliseconds")
    before = read("LatencyMs", "p95", NOW - 19 * HOUR, 300)

    adjust_metrics.compact(NOW)

    assert read("LatencyMs", "p95", NOW - 19 * HOUR, 300) == before
    assert len(before) > 200


def test_points_of_more_than_two_weeks_ago_go() -> None:
    put(1, 15 * 24 * HOUR)
    put(1, 13 * 24 * HOUR)

    adjust_metrics.compact(NOW)

    assert len(cloudwatch._metrics["Deadair", "Records", ""]) == 1


def test_forgetting_takes_every_metric_of_one_dimension_from_an_instant_on_and_nothing_else() -> None:
    for metric in ("Records", "Errors"):
        put(1, 600, metric, Integration="feed")
        put(1, 60, metric, Integration="feed")
    put(1, 60, Integration="other")
    put(1, 60)

    assert adjust_metrics.forget("Deadair", {"Integration": "feed"}, NOW - 300) == 2
    assert adjust_metrics.forget("Elsewhere", {"Integration": "feed"}, 0) == 0

    assert read("Records", "Sum", NOW - HOUR, Integration="feed") == [1.0]
    assert sum(read("Records", "Sum", NOW - HOUR, Integration="other")) == 1
    assert sum(read("Records", "Sum", NOW - HOUR)) == 1


def test_no_dimensions_are_a_metric_of_their_own_and_not_the_sum_of_all() -> None:
    put(5, 60, Integration="feed")

    assert read("Records", "Sum", NOW - HOUR) == []


def test_answers_come_newest_first_unless_asked_otherwise() -> None:
    put(1, 2 * HOUR)
    put(2, 60)
    query = {"Metric": {"Namespace": "Deadair", "MetricName": "Records"}, "Period": 60, "Stat": "Sum"}
    request: Json = {"MetricDataQueries": [{"Id": "q", "MetricStat": query}], "StartTime": NOW - 3 * HOUR}

    (result,) = adjust_metrics._Reading(request).results()

    assert result["Values"] == [2.0, 1.0]
