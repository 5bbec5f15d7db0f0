"""How long an incident took, from when it really started.

Knows milestones. Refuses to know how lengths are shown.
"""

from datetime import datetime, timedelta

from deadair.domain.incident import Incident


def milestones(incident: Incident) -> list[tuple[str, datetime]]:
    """The milestones that were reached, in their order."""
    told = (
        ("started", incident.started_at),
        ("detected", incident.detected_at),
        ("acknowledged", incident.acknowledged_at),
        ("mitigated", incident.mitigated_at),
        ("resolved", incident.resolved_at),
    )
    return [(name, at) for name, at in told if at is not None]


def lengths(incident: Incident) -> dict[str, timedelta | None]:
    """Time to detect, mitigate and resolve since the start; time to acknowledge since the alarm. None: not reached."""
    since = incident.started_at
    return {
        "to_detect": incident.detected_at - since,
        "to_acknowledge": incident.acknowledged_at - incident.detected_at if incident.acknowledged_at else None,
        "to_mitigate": incident.mitigated_at - since if incident.mitigated_at else None,
        "to_resolve": incident.resolved_at - since if incident.resolved_at else None,
    }
