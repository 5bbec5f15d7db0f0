"""Somebody says that an integration does not do its job, and no alarm has said so yet.

Knows that such an incident lies on the same line as those of alarms: an ALARM that rings later joins it, and where one
is open already, that is where it goes on. Refuses to ask who may: whoever sees it says it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.lines import line_write, read_lines
from deadair.adapters.dynamodb.maintenance import MaintenanceStore
from deadair.adapters.dynamodb.taken import Taken, taken
from deadair.domain.alarm import digest, shown
from deadair.domain.answering import Held, held_by, opened_by_hand
from deadair.domain.by_hand import ByHand
from deadair.domain.errors import Invalid, NotFound, Stale
from deadair.domain.holding import hold_in
from deadair.domain.incident import Incident
from deadair.domain.line import passing
from deadair.domain.ownership import Integration, Person
from deadair.domain.redaction import redact
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import entry_of, within

LIMIT = 1000
TITLE_LIMIT = 80
# Somebody else, or an alarm, opens it at the same moment: then that one is found at the next look.
TURNS = 5
NO_INTEGRATION = "No integration"
UNOWNED = "It was opened for no integration of the registry."


@dataclass(frozen=True, slots=True)
class Opened:
    """The incident; `opened` False: it was open already, and nothing changed."""

    incident: Incident
    opened: bool


def open_by_hand(  # noqa: PLR0917 - what is said of what, in the order in which it is said
    store: IncidentStore,
    rows: Sequence[Integration],
    slug: str,
    actor: Actor,
    severity: Severity | None,
    text: str,
    *,
    now: datetime,
    fallback: Person | None = None,
    failure_class: FailureClass | None = None,
) -> Opened:
    """Open an incident of the integration `slug`, or, with an empty one, of none: then it is the fallback person's.

    Raises Invalid, NotFound for a slug that no row has, and Unavailable.
    """
    said = redact(" ".join(within(text, LIMIT, what="text").split()))
    held = held_for(rows, slug.strip(), fallback, said)
    held = replace(held, maintenance=hold_in(MaintenanceStore(store.client, store.table).of(held.slug), now))
    for _ in range(TURNS - 1):
        try:
            return _open(store, held, actor, severity, said, failure_class, now=now)
        except Stale:
            continue
    return _open(store, held, actor, severity, said, failure_class, now=now)


def _open(  # noqa: PLR0917 - the same words, in the same order
    store: IncidentStore,
    held: Held,
    actor: Actor,
    severity: Severity | None,
    said: str,
    failure_class: FailureClass | None,
    *,
    now: datetime,
) -> Opened:
    line = read_lines(store.client, store.table, [held.line])[held.line]
    latest = _latest(store, line.number)
    if latest is not None and latest.is_open:
        return Opened(latest, opened=False)
    by = ByHand(actor.person.name, shown(said, limit=TITLE_LIMIT))
    new = replace(opened_by_hand(held, by, severity, store.next_number(), now), cause=failure_class, touched_at=now)
    entry = entry_of(new, actor, Fact.OPENED, _text(said, severity, new), now=now)
    saved, writes = taken(store.table, Taken(None, new, entry))
    begun = replace(passing(line, latest, now), number=new.number, version=line.version + 1)
    store.commit([*writes, line_write(store.table, begun, line)], held.name)
    return Opened(saved[0], opened=True)


def _latest(store: IncidentStore, number: int | None) -> Incident | None:
    """The line's latest incident, or what it was merged into."""
    found = store.get_many([number]).get(number) if number is not None else None
    return _latest(store, found.merged_into) if found and found.merged_into is not None else found


def held_for(rows: Sequence[Integration], slug: str, fallback: Person | None, said: str) -> Held:
    """Whose it is. Raises NotFound for a slug that no row has, Invalid where nobody is there for it."""
    if slug:
        row = next((row for row in rows if row.slug == slug), None)
        if row is None:
            raise NotFound(
                f"The registry has no `{shown(slug, limit=TITLE_LIMIT)}`.", field="integration", remedy="who"
            )
        return held_by(row, fallback or row.owner)
    if not said:
        raise Invalid("Say what does not work.", field="text", remedy="open <integration> what you see")
    if fallback is None or not fallback.name:
        raise Invalid("Nobody is set up for what belongs to no integration.", field="integration", remedy="list")
    # The same words twice are one incident; two matters of no integration are two.
    return Held(f"unmatched-{digest('by hand', said.casefold())[:12]}", NO_INTEGRATION, fallback, UNOWNED)


def _text(said: str, asked: Severity | None, incident: Incident) -> str:
    return (f"Opened by hand: {said}" if said else "Opened by hand.") + kept_grave(asked, incident)


def kept_grave(asked: Severity | None, incident: Incident) -> str:
    """What is said where less was asked for than consent allows; empty else."""
    stays = incident.severity_set is not None and incident.severity_set != asked
    return f" {asked} was asked for; it is about consent, and stays at {incident.severity}." if stays else ""
