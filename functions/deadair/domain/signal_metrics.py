"""What signals become as metrics: numbers by metric and minute.

Knows the metrics that the registry's alarms look at. Refuses to know how numbers are sent.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deadair.domain.sent_signal import SentSignal

RECORDS, ERRORS = "Records", "Errors"
SUCCESSES, EMPTY_SUCCESSES = "Successes", "EmptySuccesses"
LATENCY_MS = "LatencyMs"
CALLS, THROTTLES = "Calls", "Throttles"
# CloudWatch takes nothing older, and refuses everything that came with it.
OLDEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class MinuteOfMetric:
    """All values of one metric in one minute, each with how often it came: nothing of a distribution is lost."""

    metric: str
    at: datetime
    values: Counter[float] = field(default_factory=Counter)


def minutes_of(signals: Iterable[SentSignal], now: datetime) -> list[MinuteOfMetric]:
    """The signals as metrics, in the order of time. What is older than CloudWatch takes is left out."""
    found: dict[tuple[datetime, str], Counter[float]] = {}
    for signal in signals:
        for metric, at, value in _numbers(signal):
            minute = at.replace(second=0, microsecond=0)
            if not is_too_old(minute, now):
                found.setdefault((minute, metric), Counter())[float(value)] += 1
    return [
        MinuteOfMetric(metric, at, values) for (at, metric), values in sorted(found.items(), key=lambda one: one[0])
    ]


def is_too_old(at: datetime, now: datetime) -> bool:
    """Whether CloudWatch takes no more numbers of that time."""
    return at <= now - OLDEST


def _numbers(signal: SentSignal) -> Iterator[tuple[str, datetime, float]]:
    """Records and errors are written when they are zero, too: a zero is a word, and nothing is a silence."""
    yield RECORDS, signal.at, signal.records
    yield ERRORS, signal.at, signal.errors
    if signal.is_success:
        # At the time of the data and not of the run: the age of the newest success is how fresh the data are.
        yield SUCCESSES, signal.data_at, 1
    if signal.is_empty_success:
        yield EMPTY_SUCCESSES, signal.at, 1
    if signal.latency_ms is not None:
        yield LATENCY_MS, signal.at, signal.latency_ms
    if signal.codes:
        yield CALLS, signal.at, signal.calls
        yield THROTTLES, signal.at, signal.throttles
