"""What a transition of an alarm means for its integration: a new incident, one more entry, or nothing yet.

Knows that transitions arrive late, twice and in any order, and ends the same for all of them. Refuses to know
where any of it is stored.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from deadair.domain.alarm import AlarmState, Transition
from deadair.domain.alarm_entry import entry_for, fact_for
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person
from deadair.domain.severity import Severity
from deadair.domain.timeline import Entry, Fact

# An early OK waits for the ALARM that it answers. CloudWatch delivers late by minutes, not by dozens of changes.
EARLY_KEPT = 20


class Outcome(StrEnum):
    """What became of a message."""

    OPENED = "opened"
    APPENDED = "appended"
    RECOVERED = "recovered"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    DEAD_LETTERED = "dead_lettered"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A transition and the message that brought it."""

    transition: Transition
    message_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """What is remembered of an integration between messages: its latest incident, and news that came too early.

    `slug` is the integration's, or what `Held.line` makes of it.
    """

    slug: str
    number: int | None = None
    early: tuple[Arrival, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """Who answers for an alarm: the row, or the fallback person and the reason for it.

    A `stranger` is an alarm that no row claims; `ahead` names what has not happened yet and comes nearer.
    """

    slug: str
    name: str
    owner: Person
    owner_note: str = ""
    integration: Integration | None = None
    stranger: bool = False
    ahead: str = ""

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
        return latest is not None and not over and latest.awaits(transition)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is to be written for one arrival. `incident` and `line` are the new states, None where unchanged."""

    outcome: Outcome
    reason: str = ""
    incident: Incident | None = None
    entries: tuple[Entry, ...] = ()
    line: Line | None = None
    adopted: tuple[Arrival, ...] = ()


def rule(arrival: Arrival, held: Held, line: Line, latest: Incident | None, *, number: int, now: datetime) -> Ruling:
    """Decide. `latest` is the integration's latest incident, `number` the one to use should a new one open."""
    transition = arrival.transition
    if latest is not None and held.continues(latest, transition):
        return _append(arrival, line, latest, now)
    if transition.state is AlarmState.ALARM:
        return _open(arrival, held, line, number, now)
    kept = tuple(sorted((*line.early, arrival), key=lambda a: a.transition.order))[-EARLY_KEPT:]
    waiting = replace(line, early=kept, version=line.version + 1)
    return Ruling(Outcome.IGNORED, "no_open_incident", line=waiting)


def _open(arrival: Arrival, held: Held, line: Line, number: int, now: datetime) -> Ruling:
    incident = opened(arrival.transition, held, number, now)
    incident, adopted = _adopt(incident, line)
    entries = [entry_for(arrival.transition, incident, Fact.OPENED, now)]
    entries += [entry_for(a.transition, incident, fact_for(a.transition), now) for a in adopted]
    rest = tuple(a for a in line.early if a not in adopted)
    after = replace(line, number=number, early=rest, version=line.version + 1)
    return Ruling(Outcome.OPENED, held.owner_note, incident, tuple(entries), after, adopted)


def _append(arrival: Arrival, line: Line, latest: Incident, now: datetime) -> Ruling:
    transition = arrival.transition
    incident, adopted = _adopt(latest.with_transition(transition), line)
    incident = replace(incident, version=latest.version + 1)
    told = [transition, *(a.transition for a in adopted)]
    entries = tuple(entry_for(t, incident, fact_for(t), now) for t in told)
    outcome = outcome_of(transition)
    if not adopted:
        return Ruling(outcome, "", incident, entries)
    rest = tuple(a for a in line.early if a not in adopted)
    return Ruling(outcome, "", incident, entries, replace(line, early=rest, version=line.version + 1), adopted)


def _adopt(incident: Incident, line: Line) -> tuple[Incident, tuple[Arrival, ...]]:
    """Take in what had come before the ALARM that explains it."""
    adopted = tuple(a for a in line.early if incident.awaits(a.transition))
    for arrival in adopted:
        incident = incident.with_transition(arrival.transition)
    return incident, adopted


def opened(transition: Transition, held: Held, number: int, now: datetime) -> Incident:
    """The incident that an ALARM opens."""
    row = held.integration
    consent = row.consent if row else False
    blank = Incident(
        number=number,
        sort_id=f"{now.isoformat(timespec='milliseconds')}#{number:09d}",
        integration=held.slug,
        integration_name=held.name,
        tier=row.severity if row else Severity.SEV3,
        owner=held.owner,
        owner_note=held.owner_note,
        consent=consent,
        runbook=row.runbook if row else "",
        opened_at=now,
        pending_since=now,
        started_at=transition.at,
        detected_at=transition.at,
    )
    return blank.with_transition(transition)


def outcome_of(transition: Transition) -> Outcome:
    """What a message became whose transition goes into an incident that is there already."""
    return Outcome.RECOVERED if transition.state is AlarmState.OK else Outcome.APPENDED
