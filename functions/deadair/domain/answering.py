"""Who answers for an alarm, and what its ALARM opens for them.

Knows what a row, or the want of one, makes of an incident. Refuses to know how anybody was found, and lines and tables.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from deadair.domain.alarm import DEADAIR, AlarmState, Transition
from deadair.domain.by_hand import ByHand
from deadair.domain.handling import handling_of
from deadair.domain.holding import Hold
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person
from deadair.domain.severity import LEAST_WITH_CONSENT, Severity
from deadair.domain.timeline import Entry, Fact, Source


@dataclass(frozen=True, slots=True)
class Held:
    """Who answers for an alarm: the row, or the fallback person and the reason for it.

    A `stranger` is an alarm that no row claims; `ahead` names what has not happened yet and comes nearer. `pending`:
    the registry could not say whose it is, and `named` is the slug that the alarm itself names. `defect`: what is
    wrong with its ownership although there is a row. `maintenance` keeps notices back.
    `below` are those who answer for the alarms that a composite alarm looks at, if no row claims itself.
    """

    slug: str
    name: str
    owner: Person
    owner_note: str = ""
    integration: Integration | None = None
    stranger: bool = False
    ahead: str = ""
    pending: bool = False
    named: str = ""
    defect: str = ""
    maintenance: Hold | None = None
    below: "tuple[Held, ...]" = ()

    @property
    def line(self) -> str:
        """The name of the line that the news belongs to.

        What is ahead has one of its own: an outage must not vanish in a reminder that somebody acknowledged last week.
        """
        return f"{self.slug}#{self.ahead}" if self.ahead else self.slug

    def continues(self, latest: Incident | None, transition: Transition) -> bool:
        """Whether the news goes on with the line's latest incident.

        What is ahead says a date of the past, by when somebody should have known: once resolved, it begins anew.
        """
        over = latest is None or (bool(self.ahead) and not latest.is_open and transition.state is AlarmState.ALARM)
        return latest is not None and not over and (latest.awaits(transition) or self.reopens(latest, transition))

    def reopens(self, latest: Incident, transition: Transition) -> bool:
        """Whether the news says that the line's latest incident is not over after all."""
        row = self.integration.row if self.integration else None
        return not self.ahead and latest.reopens(transition, handling_of(row).reopens_within)


def held_by(row: Integration, fallback: Person) -> Held:
    """By its row; the fallback person where the row names nobody."""
    if row.owner.name:
        return Held(row.slug, row.name, row.owner, integration=row)
    return Held(row.slug, row.name, fallback, "The registry names no owner.", row)


def opened(transition: Transition, held: Held, number: int, now: datetime) -> Incident:
    """The incident that an ALARM opens."""
    return _blank(held, number, transition.at, now).with_transition(transition)


def opened_by_hand(held: Held, said: ByHand, severity: Severity | None, number: int, now: datetime) -> Incident:
    """The incident that a person opens, of whom nothing else is known yet. Consent stays at SEV2 or above."""
    blank = _blank(held, number, now, now)
    least = LEAST_WITH_CONSENT if blank.consent else Severity.SEV4
    return replace(blank, by_hand=said, severity_set=min(severity, least) if severity else None)


def _blank(held: Held, number: int, detected_at: datetime, now: datetime) -> Incident:
    row = held.integration
    consent = row.consent if row else False
    return Incident(
        number=number,
        sort_id=f"{now.isoformat(timespec='milliseconds')}#{number:09d}",
        integration=held.slug,
        integration_name=held.name,
        tier=row.severity if row else _tier_without_a_row(held),
        owner=held.owner,
        owner_note=held.owner_note,
        consent=consent,
        runbook=row.runbook if row else "",
        owner_pending=held.pending,
        named=held.named,
        systems=row.systems if row else (),
        maintenance=held.maintenance,
        opened_at=now,
        pending_since=now,
        started_at=detected_at,
        detected_at=detected_at,
    )


def _tier_without_a_row(held: Held) -> Severity:
    """While the registry does not answer, nobody can say that it is not about consent."""
    return Severity.SEV2 if held.pending else Severity.SEV3


def defect_of(text: str, incident: Incident, now: datetime) -> Entry:
    """What is wrong with the ownership of an incident that opens, for whoever keeps the registry."""
    return Entry(
        incident=incident.id,
        id=f"{now.isoformat(timespec='milliseconds')}#ownership-defect",
        fact=Fact.NOTED,
        occurred_at=now,
        recorded_at=now,
        author=DEADAIR,
        source=Source.SYSTEM,
        text=text,
        integration=incident.integration,
        data=(("defect", "ownership"),),
    )
