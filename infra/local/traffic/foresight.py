"""Which alarms of a row will notice a failure, and when: the alarms themselves are tried on what will be sent. Pure.

Knows the alarms that the registry raises, how signals become metrics, and how alarms are judged. So nothing here says
which class an alarm is meant for: it rings in the trial or it does not.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deadair.domain.alarm import Signal
from deadair.domain.sent_signal import SentSignal
from deadair.domain.signal_metrics import minutes_of
from deadair.domain.watch import Watch
from infra.local.alarm_events import period_of, queries_of
from infra.local.alarm_rules import State
from infra.local.judging import judged, running_since, window_began, window_of
from infra.local.metric_math import Series, Unsupported
from infra.local.traffic.breaking import signals
from infra.local.traffic.how import How
from infra.local.traffic.rhythm import MINUTE_S, Rhythm

Json = dict[str, Any]

# The alarm whose word says most about a failure, should it notice it at all.
_TELLS = {
    How.SILENCE: Signal.SILENCE,
    How.EMPTY_SUCCESS: Signal.FRESHNESS,
    How.WEBHOOK: Signal.FRESHNESS,
    How.LATENCY: Signal.LATENCY,
    How.RATE_LIMIT: Signal.QUOTA,
}
# The longest that an alarm looks back, and the period that is running.
_FURTHEST = timedelta(days=7, hours=6)
_SHORT = timedelta(hours=1)
_FEWEST_STEPS = 5


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An alarm that notices, and since when the failure must have lasted for it to ring now."""

    watch: Watch
    since: datetime

    @property
    def window(self) -> timedelta:
        """How long a stretch the alarm looks at."""
        return window_of(self.watch.definition)

    @property
    def period(self) -> timedelta:
        """How often it gets a new complete period."""
        return timedelta(seconds=period_of(self.watch.definition))


def step_of(window: timedelta) -> int:
    """In steps of how many minutes a stretch of that length is told: a few for each period, a few hundred at most."""
    return max(1, int(window.total_seconds() // MINUTE_S // (30 * _FEWEST_STEPS)))


def noticed(rhythm: Rhythm, found: Sequence[Watch], how: How, now: datetime) -> list[Foreseen]:
    """The alarms that ring when the failure has lasted for their whole window; the one that tells most comes first."""
    trials = [Foreseen(watch, window_began(watch.definition, now)) for watch in found]
    ringing = [one for one in trials if now - one.since <= _FURTHEST and rings(rhythm, one.watch, how, one.since, now)]
    return sorted(ringing, key=lambda one: (_rank(one, how), now - one.since, one.watch.name))


def _rank(one: Foreseen, how: How) -> int:
    """First whose word is that of the failure, then errors: that nothing arrives, says less than why.

    A day's quota is too long a story for a few minutes of throttling.
    """
    signal = one.watch.signal
    if signal is _TELLS.get(how) and (signal is not Signal.QUOTA or one.window <= _SHORT):
        return 0
    return 1 if signal is Signal.ERROR_RATE else 2


def rings(rhythm: Rhythm, watch: Watch, how: How, since: datetime, now: datetime) -> bool:
    """Whether an alarm would ring now, were the integration whole until then and failed since."""
    began = window_began(watch.definition, now)
    since = max(since, began)
    step, breaks = step_of(window_of(watch.definition)), _minute(since)
    told = [
        *signals(rhythm, _minute(began), breaks - 1, how=None, step=step),
        *signals(rhythm, breaks, rhythm.last_minute(now.timestamp()), how=how, step=step),
    ]
    series = _series(queries_of(_alarm(watch)), [_sent(one) for one in told], began, now)
    try:
        return judged(_alarm(watch), series, now, State.OK).state is State.ALARM
    except (Unsupported, KeyError):
        return False


def rings_at(rhythm: Rhythm, watch: Watch, how: How, since: datetime, until: datetime) -> datetime | None:
    """When an alarm will ring for a failure that begins at `since`; None when not before `until`."""
    period = timedelta(seconds=period_of(watch.definition))
    at = running_since(int(period.total_seconds()), since) + period
    while at <= until:
        # What looks at several periods misses something in each of them.
        full = window_began(watch.definition, at) >= since
        if (full or window_of(watch.definition) == period) and rings(rhythm, watch, how, since, at):
            return at
        at += period
    return None


def opens_at(rhythm: Rhythm, now: datetime) -> datetime | None:
    """When something is expected next; None when nothing is within a week."""
    first = _minute(now)
    for minute in range(first, first + 7 * 24 * 60):
        if rhythm.expects(minute):
            return datetime.fromtimestamp(minute * MINUTE_S, now.tzinfo)
    return None


def _alarm(watch: Watch) -> Json:
    return {"AlarmArn": watch.name} | watch.definition


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // MINUTE_S


def _sent(told: Mapping[str, Any]) -> SentSignal:
    return SentSignal(
        key=told["id"],
        at=datetime.fromisoformat(told["occurred_at"]),
        ok=told["ok"],
        records=told["records"],
        errors=told["errors"],
        latency_ms=told["latency_ms"],
        lag_s=told.get("lag_s", 0.0),
        codes=told.get("status_codes", {}),
    )


def _series(queries: Iterable[Json], sent: list[SentSignal], since: datetime, now: datetime) -> dict[str, Series]:
    """What the queries of an alarm would read of these signals."""
    values = minutes_of(sent, now)
    found: dict[str, Series] = {}
    for query in queries:
        if stat := query.get("MetricStat"):
            of_metric = [one for one in values if one.metric == stat["Metric"]["MetricName"] and since <= one.at < now]
            found[query["Id"]] = _periods(of_metric, int(stat["Period"]), stat["Stat"])
    return found


def _periods(values: Iterable[Any], period_s: int, stat: str) -> Series:
    groups: dict[datetime, list[float]] = defaultdict(list)
    for one in values:
        for value, count in one.values.items():
            groups[running_since(period_s, one.at)].extend([value] * (count if stat != "Sum" else 1))
            if stat == "Sum" and count > 1:
                groups[running_since(period_s, one.at)].append(value * (count - 1))
    return {at: sum(some) if stat == "Sum" else sorted(some)[int(len(some) * 0.95)] for at, some in groups.items()}
