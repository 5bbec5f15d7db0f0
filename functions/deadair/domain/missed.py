"""How many records an outage cost, estimated: what was expected in that time, less what arrived.

Knows hours that change within the time. Refuses to guess where nobody said how much is expected.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from deadair.domain.expectation import Expectation

STEP = timedelta(minutes=1)
# CloudWatch keeps minutes for fifteen days; an estimate over longer would be of no use to anybody.
LONGEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Missed:
    """About so many records, None when nobody can tell; `why` says how it was estimated, or why not."""

    records: int | None
    why: str


def missed(
    expectation: Expectation | None, start: datetime, end: datetime, arrived: float | None, *, sends: bool
) -> Missed:
    """The estimate for the time from `start` to `end`. `arrived` None: CloudWatch did not say.

    `sends` is whether the integration ever sent a signal: what nobody counts did not fail to arrive.
    """
    if not sends:
        return Missed(None, "it sends no signals, so nobody counts what arrives")
    if expectation is None:
        return Missed(None, "its row does not say what is expected")
    if end - start > LONGEST:
        return Missed(None, f"it has been longer than {LONGEST.days} days")
    due = expected(expectation, start, end)
    if due is None:
        return Missed(None, "its row does not say how many records an hour")
    if arrived is None:
        return Missed(None, "CloudWatch did not say how many arrived")
    span = _span(end - start)
    return Missed(max(0, round(due - arrived)), f"about {due:.0f} expected in {span}, {arrived:.0f} arrived")


def expected(expectation: Expectation, start: datetime, end: datetime) -> float | None:
    """The records that were due between two instants; None where some time has no number."""
    total, at = 0.0, start
    while at < end:
        step = min(STEP, end - at)
        per_hour = expectation.per_hour(at)
        if per_hour is None:
            return None
        total += per_hour * step / timedelta(hours=1)
        at += step
    return total


def _span(length: timedelta) -> str:
    minutes = max(0, round(length.total_seconds() / 60))
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "")))
