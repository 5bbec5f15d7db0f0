"""Somebody who did not write a postmortem approves it as it is. Any change of its words ends that."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.permission import Act
from deadair.domain.postmortem import Postmortem
from deadair.domain.redaction import redact
from deadair.domain.review import SAID_LIMIT
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.answer_postmortem import drafted, must_be_seen, postmortem_entry, review_said
from deadair.usecases.step import within


def approve_postmortem(
    store: IncidentStore,
    number: int,
    actor: Actor,
    said: str = "",
    *,
    now: datetime,
    seen_edit: int | None = None,
) -> Postmortem:
    """Approve these words, asked or not. The same again changes nothing. Secrets in `said` are redacted.

    `seen_edit` is the edit that the person read; words that were changed since are Stale. Raises NotFound before the
    draft exists, Invalid while an answer is missing, IllegalTransition when nothing is to be read, and NotAllowed
    for whoever wrote some of it.
    """
    known = drafted(store, number)
    must_be_seen(known, seen_edit)
    after = known.approve(actor.person, redact(within(said, SAID_LIMIT, what="text", field="said")), now)
    if after is known:
        return known
    text = review_said("Postmortem approved", after)
    entry = postmortem_entry(
        store, number, actor, Fact.POSTMORTEM_APPROVED, text, edit=after.edit, now=now, act=Act.NOTE
    )
    store.save_postmortem(number, known, after, entry)
    return after
