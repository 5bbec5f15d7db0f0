"""Claims about the chart of an incident: which metric, from when to when, how finely, and what a silence looks like."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from deadair.adapters.cloudwatch.incident_series import IncidentSeries
from deadair.domain.alarm import Signal
from deadair.domain.chart import POINTS_AT_MOST, moments, period_s, stretch
from deadair.domain.errors import Unavailable
from tests.builders import an_incident, an_integration, at
from tests.unit.test_postmortem_document import resolved


class CloudWatch:
    """One that knows some series by metric, and one alarm or none."""

    def __init__(self, alarm: dict[str, Any] | None = None, **series: dict[datetime, float]) -> None:
        self.series, self.alarms = series, [alarm] if alarm else []
        self.asked: list[dict[str, Any]] = []

    def describe_alarms(self, **_: Any) -> dict[str, Any]:
        return {"MetricAlarms": self.alarms}

    def get_paginator(self, _: str) -> "CloudWatch":
        return self

    def paginate(self, **request: Any) -> list[dict[str, Any]]:
        self.asked.append(request)
        results = []
        for query in request["MetricDataQueries"]:
            found = self.series.get(query["MetricStat"]["Metric"]["MetricName"], {})
            results.append({"Id": query["Id"], "Timestamps": list(found), "Values": list(found.values())})
        return [{"MetricDataResults": results}]


def test_it_begins_before_the_failure_and_ends_after_the_recovery() -> None:
    start, end = stretch(resolved(), at(1000))

    assert (start, end) == (at(-90), at(180))
    assert stretch(resolved(), at(100))[1] == at(100)


@pytest.mark.parametrize(
    ("length", "age"),
    [(timedelta(hours=1), 0), (timedelta(days=3), 0), (timedelta(days=90), 0), (timedelta(hours=2), 70)],
)
def test_there_are_never_too_many_points_and_none_finer_than_what_is_kept(length: timedelta, age: int) -> None:
    period = period_s(at(0), at(0) + length, at(0) + length + timedelta(days=age))

    assert len(moments(at(0), at(0) + length, period)) <= POINTS_AT_MOST
    assert period >= (3600 if age else 60)


def test_a_silence_is_a_gap_and_no_zero() -> None:
    chart = IncidentSeries(CloudWatch(Records={at(-80): 120.0, at(100): 90.0}), "Deadair").of(resolved(), None, at(300))

    assert chart is not None
    known = {at_: value for at_, value in chart["points"] if value is not None}
    assert known == {at(-80).isoformat(): 120.0, at(100).isoformat(): 90.0}
    assert [mark["name"] for mark in chart["marks"]] == ["started", "detected", "acknowledged", "resolved"]
    assert (chart["label"], chart["threshold"]) == ("Records", None)


def test_errors_are_a_share_of_all_records_with_the_rows_threshold() -> None:
    row = an_integration(row={"thresholds": {"error_rate_pct": 5}})
    cloudwatch = CloudWatch(Errors={at(0): 30.0, at(60): 0.0}, Records={at(0): 10.0, at(60): 0.0})

    chart = IncidentSeries(cloudwatch, "Deadair").of(resolved(signal=Signal.ERROR_RATE), row, at(300))

    assert chart is not None
    assert [value for _, value in chart["points"] if value is not None] == [75.0]
    assert (chart["unit"], chart["threshold"]) == ("%", 5)


def test_the_metric_of_the_alarm_that_rang_first_goes_before_ours() -> None:
    alarm = {"MetricName": "Lag", "Namespace": "Theirs", "Statistic": "Maximum", "Period": 300, "Threshold": 40.0}
    incident = resolved(alarms=an_incident().alarms)

    chart = IncidentSeries(CloudWatch(alarm, Lag={at(0): 60.0}), "Deadair").of(incident, None, at(300))

    assert chart is not None
    assert (chart["label"], chart["threshold"], chart["period_s"]) == ("Lag", 40.0, 300)


def test_nothing_to_show_is_no_chart_and_a_cloudwatch_that_fails_is_said() -> None:
    assert IncidentSeries(CloudWatch(), "Deadair").of(resolved(), None, at(300)) is None

    class Gone(CloudWatch):
        def paginate(self, **request: Any) -> list[dict[str, Any]]:
            raise EndpointConnectionError(endpoint_url="https://monitoring.example")

    with pytest.raises(Unavailable):
        IncidentSeries(Gone(), "Deadair").of(resolved(), None, at(300))
