"""Setting a milestone afterwards: which may be set, and what its neighbours allow.

Knows the order of the five. Refuses to know who sets one and how a time is written.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from deadair.domain.errors import IllegalTransition, Invalid
from deadair.domain.incident import Incident
from deadair.domain.stages import Milestone, Status

IN_ORDER = tuple(Milestone)
# Nothing stays broken unseen for longer and is still worked as an incident; what is typed beyond it is a slip.
LATELY = timedelta(days=400)
# What has to have happened before its time can be corrected, and the step that makes it happen.
REACHED: dict[Milestone, tuple[frozenset[Status], str]] = {
    Milestone.ACKNOWLEDGED: (frozenset({Status.ACKNOWLEDGED, Status.MITIGATED, Status.RESOLVED}), "ack"),
    Milestone.MITIGATED: (frozenset({Status.MITIGATED, Status.RESOLVED}), "mitigate"),
    Milestone.RESOLVED: (frozenset({Status.RESOLVED}), "resolve"),
}


def with_milestone(incident: Incident, milestone: Milestone, at: datetime, *, now: datetime) -> Incident:
    """The incident with a milestone set by hand. Raises Invalid or IllegalTransition, and then nothing is set."""
    _must_be_reached(incident, milestone)
    _must_be_lately(at, now, incident)
    place = IN_ORDER.index(milestone)
    before, after = _told(incident, IN_ORDER[:place]), _told(incident, IN_ORDER[place + 1 :])
    if before and at < before[-1][1]:
        raise _out_of_order(milestone, "before", *before[-1])
    if after and at > after[0][1]:
        raise _out_of_order(milestone, "after", *after[0])
    return replace(incident, milestones={**incident.milestones, milestone: at})


def _must_be_lately(at: datetime, now: datetime, incident: Incident) -> None:
    if at > now:
        raise Invalid("That time has not come yet.", field="at", remedy="Give a time in the past.")
    # What was recorded afterwards is old by nature; its other times keep a slip out.
    if at < now - LATELY and not incident.recorded_afterwards:
        remedy = f"Give a time of the last {LATELY.days} days: a slip would spoil every median."
        raise Invalid(f"{at.year}-{at:%m-%d} is too long ago.", field="at", remedy=remedy)


def _must_be_reached(incident: Incident, milestone: Milestone) -> None:
    allowed, step = REACHED.get(milestone, (frozenset(Status), ""))
    if incident.status not in allowed:
        message = f"{incident.id} is {incident.status}; there is no time of {milestone} to correct."
        raise IllegalTransition(message, field="milestone", remedy=f"{step} {incident.number}")


def _told(incident: Incident, names: Sequence[Milestone]) -> list[tuple[Milestone, datetime]]:
    return [(name, at) for name in names if (at := incident.when(name)) is not None]


def _out_of_order(milestone: Milestone, side: str, other: Milestone, at: datetime) -> Invalid:
    allowed = f"from {at:%Y-%m-%d %H:%M:%S} UTC on" if side == "before" else f"up to {at:%Y-%m-%d %H:%M:%S} UTC"
    message = f"An incident is not {milestone} {side} it is {other}." if milestone is not Milestone.STARTED else ""
    message = message or f"An incident does not start {side} it is {other}."
    return Invalid(message, field="at", remedy=f"Give a time {allowed}, or correct {other} first.")
