"""An alarm's state follows from its datapoints as CloudWatch's user guide says, gaps included."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.alarm_rules import Point, Rule, State, evaluate, reason

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
VALUES = {"0": 0.0, "X": 9.0, "-": None}


def a_rule(*, m: int = 3, n: int = 3, missing: str = "missing", comparison: str = "GreaterThanThreshold") -> Rule:
    return Rule(evaluation_periods=n, datapoints_to_alarm=m, threshold=5.0, comparison=comparison, missing=missing)


def points(text: str) -> list[Point]:
    """`0 - X` is a healthy, a missing and a breaching period, oldest first."""
    return [Point(NOON + timedelta(minutes=index), VALUES[mark]) for index, mark in enumerate(text.split())]


# The two tables of "How the evaluation range and missing data decide the state", M of N, five periods looked at.
# The letters are the state for missing, ignore, breaching, notBreaching; K keeps the state that was.
GUIDE = [
    ("0 - X - X", 3, "O O O O"),
    ("- - - - 0", 3, "O O O O"),
    ("- - - - -", 3, "I K A O"),
    ("0 X X - X", 3, "A A A A"),
    ("- - X - -", 3, "A K A O"),
    ("0 - X - X", 2, "A A A A"),
    ("0 0 X 0 X", 2, "A A A A"),
    ("0 - X - -", 2, "O O A O"),
    ("- - - - 0", 2, "O O A O"),
    ("- - - X -", 2, "A K A O"),
]
LETTERS = {"O": State.OK, "A": State.ALARM, "I": State.INSUFFICIENT_DATA}
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")


@pytest.mark.parametrize(("series", "m", "expected"), GUIDE)
@pytest.mark.parametrize("current", [State.OK, State.ALARM])
def test_the_tables_of_the_user_guide_hold(series: str, m: int, expected: str, current: State) -> None:
    for missing, letter in zip(TREATMENTS, expected.split(), strict=True):
        verdict = evaluate(a_rule(m=m, missing=missing), points(series), current)
        assert verdict.state == LETTERS.get(letter, current), (missing, series)


def test_one_young_breach_among_missing_data_does_not_alarm_early() -> None:
    verdict = evaluate(a_rule(m=3), points("- - - - X"), State.OK)

    assert verdict.state is State.OK


@pytest.mark.parametrize(
    ("comparison", "at_threshold"),
    [
        ("GreaterThanThreshold", False),
        ("GreaterThanOrEqualToThreshold", True),
        ("LessThanThreshold", False),
        ("LessThanOrEqualToThreshold", True),
    ],
)
def test_the_threshold_itself_breaches_only_with_or_equal(comparison: str, *, at_threshold: bool) -> None:
    assert a_rule(comparison=comparison).breaches(5.0) is at_threshold


def test_an_anomaly_operator_is_refused_and_not_guessed() -> None:
    with pytest.raises(KeyError):
        a_rule(comparison="GreaterThanUpperThreshold").breaches(1.0)


@pytest.mark.parametrize(
    ("rule", "series", "sentence"),
    [
        (
            a_rule(m=1, n=1),
            "- - X",
            "Threshold Crossed: 1 datapoint [9.0 (20/11/26 12:02:00)] was greater than the threshold (5.0).",
        ),
        (
            a_rule(m=1, n=1),
            "- - 0",
            "Threshold Crossed: 1 datapoint [0.0 (20/11/26 12:02:00)] was not greater than the threshold (5.0).",
        ),
        (
            a_rule(m=2, n=2),
            "- X X",
            (
                "Threshold Crossed: 2 datapoints [9.0 (20/11/26 12:02:00), 9.0 (20/11/26 12:01:00)] were "
                "greater than the threshold (5.0)."
            ),
        ),
        (
            a_rule(missing="breaching"),
            "- - - - -",
            (
                "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were "
                "treated as [Breaching]."
            ),
        ),
        (
            a_rule(m=1, n=1, missing="notBreaching"),
            "- - -",
            (
                "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was "
                "treated as [NonBreaching]."
            ),
        ),
        (
            a_rule(missing="breaching", comparison="LessThanThreshold"),
            "- - - - 0",
            (
                "Threshold Crossed: 1 datapoint [0.0 (20/11/26 12:04:00)] was less than the threshold (5.0) and "
                "2 missing datapoints were treated as [Breaching]."
            ),
        ),
        (a_rule(), "- - - - -", "Insufficient Data: 3 datapoints were unknown."),
    ],
)
def test_the_reason_uses_the_words_of_cloudwatch(rule: Rule, series: str, sentence: str) -> None:
    assert reason(rule, evaluate(rule, points(series), State.OK)) == sentence
