"""The metric that told of an incident, as it is charted: which one, from when to when, and how finely.

Knows what each kind of alarm watches, and how long CloudWatch keeps fine numbers. Refuses to read them and to draw.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, takewhile

from deadair.domain.alarm import Signal
from deadair.domain.incident import Incident
from deadair.domain.lengths import started
from deadair.domain.signal_metrics import CALLS, ERRORS, LATENCY_MS, RECORDS, SUCCESSES
from deadair.domain.stages import Milestone

POINTS_AT_MOST = 200
PERIODS_S = (60, 300, 900, 3600, 6 * 3600, 24 * 3600)
# Before it, and after it, at least so much is shown, and at most a day: people look for the last good hour.
LEAST, MOST = timedelta(hours=1), timedelta(days=1)
# How old the oldest numbers of a period are; the finer ones are forgotten sooner.
KEPT = ((timedelta(days=15), 60), (timedelta(days=63), 300), (timedelta(days=455), 3600))


@dataclass(frozen=True, slots=True)
class Measure:
    """What is charted: the sums or percentiles of a metric; `share_of` makes it a percentage of both together.

    `threshold` names the field of the row's thresholds from which on it is an incident.
    """

    metric: str
    stat: str = "Sum"
    unit: str = ""
    share_of: str = ""
    threshold: str = ""


MEASURES: dict[Signal, Measure] = {
    Signal.SILENCE: Measure(RECORDS),
    Signal.ERROR_RATE: Measure(ERRORS, unit="%", share_of=RECORDS, threshold="error_rate_pct"),
    Signal.LATENCY: Measure(LATENCY_MS, stat="p95", unit="ms", threshold="latency_p95_ms"),
    Signal.FRESHNESS: Measure(SUCCESSES),
    Signal.QUOTA: Measure(CALLS),
}


def measure_of(incident: Incident) -> Measure:
    """What its alarm watches; where nobody knows, whether anything came at all."""
    return MEASURES.get(incident.signal, Measure(RECORDS))


def stretch(incident: Incident, now: datetime) -> tuple[datetime, datetime]:
    """From before it began to after it was over, as much to both sides as it took, within bounds; never beyond now."""
    begins = started(incident)
    over = [at for at in (incident.recovered_at, incident.when(Milestone.RESOLVED)) if at]
    ends = max([begins, *over]) if over else now
    around = min(max(ends - begins, LEAST), MOST)
    return begins - around, min(ends + around, max(now, begins))


def period_s(start: datetime, end: datetime, now: datetime, least: int = 60) -> int:
    """The finest period, at least `least`, of which there are not too many, and which is kept that long."""
    kept = next((period for age, period in KEPT if now - start < age), PERIODS_S[-1])
    asked = (end - start).total_seconds() / POINTS_AT_MOST
    return next((each for each in PERIODS_S if each >= max(kept, least, asked)), PERIODS_S[-1])


def moments(start: datetime, end: datetime, period: int) -> list[datetime]:
    """The beginnings of the whole periods of the clock in between, at most as many as are shown."""
    first = -(-int(start.timestamp()) // period) * period
    steps = takewhile(lambda at: at + period <= end.timestamp(), count(first, period))
    return [datetime.fromtimestamp(at, UTC) for at in steps][-POINTS_AT_MOST:]
