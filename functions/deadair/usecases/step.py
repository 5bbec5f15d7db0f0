"""The shape that every step of a person has: read, take the step, write state and entry together.

Knows nothing of any particular step. Refuses to retry a lost race: the person is to see the current state first.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.errors import Invalid
from deadair.domain.incident import Incident
from deadair.domain.redaction import redact
from deadair.domain.timeline import Actor, Entry, Fact


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
) -> Incident:
    """Take one step; `text` may say something of the state before it. Returns the new state.

    Raises NotFound, IllegalTransition or Stale, and then nothing changed.
    """
    before = store.get(number)
    after = replace(step(before), version=before.version + 1, touched_at=now)
    said = text if isinstance(text, str) else text(before)
    return store.save(before, after, entry_of(after, actor, fact, said, now=now, occurred_at=occurred_at))


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
    """The entry of a step."""
    return Entry(
        incident=incident.id,
        id=entry_id(incident, now),
        fact=fact,
        occurred_at=occurred_at or now,
        recorded_at=now,
        author=actor.person.name,
        source=actor.source,
        text=redact(text),
        integration=incident.integration,
    )
