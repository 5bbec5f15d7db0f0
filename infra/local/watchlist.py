"""Which alarms must be judged now: those that changed, those whose data changed, and those with a new complete period.

Pure: keeps of each alarm only what decides that. On AWS the service looks at each alarm once a minute, or every ten
seconds for short periods; with thousands of alarms on one machine that would hold a core for nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from infra.local import alarm_events

Json = dict[str, Any]
MetricKey = tuple[str, str, str]


def metric_key(namespace: str, name: str, dimensions: Iterable[Mapping[str, str]]) -> MetricKey:
    """A metric by one text; dimensions in the order of their names."""
    pairs = sorted((one["Name"], one["Value"]) for one in dimensions)
    return namespace, name, "|".join(f"{key}={value}" for key, value in pairs)


@dataclass(slots=True)
class Known:
    """What is remembered of one alarm. `judged` is the start of the period that was running at the last judgement."""

    period: int
    metrics: tuple[MetricKey, ...]
    state: str
    judged: int = -1


@dataclass
class Watchlist:
    """Every alarm of the embedded AWS, by name."""

    known: dict[str, Known] = field(default_factory=dict)
    _by_metric: dict[MetricKey, set[str]] = field(default_factory=lambda: defaultdict(set))
    _waiting: dict[str, None] = field(default_factory=dict)

    def learn(self, alarm: Json, now: float, *, judged: bool = False) -> None:
        """Take over how an alarm is defined now; who was not known before is met in the state that it has.

        `judged`: its complete periods are being judged at this moment.
        """
        name = alarm["AlarmName"]
        before = self.known.get(name)
        metrics = tuple(_metrics_of(alarm))
        if before is None or before.metrics != metrics:
            self._unlink(name)
            for metric in metrics:
                self._by_metric[metric].add(name)
        period = alarm_events.period_of(alarm) if alarm_events.queries_of(alarm) else 0
        self.known[name] = Known(
            period=period,
            metrics=metrics,
            state=before.state if before else alarm["StateValue"],
            judged=_running(period, now) if judged else -1,
        )

    def forget(self, name: str) -> None:
        """An alarm is gone."""
        self._unlink(name)
        self.known.pop(name, None)
        self._waiting.pop(name, None)

    def _unlink(self, name: str) -> None:
        before = self.known.get(name)
        for metric in before.metrics if before else ():
            self._by_metric[metric].discard(name)
            if not self._by_metric[metric]:
                del self._by_metric[metric]

    def changed(self, names: Iterable[str]) -> None:
        """These were made, changed, set or deleted: who is known is judged before the others, who is new after them."""
        told = list(names)
        self._first(name for name in told if name in self.known)
        self.again(told)

    def again(self, names: Iterable[str]) -> None:
        """These are judged once more, after all that wait."""
        self._waiting |= dict.fromkeys(name for name in names if name not in self._waiting)

    def _first(self, names: Iterable[str]) -> None:
        self._waiting = dict.fromkeys([*names, *self._waiting])

    def points_came(self, metric: MetricKey, oldest: float, now: float) -> None:
        """A metric got points; alarms for whom one lies in a complete period are judged before the others."""
        names = self._by_metric.get(metric, ())
        self._first(name for name in names if oldest < _running(self.known[name].period, now))

    def watches(self, name: str, dimensions: frozenset[str]) -> bool:
        """Whether an alarm looks at a metric with one of these dimensions (`Name=value`, and no other)."""
        known = self.known.get(name)
        return known is not None and any(metric[2] in dimensions for metric in known.metrics)

    def due(self, now: float, at_most: int) -> list[str]:
        """The next alarms to judge; what is too much waits for the next round."""
        names = list(islice(self._waiting, at_most))
        for name in names:
            del self._waiting[name]
        chosen = set(names)
        for name, alarm in self.known.items():
            if len(names) >= at_most:
                break
            if alarm.period and alarm.judged != _running(alarm.period, now) and name not in chosen:
                names.append(name)
        return names


def _running(period: int, now: float) -> int:
    return int(now) // period * period if period else 0


def _metrics_of(alarm: Json) -> Iterable[MetricKey]:
    for query in alarm_events.queries_of(alarm):
        if "MetricStat" in query:
            metric = query["MetricStat"]["Metric"]
            yield metric_key(metric["Namespace"], metric["MetricName"], metric.get("Dimensions", []))
