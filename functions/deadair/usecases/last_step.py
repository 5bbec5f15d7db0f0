"""Which step is to be taken back, and why it cannot be: too late, done already, or somebody changed the same since.

Knows the steps that are kept and the timeline. Refuses to write.
"""

from dataclasses import dataclass
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.places import Place
from deadair.adapters.dynamodb.steps import Step, read_step, read_steps
from deadair.domain.alarm import shown
from deadair.domain.errors import IllegalTransition, NotFound
from deadair.domain.incident import Incident
from deadair.domain.ownership import same_person
from deadair.domain.timeline import PEOPLES, Actor, Fact
from deadair.usecases.restoring import Name, Restored

SAID_LIMIT = 100
# What people read was made of these.
BEFORE_PUBLISHING = frozenset(
    {Fact.POSTMORTEM_ANSWERED, Fact.POSTMORTEM_REVIEW_ASKED, Fact.POSTMORTEM_APPROVED, Fact.POSTMORTEM_RETURNED}
)
# They say nothing of what people decided.
ASIDE = frozenset(
    {
        Fact.NOTED,
        Fact.ALARM_RECORDED,
        Fact.DIAGNOSED,
        Fact.REPEATED,
        Fact.ESCALATED,
        Fact.HELD,
        Fact.ASKED,
    }
)


@dataclass(frozen=True, slots=True)
class _Since:
    """Who changed something, when, and what was said of it."""

    who: str
    at: datetime
    said: str


def the_step(
    store: IncidentStore, incident: Incident, actor: Actor, entry: str, now: datetime
) -> tuple[Step, list[Step]]:
    """The step with that entry, else the person's own last one; and all that are kept. Raises Refusals."""
    steps = read_steps(store.client, store.table, incident.number, now)
    chosen = _with_entry(store, incident, steps, entry) if entry else _own_last(incident, steps, actor)
    whole = read_step(store.client, store.table, incident.number, chosen.entries[incident.number])
    return whole or chosen, steps


def own_last(store: IncidentStore, number: int, actor: Actor, now: datetime) -> Step | None:
    """The person's own last step that may be taken back; None: there is none."""
    found = _own(read_steps(store.client, store.table, number, now), actor)
    return found if found and found.fact is not Fact.POSTMORTEM_PUBLISHED and not found.large else None


def _own(steps: list[Step], actor: Actor) -> Step | None:
    own = (step for step in steps if not step.taken_back and same_person(step.by, actor.person))
    return next(own, None)


def _own_last(incident: Incident, steps: list[Step], actor: Actor) -> Step:
    found = _own(steps, actor)
    if found is None:
        told = f"You took no step on {incident.id} in the last day that could be taken back."
        raise NotFound(told, field="entry", remedy=f"timeline {incident.number}")
    return found


def _with_entry(store: IncidentStore, incident: Incident, steps: list[Step], entry: str) -> Step:
    found = next((step for step in steps if step.entries[incident.number] == entry), None)
    if found is not None:
        return found
    line = next((line for line in store.entries(incident.number) if line.id == entry), None)
    if line is None:
        raise NotFound(f"{incident.id} has no such step.", field="entry", remedy=f"timeline {incident.number}")
    if line.source not in PEOPLES:
        told = f"That was no step of a person, but of {line.author}."
        raise IllegalTransition(told, field="entry", remedy=f"note {incident.number} what is wrong with it")
    told = "That is more than a day ago: it is not taken back any more."
    raise IllegalTransition(told, field="entry", remedy=f"show {incident.number}, then take the step that mends it")


def must_be_possible(incident: Incident, step: Step, steps: list[Step]) -> None:
    """Raises IllegalTransition for what is never taken back, or is already."""
    show = f"show {incident.number}"
    if step.taken_back:
        by = next((one for one in steps if step.taken_back in one.entries.values()), None)
        who = f", by {by.by.name} at {by.at:%H:%M} UTC" if by else ""
        raise IllegalTransition(f"That is taken back already{who}.", field="entry", remedy=show)
    published = [one for one in steps if one.fact is Fact.POSTMORTEM_PUBLISHED and one.at >= step.at]
    if step.fact is Fact.POSTMORTEM_PUBLISHED or (step.fact in BEFORE_PUBLISHING and published):
        told = "Publishing cannot be taken back: people may have read it."
        raise IllegalTransition(told, field="entry", remedy="Answer anew and publish: that makes the next version.")
    if step.large:
        raise IllegalTransition("That step changed too much to be taken back.", field="entry", remedy=show)


def must_hold(store: IncidentStore, step: Step, steps: list[Step], back: Restored, actor: Actor) -> None:
    """Raises IllegalTransition that says who changed the same since."""
    if not back.met:
        return
    name, place = back.met[0]
    since = _by_a_step(step, steps, name, place, actor) or _on_the_timeline(store, step)
    if since is None:
        told = "It was changed since."
    else:
        told = f"{since.who} changed that since, at {since.at:%H:%M} UTC: {shown(since.said, limit=SAID_LIMIT)}"
    raise IllegalTransition(f"{told} Nothing was taken back.", field="entry", remedy=f"show {step.number}")


def _by_a_step(step: Step, steps: list[Step], name: Name, place: Place, actor: Actor) -> _Since | None:
    for one in steps:
        if set(one.entries.values()) & set(step.entries.values()):
            return None
        changed = [each for each in one.changed if each.name == name]
        if any(there.path[: len(place.path)] == place.path for each in changed for there in each.places):
            who = "You" if same_person(one.by, actor.person) else one.by.name
            return _Since(who, one.at, one.said)
    return None


def _on_the_timeline(store: IncidentStore, step: Step) -> _Since | None:
    own = step.entries.values()
    told = [
        line
        for number in step.entries
        for line in store.timeline(number)
        if line.recorded_at >= step.at and line.id not in own and line.fact not in ASIDE
    ]
    last = max(told, key=lambda line: (line.recorded_at, line.id), default=None)
    return _Since(last.author, last.recorded_at, last.text) if last else None
