"""Who is told next of an incident, and when, if nobody says anything until then.

Pure: asks what is due now, and at the next instant at which something is. Refuses to know how anybody is told.
"""

from dataclasses import dataclass
from datetime import datetime

from deadair.domain.due import World, due
from deadair.domain.incident import Incident


@dataclass(frozen=True, slots=True)
class Next:
    """`name` is empty where whoever has it is asked how it goes."""

    name: str
    rung: str
    at: datetime


def who_next(incident: Incident, world: World, now: datetime) -> Next | None:
    """The next person and their time; None where nobody is to be told."""
    if not incident.is_open:
        return None
    then = due(incident, world, now)
    if then.next_at is None:
        return None
    later = due(then.incident, world, then.next_at).incident.escalation
    told = later.told[len(then.incident.escalation.told) :]
    if told:
        return Next(told[0].person.name, told[0].rung.value, then.next_at)
    asked = later.asked_at is not None and later.asked_at != then.incident.escalation.asked_at
    return Next("", "", then.next_at) if asked else None
