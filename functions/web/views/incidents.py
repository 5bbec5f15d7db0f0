"""What the incident pages show: rows of lists, milestones with durations, and what may be done next.

Pure: domain objects and the time in, values out. Refuses to know words, addresses of other sites and storage.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from deadair.domain.chain import contact_of
from deadair.domain.incident import Incident
from deadair.domain.lengths import lasted as length
from deadair.domain.ownership import Integration, Person
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.domain.stages import Milestone as Step
from deadair.domain.stages import Status
from deadair.domain.standing_in import addresses_in, everybody
from deadair.domain.timeline import Entry, Source

T = TypeVar("T")
# What the incident's state allows, in the order in which people need it. `note` is always allowed.
VERBS: dict[Status, tuple[str, ...]] = {
    Status.OPEN: ("acknowledge", "note", "mitigate", "resolve", "assign"),
    Status.ACKNOWLEDGED: ("note", "mitigate", "resolve", "assign"),
    Status.MITIGATED: ("note", "resolve", "reopen", "assign"),
    Status.RESOLVED: ("note", "reopen"),
}
# An entry that was recorded much later than it happened says so.
LATE = timedelta(minutes=5)
FILTERS = ("integration", "severity", "owner", "status")
# A flapping alarm writes thousands of entries; an answer holds 6 MB on AWS, and a reader less.
FIRST_LINES, LAST_LINES = 100, 900


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step of the way. `at` is None while it has not come; `took` is the time since the one before it."""

    key: str
    at: datetime | None
    by: str = ""
    took: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline."""

    entry: Entry
    by_alarm: bool
    late: timedelta | None


@dataclass(frozen=True, slots=True)
class Gap:
    """How many entries are left out behind the line `after`, counted from 1; none: nothing is left out."""

    after: int
    count: int


@dataclass(frozen=True, slots=True)
class PostmortemState:
    """How far the postmortem has come. `state` is `none`, `draft` or `published`."""

    state: str
    answered: int = 0
    of: int = len(QUESTIONS)


def lasted(incident: Incident, now: datetime) -> timedelta:
    """How long the integration has not done its job, or did not."""
    return length(incident, now)


def milestones(incident: Incident) -> list[Milestone]:
    """The five milestones in their order, with the time that each took since the one before it."""
    people_of = {"acknowledged": incident.acknowledged_by, "resolved": incident.resolved_by}
    steps: list[Milestone] = []
    last: datetime | None = None
    for step in Step:
        key, at, by = step.value, incident.when(step), people_of.get(step.value, "")
        if step is Step.MITIGATED and at is None and not incident.is_open:
            continue  # it went straight to resolved: there is nothing to wait for
        took = at - last if at is not None and last is not None else None
        steps.append(Milestone(key, at, by, took))
        last = at or last
    return steps


def timeline(entries: Iterable[Entry]) -> list[Line]:
    """The timeline with what a reader should notice about each line."""
    return [
        Line(
            entry,
            by_alarm=entry.source in {Source.ALARM, Source.SYSTEM},
            late=gap
            if (gap := entry.recorded_at - entry.occurred_at) > LATE and entry.source is not Source.ALARM
            else None,
        )
        for entry in entries
    ]


def in_short(entries: list[T]) -> tuple[list[T], Gap]:
    """The entries of a timeline that one answer shows: its beginning and its end."""
    left_out = len(entries) - FIRST_LINES - LAST_LINES
    if left_out <= 0:
        return entries, Gap(0, 0)
    return [*entries[:FIRST_LINES], *entries[-LAST_LINES:]], Gap(FIRST_LINES, left_out)


def verbs(incident: Incident) -> tuple[str, ...]:
    """What may be done now."""
    return VERBS[incident.status]


def postmortem_state(postmortem: Postmortem | None) -> PostmortemState:
    """How far the postmortem of an incident has come."""
    if postmortem is None:
        return PostmortemState("none")
    return PostmortemState(postmortem.status.value, len(QUESTIONS) - len(postmortem.unanswered))


def administrators(told: str, rows: Iterable[Integration]) -> list[str]:
    """The administrators of a list of addresses, by name where the registry knows one."""
    known = {person.email.strip().casefold(): person.name for person in everybody(rows) if person.email}
    return sorted(known.get(address, address) for address in addresses_in(told))


def standing_by(row: Integration | None, owner: Person) -> list[str]:
    """The names of those who come next when the owner cannot be reached, in their order."""
    if row is None:
        return []
    named = [person.name for person in (row.owner, row.deputy, contact_of(row)) if person]
    return [name for name in dict.fromkeys(named) if name and name != owner.name]


def wanted(incident: Incident, filters: dict[str, str]) -> bool:
    """Whether an incident passes all filters; owners by name or e-mail, the rest by their exact word."""
    told = {
        "integration": {incident.integration},
        "severity": {incident.severity.value},
        "status": {incident.status.value},
        "owner": {incident.owner.name.lower(), incident.owner.email.lower()},
    }
    return all((value.lower() if name == "owner" else value) in told[name] for name, value in filters.items())
