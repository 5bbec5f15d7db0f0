"""What an alarm's own words say about the kind of failure.

Knows metric names and CloudWatch's wordings. Refuses to know logs and vendors: that is a later look.
"""

import re
from datetime import datetime, timedelta

from deadair.domain.alarm import Signal
from deadair.domain.severity import FailureClass

# Sought in the alarm's name and metric, in this order: the first that occurs decides.
HINTS: tuple[tuple[Signal, tuple[str, ...]], ...] = (
    (Signal.SILENCE, ("silence", "no-data", "nodata", "heartbeat", "missing")),
    (Signal.QUOTA, ("quota", "ratelimit", "rate-limit", "rate_limit", "throttl")),
    (Signal.FRESHNESS, ("freshness", "lag", "staleness", "age")),
    (Signal.LATENCY, ("latency", "duration", "p95", "p99")),
    (Signal.ERROR_RATE, ("error", "5xx", "4xx", "fail", "fault")),
)
NOTHING_CAME = re.compile(r"no datapoints were received for ([0-9]{1,4}) periods?")
LONGEST_PERIOD_S = 86400
BREACHED_BY_ABSENCE = "treated as [Breaching]"

LIKELY: dict[Signal, FailureClass] = {
    Signal.SILENCE: FailureClass.SILENCE,
    Signal.LATENCY: FailureClass.LATENCY,
    Signal.FRESHNESS: FailureClass.LATENCY,
    Signal.QUOTA: FailureClass.RATE_LIMIT,
    Signal.CREDENTIAL: FailureClass.AUTH,
    Signal.VERSION: FailureClass.VERSION,
}


def read_signal(*, name: str, metric: str, reason: str) -> Signal:
    """Our reading of what the alarm watches; missing data that breach are silence whatever the name says."""
    if BREACHED_BY_ABSENCE in reason:
        return Signal.SILENCE
    text = f"{name} {metric}".lower()
    return next((signal for signal, hints in HINTS if any(hint in text for hint in hints)), Signal.UNKNOWN)


def likely_class(signal: Signal) -> FailureClass:
    """The failure class that a signal alone suggests; `unknown` where it takes a look at the logs."""
    return LIKELY.get(signal, FailureClass.UNKNOWN)


def silent_since(*, reason: str, period_s: object, at: datetime) -> datetime | None:
    """When the silence began, if the alarm says for how many periods nothing came; None when it does not."""
    found = NOTHING_CAME.search(reason)
    if found is None or not isinstance(period_s, int) or not 0 < period_s <= LONGEST_PERIOD_S:
        return None
    return at - timedelta(seconds=int(found.group(1)) * period_s)
