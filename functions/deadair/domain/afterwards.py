"""An incident that was over before anybody told Deadair of it: the times that people remember, and what they make.

Knows the order of the five times. Refuses to know who remembers them, how they were written, and alarms: no alarm has
spoken of it, and none will.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from deadair.domain.answering import Held, opened_by_hand
from deadair.domain.by_hand import ByHand
from deadair.domain.errors import Invalid
from deadair.domain.incident import Incident
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Ending, Milestone, Status

# Told on each entry, for machines that listen: what happened then is no news now.
AFTERWARDS = "recorded_afterwards"
# Before that nothing of this kind was recorded; an earlier year is a slip.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# The end in the list of times to choose from, and the beginning; the rest may be unknown.
NEEDED = (Milestone.STARTED, Milestone.DETECTED, Milestone.RESOLVED)
# How each is written in a sentence that refuses it.
WORDS = {
    Milestone.STARTED: "start",
    Milestone.DETECTED: "detection",
    Milestone.ACKNOWLEDGED: "acknowledgement",
    Milestone.MITIGATED: "mitigation",
    Milestone.RESOLVED: "end",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """When it was where, aware and UTC. `acknowledged` and `mitigated` are None where nobody knows."""

    started: datetime
    detected: datetime
    resolved: datetime
    acknowledged: datetime | None = None
    mitigated: datetime | None = None


def remembered(told: dict[Milestone, datetime | None], *, now: datetime) -> Then:
    """The times as given. Raises Invalid that names the one that is missing, too early, to come, or out of order."""
    for name in NEEDED:
        if told.get(name) is None:
            raise Invalid(f"The time of the {WORDS[name]} is missing.", field=name.value, remedy=f"Give {name.value}.")
    given = {name: at.astimezone(UTC) for name in Milestone if (at := told.get(name)) is not None}
    before: tuple[Milestone, datetime] | None = None
    for name, at in given.items():
        _must_be_past(name, at, now)
        if before is not None and at < before[1]:
            raise _out_of_order(name, at, *before)
        before = name, at
    return Then(**{name.value: at for name, at in given.items()})


def over(held: Held, said: ByHand, severity: Severity | None, then: Then, number: int) -> Incident:
    """The incident, opened when it was detected and resolved when it was. Who had it then is not known."""
    begun = opened_by_hand(replace(held, maintenance=None), said, severity, number, then.detected)
    return replace(
        begun,
        started_at=then.started,
        acknowledged_at=then.acknowledged,
        mitigated_at=then.mitigated,
        resolved_at=then.resolved,
        touched_at=then.resolved,
        status=Status.RESOLVED,
        ending=Ending.FIXED,
        recorded_afterwards=True,
    )


def with_what_is_known(incident: Incident, fix: str, failure_class: FailureClass | None) -> Incident:
    """With the fix and the class that people name."""
    return replace(incident, fix=fix, cause=failure_class)


def _must_be_past(name: Milestone, at: datetime, now: datetime) -> None:
    if at > now:
        told = f"The time of the {WORDS[name]}, {at:%Y-%m-%d %H:%M} UTC, has not come yet."
        raise Invalid(told, field=name.value, remedy="Give a time in the past; what goes on is opened without times.")
    if at < EARLIEST:
        told = f"The year of the {WORDS[name]} is {at.year}."
        raise Invalid(told, field=name.value, remedy=f"Give a time from {EARLIEST.year} on.")


def _out_of_order(name: Milestone, at: datetime, earlier: Milestone, then: datetime) -> Invalid:
    told = f"The {WORDS[name]}, {at:%Y-%m-%d %H:%M} UTC, is before the {WORDS[earlier]}, {then:%Y-%m-%d %H:%M} UTC."
    return Invalid(told, field=name.value, remedy=f"Correct {name.value} or {earlier.value}.")
