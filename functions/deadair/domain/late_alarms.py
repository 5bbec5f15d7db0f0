"""The ALARMs from before an incident's end that were heard after it. Pure.

Knows that what was known to ring at the end is let alone. Refuses to know whether anybody is to be told.
"""

from dataclasses import replace
from datetime import datetime

from deadair.domain.alarm import AlarmState
from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.domain.incident import Incident
from deadair.domain.stages import Ending


def with_late(incident: Incident, key: str, now: datetime) -> Incident:
    """The incident, one of whose alarms said ALARM now. What was known to ring at its end is no news."""
    alarm = incident.alarms.get(key)
    if incident.is_open or alarm is None or alarm.rang_at_end:
        return incident
    late = replace(alarm, heard_late=max(now, alarm.heard_late or now))
    return replace(incident, alarms=incident.alarms | {key: late})


def still_ringing(incident: Incident) -> list[AlarmOnIncident]:
    """The alarms of an ended incident that ring, and nobody knew it at the end. What was merged goes on elsewhere."""
    if incident.is_open or incident.ending is Ending.MERGED:
        return []
    rings = [a for a in incident.alarms.values() if a.state is AlarmState.ALARM and a.heard_late is not None]
    return sorted(rings, key=lambda alarm: (alarm.at, alarm.name))
