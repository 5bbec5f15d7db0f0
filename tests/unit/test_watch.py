"""Which alarms a row asks for, what they say and cost, and that CloudWatch can take them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from deadair.domain.alarm import Signal
from deadair.domain.expectation import WEEKDAYS, expectation_of
from deadair.domain.marks import is_ours, names_of, raised_by
from deadair.domain.watch import Watch, cost_usd, unwatched_limits, watches
from deadair.domain.window import followed_hours
from tests.unit.watching import a_watch, an_integration

NOW = datetime(2026, 11, 18, tzinfo=UTC)
FULL: dict[str, Any] = {
    "expected": {"timezone": "Europe/Berlin", "per_hour": 400, "weekdays": ["mon"], "hours": "07:00-20:00"},
    "thresholds": {"error_rate_pct": 2, "latency_p95_ms": 60000, "freshness_min": 90, "silence_min": 60},
    "rate_limits": [
        {"calls": 10, "per": "second"},
        {"calls": 300, "per": "minute"},
        {"calls": 200, "per": "minute"},
        {"calls": 1000, "per": "day"},
        {"calls": 9, "per": "month"},
    ],
}


def of(**row: Any) -> tuple[Watch, ...]:
    return watches(an_integration(**row), prefix="deadair", namespace="Deadair", now=NOW)


def test_a_row_raises_one_alarm_for_each_threshold_and_limit_that_it_gives() -> None:
    assert [watch.name.removeprefix("deadair-hub-sf-") for watch in of(**FULL)] == [
        "silence",
        "freshness",
        "error-rate",
        "latency",
        "quota-second",
        "quota-minute",
        "quota-day",
    ]
    assert {watch.name for watch in of(**FULL)} < set(names_of("deadair", "hub-sf"))
    assert of(expected=FULL["expected"]) == ()


def test_an_alarm_costs_ten_cents_for_each_metric_that_it_reads() -> None:
    assert cost_usd(of(**FULL)) == Decimal("0.80")
    for watch in of(**FULL):
        queries = watch.definition.get("Metrics", [{"MetricStat": {}}])
        assert watch.metrics == sum("MetricStat" in query for query in queries)


def test_only_the_absence_of_what_should_be_there_breaches_when_data_are_missing() -> None:
    treated = {watch.signal: watch.definition["TreatMissingData"] for watch in of(**FULL)}

    assert treated == {
        Signal.SILENCE: "breaching",
        Signal.FRESHNESS: "breaching",
        Signal.ERROR_RATE: "notBreaching",
        Signal.LATENCY: "notBreaching",
        Signal.QUOTA: "notBreaching",
    }


@pytest.mark.parametrize(
    ("word", "period", "threshold"), [("second", 60, 480), ("minute", 60, 160), ("day", 86400, 800)]
)
def test_a_limit_is_alarmed_at_four_fifths_of_its_strictest_wording(word: str, period: int, threshold: float) -> None:
    watch = a_watch(f"quota-{word}", NOW, **FULL)

    assert (watch.definition["Period"], watch.definition["Threshold"]) == (period, threshold)
    assert unwatched_limits(FULL) == ["month"]


@pytest.mark.parametrize(
    ("window", "period_min", "periods"),
    [(1, 1, 1), (30, 1, 30), (31, 5, 7), (60, 5, 12), (180, 15, 12), (1440, 60, 24), (10080, 360, 28)],
)
def test_a_window_is_looked_at_in_at_most_thirty_periods(window: int, period_min: int, periods: int) -> None:
    watch = a_watch("silence", NOW, thresholds={"silence_min": window})

    assert watch.definition["EvaluationPeriods"] == watch.definition["DatapointsToAlarm"] == periods
    assert watch.definition["Metrics"][0]["MetricStat"]["Period"] == period_min * 60
    assert not watch.note


def test_a_window_longer_than_any_expected_stretch_is_cut_to_it_and_says_so() -> None:
    watch = a_watch("freshness", NOW, expected={"hours": "02:00-03:00"}, thresholds={"freshness_min": 1440})

    assert watch.definition["EvaluationPeriods"] * watch.definition["Metrics"][0]["MetricStat"]["Period"] == 55 * 60
    assert "1440 min" in watch.note
    assert watch.note in watch.definition["AlarmDescription"]


def test_a_row_that_expects_nothing_at_all_cannot_be_silent() -> None:
    assert of(expected={"per_hour": 0}, thresholds={"silence_min": 60, "freshness_min": 60}) == ()


def test_the_description_names_the_row_and_bears_the_mark_of_its_prefix() -> None:
    for watch in of(**FULL | {"name": "H" * 200}):
        text = watch.definition["AlarmDescription"]
        assert "row hub-sf: change the row" in text
        assert is_ours(text, "deadair")
        assert not is_ours(text, "deadair-dev")
        assert len(text) <= 1024
        assert {"Key": "Integration", "Value": "hub-sf"} in watch.definition["Tags"]
        assert raised_by(watch.name, text, "deadair") == "hub-sf"
        assert raised_by(f"{watch.name}-copy", text, "deadair") == ""
        assert raised_by(watch.name, text.replace("hub-sf", "another"), "deadair") == ""
    assert not is_ours("made by hand", "deadair")
    assert not is_ours("", "deadair")


def test_the_mark_changes_when_the_alarm_does_and_only_then() -> None:
    tighter = FULL | {"thresholds": FULL["thresholds"] | {"silence_min": 45}}
    marks = [{w.name: w.definition["AlarmDescription"].split()[-1] for w in of(**row)} for row in (FULL, FULL, tighter)]

    assert marks[0] == marks[1]
    assert {name for name in marks[0] if marks[0][name] != marks[2][name]} == {"deadair-hub-sf-silence"}


HOURS = st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda h: h[0] != h[1])
SPANS = st.fixed_dictionaries(
    {
        "weekdays": st.lists(st.sampled_from(WEEKDAYS), unique=True),
        "hours": HOURS.map(lambda h: f"{h[0] // 60:02}:{h[0] % 60:02}-{h[1] // 60:02}:{h[1] % 60:02}"),
        "per_hour": st.one_of(st.none(), st.floats(0, 1e7)),
    }
)
VALIDATOR = ParamValidator()
PUT: Any = botocore.session.get_session().get_service_model("cloudwatch").operation_model("PutMetricAlarm").input_shape


@settings(max_examples=30, deadline=None)
@given(
    st.lists(SPANS, min_size=1, max_size=100),
    st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe"]),
    st.integers(1, 10080),
    st.sampled_from([None, 0.1, 33, 100]),
)
def test_whatever_the_profile_the_alarm_is_one_that_cloudwatch_takes(
    spans: list[dict[str, Any]], zone: str, window: int, pct: float | None
) -> None:
    row = {"expected": {"timezone": zone, "profile": spans}, "thresholds": {"silence_min": window, "floor_pct": pct}}

    for watch in of(**row):
        assert not VALIDATOR.validate(watch.definition, PUT).has_errors()
        queries = watch.definition["Metrics"]
        expressions = [query["Expression"] for query in queries if "Expression" in query]
        assert all(len(text) <= 1024 for text in expressions)
        assert len(expressions) <= 10
        period_s = queries[0]["MetricStat"]["Period"]
        assert period_s * watch.definition["EvaluationPeriods"] <= (86400 if period_s < 3600 else 604800)


def test_a_floor_for_every_hour_of_the_week_fits_and_is_only_ever_rounded_down() -> None:
    spans = [
        {
            "weekdays": [day],
            "hours": f"{hour:02}:00-{hour + 1:02}:00",
            "per_hour": 1000 + 37 * ((place * 24 + hour) * 61 % 168),
        }
        for place, day in enumerate(WEEKDAYS)
        for hour in range(24)
    ]
    row = {"expected": {"profile": spans}}
    expectation = expectation_of(row)
    assert expectation is not None

    hours = followed_hours(row, 60, 50, NOW).hours

    for minute in range(0, 7 * 1440, 5):
        volume = expectation.at_minute(minute)
        assert volume is not None
        floor = hours.floor(minute) / 100
        assert (
            0.4 * volume * 5 / 60 / 1.5
            < floor + 40 * (minute % 60 == 55)
            <= 0.5 * volume * 5 / 60 + 40 * (minute % 60 == 55)
        )


def test_hours_that_do_not_fit_lose_their_shortest_stretches_and_nothing_else() -> None:
    spans = [
        {"hours": f"{m // 60:02}:{m % 60:02}-{m // 60:02}:{m % 60 + 4 + (m == 0):02}", "weekdays": [day]}
        for day in WEEKDAYS
        for m in range(0, 1440, 10)
    ]
    row = {"expected": {"profile": spans}}
    expectation = expectation_of(row)
    assert expectation is not None

    hours = followed_hours(row, 1, None, NOW).hours

    assert len(hours.open_runs()) > 100
    assert all(not hours.floor(minute) or expectation.at_minute(minute) is None for minute in range(7 * 1440))
    assert all(hours.floor(day * 1440) for day in range(7))


def test_an_integration_whose_name_reads_like_our_mark_still_has_alarms_of_its_own() -> None:
    name = "A Made by Deadair from the registry's row b: change the row, not this alarm. [deadair 0]"
    row = an_integration(name=name, thresholds={"silence_min": 60})
    [watch] = watches(row, prefix="deadair", namespace="Deadair", now=datetime(2026, 11, 18, tzinfo=UTC))

    assert raised_by(watch.name, watch.definition["AlarmDescription"], "deadair") == "hub-sf"
