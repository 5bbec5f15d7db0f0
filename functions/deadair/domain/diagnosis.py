"""What an alarm's own words, and the integration's own signals, say about the kind of failure.

Knows metric names, CloudWatch's wordings, HTTP status codes. Refuses to know logs and vendors: that is a later look.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deadair.domain.alarm import RESTS, Evidence, Signal
from deadair.domain.health import Health, Recent
from deadair.domain.severity import FailureClass

# The alarms that the registry raises say what they watch in their last words, whatever their integration is called.
RAISED = re.compile(
    r"deadair-.+-(silence|error-rate|latency|freshness|credential|version|quota-(?:second|minute|hour|day))"
)
RAISED_SIGNALS = {"error-rate": Signal.ERROR_RATE}
# Sought in the alarm's name and metric, in this order: the first that occurs decides.
HINTS: tuple[tuple[Signal, tuple[str, ...]], ...] = (
    (Signal.SILENCE, ("silence", "no-data", "nodata", "heartbeat", "missing")),
    (Signal.QUOTA, ("quota", "ratelimit", "rate-limit", "rate_limit", "throttl")),
    (Signal.FRESHNESS, ("freshness", "-lag-", "staleness", "-age-")),
    (Signal.LATENCY, ("latency", "duration", "p95", "p99")),
    (Signal.ERROR_RATE, ("error", "5xx", "4xx", "fail", "fault")),
)
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
GAP = re.compile(r"[^a-z0-9]+")
NOTHING_CAME = re.compile(r"no datapoints were received for ([0-9]{1,4}) periods?")
LONGEST_PERIOD_S = 86400
BREACHED_BY_ABSENCE = "treated as [Breaching]"
RESTING = "outside its expected hours nothing is expected; this is no recovery"

LIKELY: dict[Signal, FailureClass] = {
    Signal.SILENCE: FailureClass.SILENCE,
    Signal.LATENCY: FailureClass.LATENCY,
    Signal.FRESHNESS: FailureClass.LATENCY,
    Signal.QUOTA: FailureClass.RATE_LIMIT,
    Signal.CREDENTIAL: FailureClass.AUTH,
    Signal.VERSION: FailureClass.VERSION,
}
# These say of themselves what is wrong; what else is found is told beside them and changes no class.
SETTLED = frozenset({Signal.SILENCE, Signal.QUOTA, Signal.CREDENTIAL, Signal.VERSION})
# These say that something is wrong and not what: the answers of the other side may.
ASKING = frozenset({Signal.ERROR_RATE, Signal.FRESHNESS, Signal.UNKNOWN})
# How much an alarm says of what is wrong: a slow or stale one, or one near a limit, is often but the first sign of what
# another then names.
RANK: dict[Signal, int] = {
    Signal.SILENCE: 0,
    Signal.ERROR_RATE: 0,
    Signal.CREDENTIAL: 0,
    Signal.VERSION: 0,
    Signal.QUOTA: 1,
    Signal.FRESHNESS: 2,
    Signal.LATENCY: 2,
    Signal.UNKNOWN: 3,
}
# Signals that are met by nothing at all outside the expected hours.
LOW = frozenset({Signal.SILENCE, Signal.FRESHNESS})

STATUSES: dict[str, FailureClass] = {
    "401": FailureClass.AUTH,
    "403": FailureClass.AUTH,
    "429": FailureClass.RATE_LIMIT,
    "408": FailureClass.VENDOR_ERROR,
    "404": FailureClass.VERSION,
    "410": FailureClass.VERSION,
    "400": FailureClass.SCHEMA,
    "409": FailureClass.SCHEMA,
    "422": FailureClass.SCHEMA,
}
# Signals older than this say nothing about now; an alarm recorded later than this cannot be explained by them.
EVIDENCE_WITHIN = timedelta(minutes=30)
# One odd answer among many explains nothing.
STRAY = 50
CODES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Point:
    """One datapoint that an alarm looked at. `value` is None where nothing came, `at` where its time is not told."""

    value: float | None
    at: datetime | None = None


def read_signal(*, name: str, metric: str, reason: str) -> Signal:
    """Our reading of what the alarm watches; missing data that breach are silence, unless the registry raised it."""
    raised = RAISED.fullmatch(name)
    if raised:
        word = raised[1]
        return RAISED_SIGNALS.get(word) or Signal(word.partition("-")[0])
    if BREACHED_BY_ABSENCE in reason:
        return Signal.SILENCE
    plain = f"{name} {metric}"
    text = f"{plain.lower()} -{GAP.sub('-', HUMP.sub('-', plain).lower())}-"
    return next((signal for signal, hints in HINTS if any(hint in text for hint in hints)), Signal.UNKNOWN)


def leading(alarms: Iterable[tuple[Signal, datetime, str]]) -> Signal:
    """The signal that names an incident: the most telling one, of those the first by the alarms' own time and key.

    Of none it is unknown: somebody opened it by hand.
    """
    first = min(alarms, key=lambda alarm: (RANK[alarm[0]], *alarm[1:]), default=None)
    return first[0] if first else Signal.UNKNOWN


def likely_class(signal: Signal, evidence: FailureClass | None = None, beside: Collection[Signal] = ()) -> FailureClass:
    """The failure class of an incident that this signal names; `unknown` where it takes a look at the logs.

    `evidence` is what was found for an alarm that asks; a signal that says of itself what is wrong is not overruled.
    Errors that nothing explains, `beside` a limit that is nearly used up, are its limit.
    """
    if evidence is not None and signal not in SETTLED:
        return evidence
    if signal is Signal.ERROR_RATE and Signal.QUOTA in beside:
        return LIKELY[Signal.QUOTA]
    return LIKELY.get(signal, FailureClass.UNKNOWN)


def silent_since(*, reason: str, period_s: object, at: datetime) -> datetime | None:
    """When the silence began, if the alarm says for how many periods nothing came; None when it does not."""
    found = NOTHING_CAME.search(reason)
    if found is None or not isinstance(period_s, int) or not 0 < period_s <= LONGEST_PERIOD_S:
        return None
    return at - timedelta(seconds=int(found.group(1)) * period_s)


def low_since(points: Iterable[Point], threshold: float) -> datetime | None:
    """The oldest datapoint since when nothing reached the threshold; None where the newest did, or no time is told."""
    oldest = None
    timed = [(point.at, point.value) for point in points if point.at is not None]
    for at, value in sorted(timed, key=lambda told: told[0], reverse=True):
        if value is not None and value >= threshold:
            break
        oldest = at
    return oldest


def rests(signal: Signal, points: Sequence[Point], threshold: float) -> bool:
    """Whether an OK says no more than that nothing is expected now: RESTS was seen, and nothing real that reached it.

    In whatever order the datapoints come: a carrier that tells only some of them tells those that made it OK.
    """
    values = [point.value for point in points if point.value is not None]
    return signal in LOW and RESTS in values and not any(threshold <= value != RESTS for value in values)


def evidence_in(
    health: Health | None, *, at: datetime, now: datetime, low_since: datetime | None = None
) -> Evidence | None:
    """What the other side answered around an alarm of the time `at` that is recorded `now`; None when unclear.

    `low_since` is when too little began to come, for an alarm about that: without a run since, nothing runs at all.
    """
    if health is None or now - at > EVIDENCE_WITHIN:
        return None
    last = health.last_signal_at
    if low_since and last and last < low_since:
        return Evidence(f"no signal came since {last.astimezone(UTC):%Y-%m-%d %H:%M} UTC", FailureClass.SILENCE)
    recent = [one for one in health.recent if now - EVIDENCE_WITHIN <= one.at]
    return (_answers(recent, now) or _empty(recent)) if recent else None


def class_of_status(code: str) -> FailureClass | None:
    """The failure class that an HTTP status stands for; None for one that is no failure, or says nothing."""
    return FailureClass.VENDOR_ERROR if len(code) == len("500") and code.startswith("5") else STATUSES.get(code)


def _answers(recent: list[Recent], now: datetime) -> Evidence | None:
    """The kind of answer that most of the failed calls got."""
    codes: Counter[str] = Counter()
    for one in recent:
        codes.update(one.codes)
    kinds: Counter[FailureClass] = Counter()
    for code, count in codes.items():
        if kind := class_of_status(code):
            kinds[kind] += count
    if not kinds:
        return None
    kind, count = max(kinds.items(), key=lambda found: (found[1], found[0]))
    if 2 * count < kinds.total() or STRAY * count < codes.total():
        return None
    said = [code for code, _ in sorted(codes.items(), key=lambda c: (-c[1], c[0])) if class_of_status(code) is kind]
    minutes = max(1, -int((min(one.at for one in recent) - now).total_seconds() // 60))
    calls = f"{count} of {codes.total()} {'calls' if codes.total() > 1 else 'call'}"
    span = f"the last {minutes} minutes" if minutes > 1 else "the last minute"
    return Evidence(f"{calls} answered {_listed(sorted(said[:CODES_NAMED]))} in {span}", kind)


def _empty(recent: list[Recent]) -> Evidence | None:
    """Runs that went well and carried nothing, when most did."""
    empty = sum(one.ok and not one.records for one in recent)
    if 2 * empty <= len(recent):
        return None
    runs = "the last run" if len(recent) == 1 else f"{empty} of the last {len(recent)} runs"
    return Evidence(f"{runs} succeeded and carried nothing", FailureClass.EMPTY_SUCCESS)


def _listed(codes: list[str]) -> str:
    *first, last = codes
    return f"{', '.join(first)} or {last}" if first else last
