"""What breaking or mending an integration will do, said before it is done; and why it would do nothing.

Knows the row, its alarms and the trial of `foresight`. Refuses to send or forget anything: that is `player`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from deadair.domain.watch import Watch
from infra.local.alarm_events import period_of
from infra.local.judging import running_since
from infra.local.traffic.foresight import Foreseen, noticed, opens_at, rings_at, step_of
from infra.local.traffic.how import How
from infra.local.traffic.memory import Break
from infra.local.traffic.rhythm import Rhythm

Json = dict[str, Any]

# What a row would have to say, so that something notices.
_NOTICES = {
    How.SILENCE: "thresholds.silence_min",
    How.EMPTY_SUCCESS: "thresholds.silence_min or thresholds.freshness_min",
    How.WEBHOOK: "thresholds.freshness_min, or thresholds.floor_pct beside silence_min",
    How.LATENCY: "thresholds.latency_p95_ms",
}
_ERRORS = "thresholds.error_rate_pct"
# These are noticed by what is missing, and nothing is missing while nothing is expected.
_MISSING = (How.SILENCE, How.EMPTY_SUCCESS, How.WEBHOOK)
_LOOKED_AHEAD = timedelta(hours=27)
_NAMED = 8
# A quota of a day recovers with the next day.
_LONG = timedelta(hours=6)


class Refused(Exception):
    """It would not do what was asked for. `remedy` says what would."""

    def __init__(self, message: str, remedy: str = "", *, unnoticed: bool = False) -> None:
        super().__init__(message)
        self.remedy, self.unnoticed = remedy, unnoticed


@dataclass(frozen=True, slots=True)
class Ringing:
    """An alarm that will ring. `at` is when at the latest, as an ISO time."""

    name: str
    signal: str
    periods: int
    period_s: int
    at: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done. `since` is in seconds since the epoch, `step` in minutes."""

    slug: str
    name: str
    owner: str
    since: float
    step: int
    how: str = ""
    alarms: tuple[Ringing, ...] = ()
    note: str = ""
    mends: str = field(default="")

    def dump(self) -> Json:
        """As JSON."""
        return asdict(self)


def missing(slug: str, known: Iterable[str]) -> Refused:
    """There is no such row, or it is not played."""
    near = get_close_matches(slug, [one for one in known if one != slug], n=1)
    return Refused(
        f"There is no integration `{slug}` that is played.",
        f"Did you mean {near[0]}?" if near else "Its row must be in the registry and say what is `expected`.",
    )


def breaking(rhythm: Rhythm, found: Sequence[Watch], how: How, now: datetime, *, from_now: bool) -> Plan:
    """How to break an integration so that its own alarm says so. Raises Refused when none of its alarms would."""
    if how in _MISSING and not rhythm.expects(rhythm.last_minute(now.timestamp())):
        raise Refused(_resting(rhythm, now), unnoticed=True)
    ringing = noticed(rhythm, found, how, now)
    if ringing and not from_now:
        first = ringing[0]
        others = [one for one in ringing if one.since >= first.since]
        return _plan(rhythm, how, first.since, [_said(one, now) for one in [first, *others[1:]]], step_of(first.window))
    this_minute = now.replace(second=0, microsecond=0)
    ahead = _ahead(rhythm, found, how, this_minute)
    if ahead:
        return _plan(rhythm, how, this_minute, ahead, 1)
    wanted = _NOTICES.get(how, _ERRORS)
    message = f"Nothing in the row {rhythm.slug} notices {how.value}."
    raise Refused(message, f"Add {wanted}, or break it with --anyway.", unnoticed=True)


def unnoticed(rhythm: Rhythm, how: How, now: datetime) -> Plan:
    """How to break an integration all the same."""
    return _plan(rhythm, how, now.timestamp() // 60 * 60, [], 1)


def mending(rhythm: Rhythm, found: Sequence[Watch], broken: Break, now: datetime) -> Plan:
    """How to mend an integration so that each alarm's newest complete period is a healthy one."""
    periods = [timedelta(seconds=period_of(watch.definition)) for watch in found]
    looked_at = [period for period in periods if period <= _LONG] or [timedelta(minutes=5)]
    newest = min(running_since(int(period.total_seconds()), now) - period for period in looked_at)
    since = max(newest.timestamp(), broken.since)
    rests = broken.how in _MISSING and not rhythm.expects(rhythm.last_minute(now.timestamp()))
    resting = _resting(rhythm, now) if rests else ""
    return Plan(**_about(rhythm), since=since, step=step_of(now - newest), note=resting, mends=broken.how.value)


def _plan(rhythm: Rhythm, how: How, since: datetime | float, alarms: list[Ringing], step: int) -> Plan:
    began = since.timestamp() if isinstance(since, datetime) else since
    return Plan(**_about(rhythm), how=how.value, since=began, step=step, alarms=tuple(alarms))


def _about(rhythm: Rhythm) -> Json:
    owner = rhythm.integration.owner.name
    return {"slug": rhythm.slug, "name": rhythm.integration.name, "owner": owner}


def _said(one: Foreseen, at: datetime) -> Ringing:
    periods = int(one.watch.definition["EvaluationPeriods"])
    seconds = int(one.period.total_seconds())
    return Ringing(one.watch.name, one.watch.signal.value, periods, seconds, at.astimezone(UTC).isoformat())


def _ahead(rhythm: Rhythm, found: Sequence[Watch], how: How, since: datetime) -> list[Ringing]:
    """Alarms that will ring when it is broken since then; the first to ring comes first."""
    times = [(rings_at(rhythm, watch, how, since, since + _LOOKED_AHEAD), watch) for watch in found]
    ringing = sorted(((at, watch) for at, watch in times if at), key=lambda one: (one[0], one[1].name))
    return [_said(Foreseen(watch, since), at) for at, watch in ringing]


def _resting(rhythm: Rhythm, now: datetime) -> str:
    opens = opens_at(rhythm, now)
    zone = rhythm.expectation.zone if rhythm.expectation else UTC
    # In the zone in which the row says its hours, so that the two can be compared.
    when = f"; the next time is {opens.astimezone(zone):%a %H:%M} {zone}" if opens else " this week"
    return f"Nothing is expected of {rhythm.integration.name} now{when}."


def expected_now(rhythms: Iterable[Rhythm], now: datetime) -> list[str]:
    """A few integrations of whom something is expected now."""
    return [one.slug for one in rhythms if one.expects(one.last_minute(now.timestamp()))][:_NAMED]
