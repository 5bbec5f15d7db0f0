"""A drill that goes through the whole line every few minutes, and what its absence says.

Knows the drill's names and when its last round is too long ago. Refuses to know alarms, queues and who is told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from deadair.domain.alarm import AlarmIdentity, AlarmState, digest

# The integration that a drill is about. No row can have it: it belongs to nobody.
SLUG = "deadair-watchdog"
# What the drill's alarm looks at: nobody ever writes it, so the alarm says only what the watchdog lets it say.
DRILL_METRIC = "WatchdogDrill"
# How old a drill was when it came out at the end, in seconds.
AGE_METRIC = "WatchdogAge"
ROUND = "watchdog.round.v1"
EVERY = timedelta(minutes=5)
# Two rounds and a little: one may be late, the second is missing.
STALE = timedelta(minutes=12)
KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Round:
    """One drill on its way; `id` is the same at each of its deliveries."""

    id: str
    at: datetime


def round_of(alarm: AlarmIdentity, state: str, at: datetime) -> Round:
    """The round of a transition of the drill's alarm."""
    return Round(digest("watchdog", alarm.key, state, at.isoformat(timespec="milliseconds")), at)


@dataclass(frozen=True, slots=True)
class Pulse:
    """What is known of the line: since when it is watched, the last round that came through, and when it did.

    `owed_since` is when the first round went out of those after which none came through. `said` is the state in which
    the drill's alarm was left.
    """

    watched_since: datetime
    round_at: datetime | None = None
    seen_at: datetime | None = None
    owed_since: datetime | None = None
    said: AlarmState = AlarmState.OK

    @property
    def next_said(self) -> AlarmState:
        """What the alarm says in the next round: only a change is news."""
        return AlarmState.OK if self.said is AlarmState.ALARM else AlarmState.ALARM

    @property
    def owes(self) -> bool:
        """Whether a round went out that has not come through."""
        return self.owed_since is not None and (self.round_at is None or self.round_at < self.owed_since)

    def is_stale(self, now: datetime) -> bool:
        """Whether a round that went out should have come through by now. While none goes out, the line owes nothing."""
        return self.owes and self.owed_since is not None and now - self.owed_since > STALE

    def is_good(self, now: datetime) -> bool:
        """Whether a round came through, not long ago."""
        return self.round_at is not None and now - self.round_at <= STALE


def is_of_ourselves(name: str, stack: str) -> bool:
    """Whether an alarm is one that watches this deployment: CloudFormation begins its name with the stack's.

    Those go to the operators, not through the line that they watch.
    """
    return bool(stack) and name.startswith(f"{stack}-")
