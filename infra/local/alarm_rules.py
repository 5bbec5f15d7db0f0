"""How CloudWatch decides an alarm's state from datapoints, some of which are missing. Pure: no clock, no AWS.

On AWS the service does this every minute (every 10 s for periods under a minute). The rules are those of "Configuring
how CloudWatch alarms treat missing data" in its user guide, whose two tables are test cases here:
with enough real datapoints in the evaluation range the missing ones play no part; with too few, the gaps are filled as
`treat_missing_data` says; and an alarm goes off early only when its oldest breaching datapoint is old enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """The states of an alarm."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


# CloudWatch looks at more periods than the alarm names, to find real datapoints; its tables show two more.
EXTRA_PERIODS = 2

# Operator → how the reason words it.
_WORDS = {
    "GreaterThanThreshold": "greater than",
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}


@dataclass(frozen=True)
class Rule:
    """The part of an alarm that decides: M (`datapoints_to_alarm`) breaching out of N (`evaluation_periods`)."""

    evaluation_periods: int
    datapoints_to_alarm: int
    threshold: float
    comparison: str
    missing: str = "missing"

    @property
    def evaluation_range(self) -> int:
        """How many periods are looked at."""
        return self.evaluation_periods + EXTRA_PERIODS

    def breaches(self, value: float) -> bool:
        """Whether one value crosses the threshold. Raises KeyError for an anomaly-detection operator."""
        return {
            "GreaterThanThreshold": value > self.threshold,
            "GreaterThanOrEqualToThreshold": value >= self.threshold,
            "LessThanThreshold": value < self.threshold,
            "LessThanOrEqualToThreshold": value <= self.threshold,
        }[self.comparison]


@dataclass(frozen=True)
class Point:
    """The statistic of one period, None when no datapoint arrived in it."""

    at: datetime
    value: float | None


@dataclass(frozen=True)
class Verdict:
    """The state that follows, the real datapoints that decided (newest first), and how many gaps were filled."""

    state: State
    decided_by: tuple[Point, ...]
    filled: int


@dataclass(frozen=True)
class _Seen:
    """What the evaluation range holds; `oldest_age` is in periods, 1 for the newest, 0 without any datapoint."""

    real: int
    breaching: int
    filled: int
    oldest_age: int


def evaluate(rule: Rule, points: Sequence[Point], current: State) -> Verdict:
    """The state after these periods, oldest first and one per period, missing ones included."""
    looked_at = list(points)[-rule.evaluation_range :]
    real = [point for point in looked_at if point.value is not None][-rule.evaluation_periods :]
    seen = _Seen(
        real=len(real),
        breaching=sum(point.value is not None and rule.breaches(point.value) for point in real),
        filled=rule.evaluation_periods - len(real),
        oldest_age=len(looked_at) - looked_at.index(real[0]) if real else 0,
    )
    state = State.ALARM if seen.breaching >= rule.datapoints_to_alarm else _unless_alarm(rule, seen, current)
    return Verdict(state=state, decided_by=tuple(reversed(real)), filled=seen.filled)


def _unless_alarm(rule: Rule, seen: _Seen, current: State) -> State:
    """The state when the real datapoints alone do not alarm."""
    if seen.filled == 0 or rule.missing == "notBreaching":
        return State.OK
    if rule.missing == "breaching":
        return State.ALARM if seen.breaching + seen.filled >= rule.datapoints_to_alarm else State.OK
    if seen.real > seen.breaching:
        return State.OK  # a healthy datapoint decides
    return current if rule.missing == "ignore" else _without_filling(rule, seen, current)


def _without_filling(rule: Rule, seen: _Seen, current: State) -> State:
    """Missing data stays missing, and nothing healthy was seen."""
    if seen.real == 0:
        return State.INSUFFICIENT_DATA
    return State.ALARM if seen.oldest_age >= rule.datapoints_to_alarm else current


def reason(rule: Rule, verdict: Verdict) -> str:
    """The sentence that CloudWatch gives as the reason."""
    if verdict.state is State.INSUFFICIENT_DATA:
        return f"Insufficient Data: {verdict.filled} {_were(verdict.filled)} unknown."
    treated = {"breaching": "Breaching", "notBreaching": "NonBreaching"}.get(rule.missing)
    if not verdict.decided_by:
        count = verdict.filled
        periods = "period" if count == 1 else "periods"
        return (
            f"Threshold Crossed: no datapoints were received for {count} {periods} and "
            f"{_missing(count)} treated as [{treated}]."
        )
    return f"Threshold Crossed: {_crossed(rule, verdict)}{_and_missing(verdict, treated)}."


def _crossed(rule: Rule, verdict: Verdict) -> str:
    alarming = verdict.state is State.ALARM
    shown = [
        point for point in verdict.decided_by if point.value is not None and rule.breaches(point.value) == alarming
    ] or list(verdict.decided_by)
    values = ", ".join(f"{point.value!r} ({point.at:%d/%m/%y %H:%M:%S})" for point in shown)
    negation = "" if alarming else "not "
    crossing = f"{negation}{_WORDS[rule.comparison]} the threshold ({rule.threshold!r})"
    return f"{len(shown)} {_datapoints(len(shown), values)} {crossing}"


def _datapoints(count: int, values: str) -> str:
    return f"datapoint [{values}] was" if count == 1 else f"datapoints [{values}] were"


def _were(count: int) -> str:
    return "datapoint was" if count == 1 else "datapoints were"


def _missing(count: int) -> str:
    return f"{count} missing {_were(count)}"


def _and_missing(verdict: Verdict, treated: str | None) -> str:
    return f" and {_missing(verdict.filled)} treated as [{treated}]" if treated and verdict.filled else ""
