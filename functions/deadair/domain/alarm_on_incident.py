"""What an incident keeps of one of its alarms. In whatever order its news come, and however often, it ends the same.

Knows the latest state, the first ALARM and the last one, each by the alarm's own time. Refuses to know incidents.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from deadair.domain.alarm import PRECEDENCE, AlarmState, Reconfiguration, Signal, Transition
from deadair.domain.diagnosis import ASKING
from deadair.domain.holding import Hold
from deadair.domain.severity import FailureClass

# So many ALARMs of one alarm in so short a time.
FLAPS = 4
FLAPS_WITHIN = timedelta(minutes=30)
FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reconfigured:
    """What was last done to the alarm itself."""

    what: Reconfiguration
    at: datetime


@dataclass(frozen=True, slots=True)
class AlarmOnIncident:
    """One alarm of an incident: `state` since `at`, its latest.

    `signal` is that of its first ALARM. `quiet` is set while its last ALARM (`last_alarm_at`) was muted or suppressed
    where it comes from; `until` None: nobody said. `rests`: it has no data because nothing is expected.
    `rang` are its last ALARMs, as many as it takes to call it flapping.
    `rang_at_end`: it was in ALARM, as far as was known, when its incident ended. `heard_late` is when an ALARM of it
    was heard that was not known then.
    """

    name: str
    state: AlarmState
    at: datetime
    first_alarm_at: datetime
    signal: Signal = Signal.UNKNOWN
    quiet: Hold | None = None
    last_alarm_at: datetime | None = None
    rests: bool = False
    reconfigured: Reconfigured | None = None
    rang: tuple[datetime, ...] = ()
    rang_at_end: bool = False
    heard_late: datetime | None = None

    @classmethod
    def of(cls, transition: Transition) -> Self:
        """What the first news of an alarm leave."""
        first = cls(transition.alarm.shown_name, transition.state, transition.at, transition.at, transition.signal)
        alarms = transition.state is AlarmState.ALARM
        return replace(
            first,
            rests=transition.rests,
            quiet=transition.quiet if alarms else None,
            last_alarm_at=transition.at if alarms else None,
            rang=(transition.at,) if alarms else (),
        )

    @property
    def flaps(self) -> bool:
        """Whether it rang so often in so short a time that one more is no news."""
        return len(self.rang) == FLAPS and self.rang[-1] - self.rang[0] <= FLAPS_WITHIN

    @property
    def is_gone(self) -> bool:
        """Whether the alarm was deleted and has not spoken since: nothing will ever tell that it is OK."""
        done = self.reconfigured
        return done is not None and done.what is Reconfiguration.DELETED and done.at >= self.at

    def at_end(self) -> Self:
        """The same when its incident ends: whoever ends it is told what rings."""
        return replace(self, rang_at_end=self.state is AlarmState.ALARM, heard_late=None)

    def not_over(self) -> Self:
        """The same when its incident goes on after all."""
        return replace(self, rang_at_end=False, heard_late=None)

    def after(self, transition: Transition) -> "AlarmOnIncident":
        """The same with one more of its news."""
        if transition.reconfigured is not None:
            done = Reconfigured(transition.reconfigured, transition.at)
            return replace(self, reconfigured=max(filter(None, (self.reconfigured, done)), key=_reconfigured_order))
        told = type(self).of(transition)
        latest = max(self, told, key=_order)
        moved = replace(self, state=latest.state, at=latest.at, rests=latest.rests)
        return _alarmed(moved, told) if transition.state is AlarmState.ALARM else moved


def joined(one: AlarmOnIncident, other: AlarmOnIncident) -> AlarmOnIncident:
    """What two incidents kept of the same alarm, as if one had heard all of it."""
    latest = max(one, other, key=_order)
    done = [each.reconfigured for each in (one, other) if each.reconfigured is not None]
    moved = replace(one, state=latest.state, at=latest.at, rests=latest.rests)
    return _alarmed(replace(moved, reconfigured=max(done, key=_reconfigured_order, default=None)), other)


@dataclass(frozen=True, slots=True)
class Finding:
    """The evidence that an incident keeps, and the ALARM with which it was found."""

    text: str
    failure_class: FailureClass
    signal: Signal
    at: datetime
    alarm: str

    @classmethod
    def of(cls, transition: Transition) -> Self | None:
        """What was found with this ALARM, if anything."""
        found = transition.evidence
        if found is None:
            return None
        return cls(found.text, found.failure_class, transition.signal, transition.at, transition.alarm.key)

    @property
    def order(self) -> tuple[bool, datetime, str, str]:
        """The first one stays: that of an alarm that asks what is wrong, then the earliest by the alarm's own time."""
        return (self.signal not in ASKING, self.at, self.alarm, self.text)


def first_finding(findings: Iterable[Finding | None]) -> Finding | None:
    """The one of them that an incident keeps."""
    return min(filter(None, findings), key=lambda finding: finding.order, default=None)


def _alarmed(known: AlarmOnIncident, told: AlarmOnIncident) -> AlarmOnIncident:
    """With one more ALARM: the first one names the signal, the last one says whether it is quiet."""
    first = min(known, told, key=lambda one: (one.first_alarm_at, one.signal.value))
    last = max(known, told, key=_last_order)
    return replace(
        known,
        first_alarm_at=first.first_alarm_at,
        signal=first.signal,
        last_alarm_at=last.last_alarm_at,
        quiet=last.quiet,
        rang=tuple(sorted({*known.rang, *told.rang}))[-FLAPS:],
    )


def _order(one: AlarmOnIncident) -> tuple[datetime, int, bool]:
    """Later wins; at the same instant ALARM wins."""
    return (one.at, PRECEDENCE[one.state], not one.rests)


def _last_order(one: AlarmOnIncident) -> tuple[datetime, bool, datetime, str, str]:
    """Of two ALARMs at the same instant the one that is not quiet wins: nothing may hide a failure."""
    hold = one.quiet or Hold(None, "")
    return (one.last_alarm_at or one.first_alarm_at, one.quiet is None, hold.until or FOREVER, hold.why, hold.by)


def _reconfigured_order(one: Reconfigured) -> tuple[datetime, str]:
    return (one.at, one.what.value)
