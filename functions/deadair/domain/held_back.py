"""The beginning and the end of being held: maintenance, a snooze, muted alarms. Pure.

Knows that whatever is still broken at the end of a hold speaks up, and what is not stays silent, unless somebody
snoozed it. Refuses to know who is told then.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from deadair.domain.escalation import NOT_ESCALATED
from deadair.domain.holding import Hold, Window, held, hold_in
from deadair.domain.incident import Incident
from deadair.domain.telling import Due, entry_of
from deadair.domain.timeline import Fact


def holds(incident: Incident, windows: Iterable[Window], now: datetime) -> Due:
    """Maintenance as the windows say, a snooze until its end; that it began and that it ended is said once each."""
    before = incident.escalation.hold or _unseen(incident, now)
    snooze = incident.snooze if incident.snooze and incident.snooze.lasts(now) else None
    after = replace(incident, maintenance=hold_in(windows, now), snooze=snooze)
    hold = held(after, now)
    if hold is not None:
        return _held(after, hold, now)
    return Due(after) if before is None else _over(after, before, now, snoozed=incident.snooze is not None)


def _unseen(incident: Incident, now: datetime) -> Hold | None:
    """A hold that ended before anybody here saw it."""
    ended = [hold for hold in (incident.maintenance, incident.snooze) if hold and not hold.lasts(now)]
    return ended[0] if ended else None


def _held(incident: Incident, hold: Hold, now: datetime) -> Due:
    marked = replace(incident, escalation=replace(incident.escalation, hold=hold))
    if incident.escalation.hold is not None:
        return Due(marked)
    return Due(marked, (entry_of(marked, Fact.HELD, now, now, words_for(hold)),))


def _over(incident: Incident, hold: Hold, now: datetime, *, snoozed: bool) -> Due:
    """Whoever snoozed it knew of it, and is to hear that its alarms are OK; of maintenance nobody need hear that."""
    ended_at = min(hold.until, now) if hold.until else now
    after = released(incident, ended_at, now)
    recovered = incident.recovered_at is not None
    if (recovered and not snoozed) or after.pending_since != ended_at:
        return Due(after)
    how_it_is = "Its alarms are OK meanwhile." if recovered else "It is still broken."
    text = f"What held notices back is over ({hold.why}). {how_it_is}"
    return Due(after, (entry_of(after, Fact.HOLD_ENDED, ended_at, now, text),))


def released(incident: Incident, ended_at: datetime, now: datetime) -> Incident:
    """It waits for somebody since then, unless another hold lasts; nobody was told of it before."""
    hold = held(incident, now)
    since = incident.pending_since or incident.opened_at
    if hold is not None or ended_at < since:
        return replace(incident, escalation=replace(incident.escalation, hold=hold))
    return replace(incident, pending_since=ended_at, escalation=NOT_ESCALATED)


def words_for(hold: Hold) -> str:
    """What the timeline says when a hold begins."""
    until = f" until {hold.until:%a %d %b %H:%M} UTC" if hold.until else ""
    by = f" ({hold.by})" if hold.by else ""
    return f"Notices wait{until}: {hold.why}{by}."
