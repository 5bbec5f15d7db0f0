"""The shape that every step of a person has: read, take the step, see whether they may, write state and entry together.

Knows that the timeline tells of whoever insists. Knows nothing of any particular step, and refuses to retry a lost
race: the person is to see the current state first.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.consent import OVERRIDE
from deadair.domain.errors import Invalid
from deadair.domain.incident import Incident
from deadair.domain.permission import Act, check, may
from deadair.domain.redaction import redact
from deadair.domain.timeline import PEOPLES, Actor, Entry, Fact


def take(
    store: IncidentStore,
    number: int,
    actor: Actor,
    step: Callable[[Incident], Incident],
    *,
    fact: Fact,
    text: str | Callable[[Incident], str],
    now: datetime,
    occurred_at: datetime | None = None,
    act: Act = Act.WORK,
) -> Incident:
    """Take one step; `text` may say something of the state before it. Returns the new state.

    Raises NotFound, IllegalTransition, NotAllowed or Stale, and then nothing changed.
    """
    before = store.get(number)
    after = replace(step(before), version=before.version + 1, touched_at=now)
    actor = allowed(before, actor, act)
    if after.acknowledged_by and after.acknowledged_at != before.acknowledged_at:
        after = replace(after, held_by=actor.person)
    said = text if isinstance(text, str) else text(before)
    return store.save(before, after, entry_of(after, actor, fact, said, now=now, occurred_at=occurred_at))


def allowed(before: Incident, actor: Actor, act: Act = Act.WORK) -> Actor:
    """Who takes the step: without an override that was not needed. Raises NotAllowed."""
    check(before, actor, act)
    return replace(actor, rights=replace(actor.rights, override="")) if may(before, actor, act) else actor


def within(text: str, limit: int, *, what: str, field: str = "text") -> str:
    """The text without the space around it. Raises Invalid when it has more than `limit` characters."""
    bare = text.strip()
    if len(bare) > limit:
        raise Invalid(f"The {what} has {len(bare)} characters.", field=field, remedy=f"Use at most {limit}.")
    return bare


REASON_LIMIT = 1000


def reason_of(text: str, *, remedy: str) -> str:
    """A reason that must be given. Raises Invalid without one, and for one that is too long."""
    reason = within(text, REASON_LIMIT, what="reason", field="reason")
    if not reason:
        raise Invalid("Say why.", field="reason", remedy=remedy)
    return reason


def entry_id(incident: Incident, now: datetime) -> str:
    """The id of the entry of a step that ends in this state. It holds the version, so that it is written once only."""
    return f"{now.isoformat(timespec='milliseconds')}#v{incident.version:06d}"


def entry_of(
    incident: Incident, actor: Actor, fact: Fact, text: str, *, now: datetime, occurred_at: datetime | None = None
) -> Entry:
    """The entry of a step. Of whoever is `allowed` only by an override, it says so and why."""
    insists = actor.rights.override
    said = f"{text.rstrip()} (Override by an administrator: {insists})" if insists else text
    return Entry(
        incident=incident.id,
        id=entry_id(incident, now),
        fact=fact,
        occurred_at=occurred_at or now,
        recorded_at=now,
        author=actor.person.name,
        source=actor.source,
        text=redact(said),
        integration=incident.integration,
        data=((OVERRIDE, "yes"),) if insists else (),
        actor=actor if actor.source in PEOPLES else None,
    )


def with_data(entry: Entry, **data: str) -> Entry:
    """The entry with more that machines read again."""
    return replace(entry, data=tuple(sorted((entry.details | data).items())))
