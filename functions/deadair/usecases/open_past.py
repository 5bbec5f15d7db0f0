"""Somebody tells of an incident that was over before Deadair knew of it: it is opened and closed with its own dates.

Knows that it is news to nobody, and that it takes no place on its integration's line: no alarm joins or reopens it, and
the one that goes on now is not disturbed. Refuses to ask who may: whoever remembers it says it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore, incident_item, incident_writes
from deadair.adapters.dynamodb.step_writes import head_changed, step_writes
from deadair.domain.afterwards import AFTERWARDS, Then, over, remembered, with_what_is_known
from deadair.domain.alarm import shown
from deadair.domain.by_hand import ByHand
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person
from deadair.domain.redaction import redact
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Ending, Milestone
from deadair.domain.timeline import Actor, Entry, Fact
from deadair.usecases.open_by_hand import LIMIT, TITLE_LIMIT, Opened, held_for, kept_grave
from deadair.usecases.step import entry_of, with_data, within

# A person who sends a form twice does it within so many incidents of the same moment.
AT_ONCE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What somebody knows of it. `times` are aware; started, detected and resolved are needed."""

    times: Mapping[Milestone, datetime | None]
    text: str = ""
    fix: str = ""
    severity: Severity | None = None
    failure_class: FailureClass | None = None


def open_past(
    store: IncidentStore,
    rows: Sequence[Integration],
    slug: str,
    actor: Actor,
    known: Remembered,
    *,
    now: datetime,
    fallback: Person | None = None,
) -> Opened:
    """Record it. `opened` False: the same one, of that integration and that start, is there, and nothing changed.

    Raises Invalid that names the field, NotFound for a slug that no row has, and Unavailable.
    """
    said = redact(" ".join(within(known.text, LIMIT, what="text").split()))
    fix = redact(within(known.fix, LIMIT, what="fix", field="fix"))
    then = remembered(dict(known.times), now=now)
    held = held_for(rows, slug.strip(), fallback, said)
    there = _there(store, held.slug, then)
    if there is not None:
        return Opened(there, opened=False)
    by = ByHand(actor.person.name, shown(said, limit=TITLE_LIMIT))
    new = over(held, by, known.severity, then, store.next_number())
    new = with_what_is_known(new, fix, known.failure_class)
    entries = _entries(new, actor, f"{said}{kept_grave(known.severity, new)}", now)
    saved, writes = incident_writes(store.table, new, 0, entries)
    writes += step_writes(store.table, [(saved.number, entries[0])], [head_changed({}, incident_item(saved))])
    store.commit(writes, held.name)
    return Opened(saved, opened=True)


def _there(store: IncidentStore, slug: str, then: Then) -> Incident | None:
    """The same one, where it was recorded already and not taken back."""
    found = store.opened_at(slug, then.detected, AT_ONCE)
    same = (one for one in found if one.recorded_afterwards and one.started_at == then.started)
    return next((one for one in same if one.ending is not Ending.FALSE_ALARM), None)


def _entries(incident: Incident, actor: Actor, said: str, now: datetime) -> list[Entry]:
    """What happened then, in its order. Only the first is the person's step: it takes all of it back."""
    ends = f": {incident.fix}" if incident.fix else "."
    lines = [
        (Fact.OPENED, incident.detected_at, f"Recorded afterwards: {said}" if said else "Recorded afterwards."),
        (Fact.ACKNOWLEDGED, incident.acknowledged_at, "Acknowledged, recorded afterwards."),
        (Fact.MITIGATED, incident.mitigated_at, "Mitigated, recorded afterwards."),
        (Fact.RESOLVED, incident.resolved_at, f"Resolved, recorded afterwards{ends}"),
    ]
    told = []
    for place, (fact, at, text) in enumerate(lines, 1):
        if at is not None:
            entry = with_data(entry_of(incident, actor, fact, text, now=now, occurred_at=at), **{AFTERWARDS: "yes"})
            told.append(replace(entry, id=f"{entry.id}-{place}", actor=actor if fact is Fact.OPENED else None))
    return told
