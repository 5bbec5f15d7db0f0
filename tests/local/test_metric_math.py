"""Metric math gives what CloudWatch gives for the expressions that we use, and refuses the rest."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.metric_math import Series, Unsupported, compute

TIMES = [datetime(2026, 11, 20, 12, minute, tzinfo=UTC) for minute in range(3)]


def series(*values: float | None) -> Series:
    return {at: value for at, value in zip(TIMES, values, strict=True) if value is not None}


METRICS = {"m1": series(10, 0, None), "m2": series(2, 4, 8), "none": series(None, None, None)}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m1 + m2", series(12, 4, 8)),
        ("m1 / m2 * 100", series(500, 0, 0)),
        ("m2 / m1", series(0.2, None, None)),
        ("-m2", series(-2, -4, -8)),
        ("m2 ^ 2", series(4, 16, 64)),
        ("m2 >= 4", series(0, 1, 1)),
        ("m1 > 0 AND m2 > 0", series(1, 0, 0)),
        ("m1 > 0 || m2 > 3", series(1, 1, 1)),
        ("IF(m1 > 0, m2 / m1, 0)", series(0.2, 0, None)),
        ("IF(m1 > 0, m2)", series(2, None, None)),
        ("IF(m2, m1, 5)", series(10, 0, 0)),
        ("IF(m2, none, 5)", series(0, 0, 0)),
        ("IF(TIME_SERIES(0), none, 5)", series(5, 5, 5)),
        ("IF(m1, 1, none)", series(1, None, None)),
        ("HOUR(none)", series(12, 12, 12)),
        ("MINUTE(m1)", series(0, 1, 2)),
        ("DAY(TIME_SERIES(0))", series(5, 5, 5)),
        ("(MINUTE(m2)>=1)-3*(MINUTE(m2)>=2)", series(0, 1, -2)),
        ("FILL(m1, 7)", series(10, 0, 7)),
        ("FILL(m1, REPEAT)", series(10, 0, 0)),
        ("FILL(none, 7)", series(None, None, None)),
        ("TIME_SERIES(3)", series(3, 3, 3)),
        ("MAX([m2, m1])", series(10, 4, 8)),
        ("MAX([FILL(none, 0), TIME_SERIES(0)])", series(0, 0, 0)),
        ("MIN([m2, m1, TIME_SERIES(3)])", series(2, 0, 0)),
        ("ABS(m2 - 4)", series(2, 0, 4)),
        ("5", series(5, 5, 5)),
    ],
)
def test_an_expression_is_computed_per_timestamp(expression: str, expected: Series) -> None:
    assert compute(expression, METRICS, TIMES) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "ANOMALY_DETECTION_BAND(m1)",
        "SEARCH('{N} x', 'Sum')",
        "m3",
        "m1 +",
        "__import__('os')",
        "m1.real",
        "FILL(m1, m2)",
        "HOUR(3)",
        "MAX(m2, 4)",
        "MAX(m2)",
        "MAX([m2, 4])",
    ],
)
def test_an_unknown_expression_is_refused_and_not_guessed(expression: str) -> None:
    with pytest.raises(Unsupported):
        compute(expression, METRICS, TIMES)


def test_the_example_of_the_user_guide_for_if_is_computed_as_it_says() -> None:
    times = [TIMES[0] + timedelta(minutes=minute) for minute in range(5)]

    def five(*values: float | None) -> Series:
        return {at: value for at, value in zip(times, values, strict=True) if value is not None}

    metrics = {"m1": five(1, 1, 0, 0, None), "m2": five(30, None, 0, 0, 30), "m3": five(0, 0, 20, None, 20)}

    assert compute("IF(m1, m2, m3)", metrics, times) == five(30, 0, 20, None, None)


def test_between_two_series_a_missing_value_is_nothing() -> None:
    late = TIMES[2] + timedelta(minutes=1)

    assert compute("a + b", {"a": {late: 1.0}, "b": METRICS["m2"]}, TIMES) == METRICS["m2"] | {late: 1.0}
