"""The watchdog's two ends: send a drill into the line, and take it out where notices leave.

Knows that only the end may say that all is well. Refuses to know which part of the line is broken.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from deadair.adapters.cloudwatch.drill import AgeMetric, DrillAlarm
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.dynamodb.watchdog import WatchdogStore
from deadair.domain.standing_error import Kind
from deadair.domain.watchdog import Pulse

logger = logging.getLogger("deadair.watchdog")

# What the standing error is about.
LINE = "line"


@dataclass(frozen=True, slots=True)
class LineWatch:
    """The beginning. `ping` tells somebody outside that all is well; wired once per process."""

    store: WatchdogStore
    drill: DrillAlarm
    errors: StandingErrors
    ping: Callable[[], object]

    def go_round(self, now: datetime) -> Pulse:
        """Say what is known of the rounds before, then send the next one. Raises Unavailable or botocore's errors."""
        pulse = self.store.begin(now)
        if pulse.is_stale(now):
            logger.error("the line is silent", extra={"last_round": str(pulse.round_at)})
            self.errors.put(Kind.WATCHDOG, LINE, _told(pulse), now)
        else:
            self.errors.clear(Kind.WATCHDOG, LINE)
        # Noted afterwards: said again it is no news, and the news of the first time is on its way.
        self.drill.say(pulse.next_said)
        self.store.note_said(pulse.next_said, pulse.owed_since if pulse.owes and pulse.owed_since else now)
        if pulse.is_good(now):
            self.ping()
        return pulse


@dataclass(frozen=True, slots=True)
class Heart:
    """The end: a round came out."""

    store: WatchdogStore
    metric: AgeMetric

    def beat(self, round_at: datetime, now: datetime) -> None:
        """Write it down. Raises Unavailable or botocore's errors."""
        self.metric.write((now - round_at).total_seconds(), now)
        self.store.beat(round_at, now)


def _told(pulse: Pulse) -> str:
    last = f"since {pulse.round_at:%Y-%m-%d %H:%M} UTC" if pulse.round_at else "yet"
    return f"Deadair's own drill has not come through {last}: alarms may not reach anybody. See `deadair doctor`."
