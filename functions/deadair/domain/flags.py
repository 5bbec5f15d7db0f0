"""What a list should mark about an incident beside its state, in one word each.

Knows the state and the time. Refuses to know how a mark is shown.
"""

from datetime import datetime

from deadair.domain.holding import held
from deadair.domain.incident import Incident


def flags(incident: Incident, now: datetime) -> tuple[str, ...]:
    """The marks, the gravest first: `drill` says that nothing is really broken."""
    told = {
        "drill": incident.drill,
        "unreachable": incident.is_open and incident.escalation.unreachable is not None,
        "held": incident.is_open and held(incident, now) is not None,
        "flapping": incident.is_open and incident.flapping,
        "recovered": incident.is_open and incident.recovered_at is not None,
        "merged": incident.merged_into is not None,
    }
    return tuple(name for name, so in told.items() if so)
