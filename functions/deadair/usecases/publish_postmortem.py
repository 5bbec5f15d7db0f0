"""Somebody publishes a postmortem. The documents follow from the fact that this writes."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.versions import save_version
from deadair.domain.errors import IllegalTransition
from deadair.domain.postmortem import Postmortem
from deadair.domain.published import Published
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.answer_postmortem import act_of, drafted, postmortem_entry


def publish_postmortem(store: IncidentStore, number: int, actor: Actor, *, now: datetime) -> Postmortem:
    """Make the next version. A second time without a new word changes nothing: a button may be pressed twice.

    Raises NotFound before the draft exists, IllegalTransition while the incident is open, NotAllowed, Stale when
    somebody saved meanwhile, and Invalid that names each question without an answer and the review that is missing.
    """
    known = drafted(store, number)
    incident = store.get(number)
    if known.is_published and not known.amending:
        return known
    after = known.publish(actor.person.name, incident.severity, now)
    if incident.is_open:
        raise IllegalTransition(f"INC-{number} is open.", field="status", remedy=f"resolve {number}")
    entry = postmortem_entry(
        store,
        number,
        actor,
        Fact.POSTMORTEM_PUBLISHED,
        f"Postmortem published, version {after.version}.",
        edit=after.edit,
        now=now,
        act=act_of(known, actor),
    )
    save_version(store, number, known, after, Published.of(after, now), entry)
    return after
