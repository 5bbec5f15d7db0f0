"""An alarm of ours judged over days, as CloudWatch would: its expressions computed, its periods counted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deadair.domain.ownership import Integration, Person
from deadair.domain.watch import Watch, watches
from infra.local.alarm_rules import Point, Rule, State, evaluate
from infra.local.metric_math import Series, compute

MINUTE = timedelta(minutes=1)
Records = Callable[[datetime], float | None]


def an_integration(**row: Any) -> Integration:
    """A row with these fields."""
    fields = {"slug": "hub-sf", "name": "Hub → SF"} | row
    return Integration(fields["slug"], fields["name"], Person("Ana Lima"), row=fields)


def a_watch(word: str, now: datetime, **row: Any) -> Watch:
    """The alarm of a row whose name ends so."""
    found = watches(an_integration(**row), prefix="deadair", namespace="Deadair", now=now)
    return next(watch for watch in found if watch.name == f"deadair-hub-sf-{word}")


@dataclass(frozen=True)
class Judged:
    """The state after the period that ended at `at`."""

    at: datetime
    state: State


def period_of(watch: Watch) -> timedelta:
    """The length of its periods."""
    return timedelta(seconds=next(q["MetricStat"]["Period"] for q in watch.definition["Metrics"] if "MetricStat" in q))


def window_of(watch: Watch) -> timedelta:
    """The stretch that it judges."""
    return period_of(watch) * int(watch.definition["EvaluationPeriods"])


def judged(watch: Watch, start: datetime, end: datetime, records: Records) -> Iterator[Judged]:
    """Every evaluation between two instants whose periods begin with `start`. `records` are those of a minute."""
    period, definition = period_of(watch), watch.definition
    rule = Rule(
        evaluation_periods=definition["EvaluationPeriods"],
        datapoints_to_alarm=definition["DatapointsToAlarm"],
        threshold=definition["Threshold"],
        comparison=definition["ComparisonOperator"],
        missing=definition["TreatMissingData"],
    )
    first = start - period * rule.evaluation_range
    moments = [first + period * number for number in range(int((end - first) / period) + 1)]
    values = returned(watch, moments, records)
    state = State.INSUFFICIENT_DATA
    for place in range(rule.evaluation_range, len(moments) + 1):
        looked_at = moments[place - rule.evaluation_range : place]
        state = evaluate(rule, [Point(at, values.get(at)) for at in looked_at], state).state
        yield Judged(looked_at[-1] + period, state)


def returned(watch: Watch, moments: list[datetime], records: Records) -> Series:
    """What the alarm's own expression gives for periods that begin at these moments."""
    return series_of(watch, moments, records)["e"]


def series_of(watch: Watch, moments: list[datetime], records: Records) -> dict[str, Series]:
    """Every series of the alarm, by the id of its query."""
    queries = watch.definition["Metrics"]
    series: dict[str, Series] = {
        q["Id"]: _summed(moments, period_of(watch), records) for q in queries if "MetricStat" in q
    }
    for query in queries:
        if "Expression" in query:
            series[query["Id"]] = compute(query["Expression"], series, moments)
    return series


def _summed(moments: list[datetime], period: timedelta, records: Records) -> Series:
    found: Series = {}
    for at in moments:
        counts = [
            count for minute in range(int(period / MINUTE)) if (count := records(at + minute * MINUTE)) is not None
        ]
        if counts:
            found[at] = float(sum(counts))
    return found
