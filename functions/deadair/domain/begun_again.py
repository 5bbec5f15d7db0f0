"""An incident that was ended too early: one of its alarms rang before the end, was heard after it, and rings on. Pure.

Knows that an OK may still be on its way. Refuses to know who is told then.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.domain.holding import Window, hold_in
from deadair.domain.incident import LATE, Incident
from deadair.domain.late_alarms import still_ringing
from deadair.domain.telling import Due, entry_of
from deadair.domain.timeline import Fact

# Its OK may come by another way, and a little slower.
GRACE = timedelta(minutes=1)
NAMES_SAID = 5


def begun_again(incident: Incident, within: timedelta, windows: Iterable[Window], now: datetime) -> Due:
    """It waits for somebody again once the grace is over. What is heard long after the end is old news."""
    ended_at, latest = incident.resolved_at or now, max(LATE, within)
    late = [(a.heard_late, a) for a in still_ringing(incident) if a.heard_late and a.heard_late <= ended_at + latest]
    if not late:
        return Due(incident)
    due_at = min(heard_at for heard_at, _ in late) + GRACE
    if now < due_at:
        return Due(incident, next_at=due_at)
    again = incident.reopen_by_alarm(hold_in(windows, now), now)
    return Due(again, (entry_of(again, Fact.REOPENED, ended_at, now, _words([alarm for _, alarm in late])),))


def _words(alarms: list[AlarmOnIncident]) -> str:
    names = ", ".join(f"{alarm.name} (since {alarm.at:%H:%M:%S} UTC)" for alarm in alarms[:NAMES_SAID])
    more = f" and {len(alarms) - NAMES_SAID} more" if len(alarms) > NAMES_SAID else ""
    told = "It began before the end and was heard only after it."
    return f"Reopened: still in ALARM: {names}{more}. {told}"
