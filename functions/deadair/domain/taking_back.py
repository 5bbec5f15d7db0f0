"""What taking a step back means for alarms, which go on speaking meanwhile, and for what a step opened.

Knows that their news stay, wherever the alarms are then. Refuses to know how the rest of a state is restored.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from deadair.domain.alarm_on_incident import AlarmOnIncident, first_finding, joined
from deadair.domain.alarms_together import fitting
from deadair.domain.errors import IllegalTransition
from deadair.domain.incident import Incident
from deadair.domain.stages import Ending

BY_MISTAKE = "Opened by mistake."


def with_news(restored: Incident, other: Incident, heard: Mapping[str, AlarmOnIncident]) -> Incident:
    """The restored incident, with what its alarms said while they were on the other one."""
    known = {key: joined(restored.alarms[key], alarm) for key, alarm in heard.items() if key in restored.alarms}
    alarms = dict(sorted({**restored.alarms, **known}.items()))
    return restored if alarms == restored.alarms else _named_anew(restored, alarms, other)


def with_all(restored: Incident, other: Incident) -> Incident:
    """The restored incident, with every alarm of the one that a split had made."""
    both = restored.alarms | {
        key: joined(restored.alarms[key], alarm) if key in restored.alarms else alarm
        for key, alarm in other.alarms.items()
    }
    alarms = fitting({key: alarm.not_over() if restored.is_open else alarm for key, alarm in both.items()})
    return restored if alarms == restored.alarms else _named_anew(restored, alarms, other)


def _named_anew(restored: Incident, alarms: dict[str, AlarmOnIncident], other: Incident) -> Incident:
    found = other.finding if other.finding and other.finding.alarm in alarms else None
    first = min(alarm.first_alarm_at for alarm in alarms.values())
    named = restored.named_by(alarms, first_finding((restored.finding, found)))
    return replace(named, started_at=min(named.started_at, first), detected_at=min(named.detected_at, first))


def over_by_mistake(incident: Incident, first: Incident, by: str, now: datetime) -> Incident:
    """What becomes of an incident that a step opened: it goes on as the one it was split from, or it was none.

    Raises IllegalTransition where it cannot be a mistake any more.
    """
    if first.number != incident.number:
        if not first.is_open:
            raise IllegalTransition(f"{first.id} is resolved since.", field="entry", remedy=f"reopen {first.number}")
        return incident.merge_into(first.number, by, now)
    if incident.alarms:
        told = f"An alarm has said so, too: {next(iter(incident.alarms.values())).name}."
        raise IllegalTransition(told, field="entry", remedy=f"false-alarm {incident.number} how you know")
    if incident.recorded_afterwards and not incident.is_open:
        return replace(incident, ending=Ending.FALSE_ALARM, fix=BY_MISTAKE)
    return incident.false_alarm(by, now, BY_MISTAKE)
