"""Somebody publishes a postmortem. The documents follow from the fact that this writes."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.errors import IllegalTransition
from deadair.domain.postmortem import Postmortem, PostmortemStatus
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.answer_postmortem import drafted, postmortem_entry


def publish_postmortem(store: IncidentStore, number: int, actor: Actor, *, now: datetime) -> Postmortem:
    """Make the next version. A second time without a new answer changes nothing: a button may be pressed twice.

    Raises NotFound before the draft exists, Invalid that names every question without an answer,
    IllegalTransition while the incident is open, Stale when somebody saved meanwhile.
    """
    known = drafted(store, number)
    after = known.publish(actor.person.name, now)
    if store.get(number).is_open:
        raise IllegalTransition(f"INC-{number} is open.", field="status", remedy=f"resolve {number}")
    if known.status is PostmortemStatus.PUBLISHED and not _answered_since(store, number):
        return known
    text = f"Postmortem published, version {after.version}."
    entry = postmortem_entry(store, number, actor, Fact.POSTMORTEM_PUBLISHED, text, edit=after.edit, now=now)
    store.save_postmortem(number, known, after, entry)
    return after


def _answered_since(store: IncidentStore, number: int) -> bool:
    facts = (Fact.POSTMORTEM_ANSWERED, Fact.POSTMORTEM_PUBLISHED)
    told = [entry for entry in store.timeline(number) if entry.fact in facts]
    return bool(told) and max(told, key=lambda entry: (entry.recorded_at, entry.id)).fact is Fact.POSTMORTEM_ANSWERED
