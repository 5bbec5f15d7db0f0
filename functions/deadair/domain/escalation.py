"""Who is told of an incident, and how far that went.

Knows the chain owner → deputy → escalation contact → fallback person. Refuses to know deadlines, schedules and Slack.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from deadair.domain.holding import Hold
from deadair.domain.ownership import Person


class Rung(StrEnum):
    """The places of the chain, in their order."""

    OWNER = "owner"
    DEPUTY = "deputy"
    CONTACT = "escalation contact"
    FALLBACK = "fallback person"


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody whom an incident was brought to, and why not to somebody before them."""

    person: Person
    rung: Rung
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Escalation:
    """How far it went since the incident last began to wait. `asked_at`: when a silent holder was asked how it goes.

    `unreachable` says since when nobody of the chain could be told, or answered. `waits` is who is told next and
    when, where the working time of that person decides it. `hold` is what kept notices back when last looked at, and
    `calm_since` the recovery that was seen then.
    """

    told: tuple[Told, ...] = ()
    asked_at: datetime | None = None
    unreachable: datetime | None = None
    waits: Told | None = None
    hold: Hold | None = None
    calm_since: datetime | None = None


NOT_ESCALATED = Escalation()
