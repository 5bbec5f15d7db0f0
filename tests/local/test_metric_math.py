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
        ("m1 + m2", series(12, 4, None)),
        ("m1 / m2 * 100", series(500, 0, None)),
        ("m2 / m1", series(0.2, None, None)),
        ("-m2", series(-2, -4, -8)),
        ("m2 ^ 2", series(4, 16, 64)),
        ("m2 >= 4", series(0, 1, 1)),
        ("m1 > 0 AND m2 > 0", series(1, 0, None)),
        ("m1 > 0 || m2 > 3", series(1, 1, None)),
        ("IF(m1 > 0, m2 / m1, 0)", series(0.2, 0, None)),
        ("IF(m1 > 0, m2)", series(2, None, None)),
        ("FILL(m1, 7)", series(10, 0, 7)),
        ("FILL(m1, REPEAT)", series(10, 0, 0)),
        ("FILL(none, 7)", series(None, None, None)),
        ("TIME_SERIES(3)", series(3, 3, 3)),
        ("MAX(m2, 4)", series(4, 4, 8)),
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
    ],
)
def test_an_unknown_expression_is_refused_and_not_guessed(expression: str) -> None:
    with pytest.raises(Unsupported):
        compute(expression, METRICS, TIMES)


def test_a_series_keeps_only_moments_where_both_sides_have_a_value() -> None:
    late = {TIMES[2] + timedelta(minutes=1): 1.0}

    assert compute("a + b", {"a": late, "b": METRICS["m2"]}, TIMES) == {}
