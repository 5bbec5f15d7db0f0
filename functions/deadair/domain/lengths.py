"""When an incident was where, and how long it took, as people see and count it: what was set by hand goes first.

Knows milestones. Refuses to know how lengths are shown.
"""

from datetime import datetime, timedelta

from deadair.domain.incident import Incident
from deadair.domain.stages import Milestone

NO_TIME = timedelta(0)


def milestones(incident: Incident) -> list[tuple[str, datetime]]:
    """The milestones that were reached, in their order."""
    return [(name.value, at) for name in Milestone if (at := incident.when(name)) is not None]


def started(incident: Incident) -> datetime:
    """Since when the integration did not do its job."""
    return incident.when(Milestone.STARTED) or incident.started_at


def detected(incident: Incident) -> datetime:
    """When an alarm saw it first."""
    return incident.when(Milestone.DETECTED) or incident.detected_at


def lasted(incident: Incident, now: datetime) -> timedelta:
    """How long the integration has not done its job, or did not."""
    return _between(started(incident), incident.when(Milestone.RESOLVED) or now)


def lengths(incident: Incident) -> dict[str, timedelta | None]:
    """Time to detect, mitigate and resolve since the start; time to acknowledge since the alarm. None: not reached."""
    since, alarmed = started(incident), detected(incident)
    ends = {
        "to_detect": (since, alarmed),
        "to_acknowledge": (alarmed, incident.when(Milestone.ACKNOWLEDGED)),
        "to_mitigate": (since, incident.when(Milestone.MITIGATED)),
        "to_resolve": (since, incident.when(Milestone.RESOLVED)),
    }
    return {name: _between(begin, end) if end else None for name, (begin, end) in ends.items()}


def _between(begin: datetime, end: datetime) -> timedelta:
    """An alarm's clock may be ahead of ours by minutes; no length is below zero for that."""
    return max(end - begin, NO_TIME)
