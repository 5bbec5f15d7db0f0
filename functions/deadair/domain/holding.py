"""What keeps notices about an incident back, and until when: maintenance, a snooze, a muted alarm.

Knows that a hold ends by itself. Refuses to hold incidents: they open all the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from deadair.domain.alarm import AlarmState

if TYPE_CHECKING:
    from deadair.domain.incident import Incident

# Sorts behind every end that somebody named.
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Hold:
    """Notices wait until an instant (aware, UTC; None: until somebody or something says otherwise)."""

    until: datetime | None
    why: str
    by: str = ""

    def lasts(self, now: datetime) -> bool:
        """Whether it still holds."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class Window:
    """Planned maintenance of one integration, from an instant until another (both aware, UTC)."""

    id: str
    begins_at: datetime
    ends_at: datetime
    why: str
    by: str

    def covers(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.begins_at <= now < self.ends_at


def hold_in(windows: Iterable[Window], now: datetime) -> Hold | None:
    """What the windows hold at this instant: the one that ends last, by its id where two end together."""
    lasting = [window for window in windows if window.covers(now)]
    if not lasting:
        return None
    last = max(lasting, key=lambda window: (window.ends_at, window.id))
    return Hold(last.ends_at, last.why, last.by)


def held(incident: "Incident", now: datetime) -> Hold | None:
    """What keeps notices of this incident back now: the hold that lasts longest."""
    lasting = [hold for hold in (incident.maintenance, incident.snooze, _quiet(incident, now)) if hold]
    return max((hold for hold in lasting if hold.lasts(now)), key=lambda hold: hold.until or NEVER, default=None)


def _quiet(incident: "Incident", now: datetime) -> Hold | None:
    """Every alarm that is in ALARM is muted or suppressed: until the first of them speaks again.

    One that was deleted never will, and so keeps nobody quiet.
    """
    alarms = [alarm for alarm in incident.alarms.values() if alarm.state is AlarmState.ALARM]
    holds = [None if alarm.is_gone else alarm.quiet for alarm in alarms]
    quiet = [hold for hold in holds if hold is not None and hold.lasts(now)]
    if not holds or len(quiet) < len(holds):
        return None
    return min(quiet, key=lambda hold: hold.until or NEVER)
