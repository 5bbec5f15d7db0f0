"""Somebody who read a postmortem says what is still to be done before it is published."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.permission import Act
from deadair.domain.postmortem import Postmortem
from deadair.domain.redaction import redact
from deadair.domain.review import SAID_LIMIT
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.answer_postmortem import drafted, postmortem_entry, review_said
from deadair.usecases.step import within


def return_postmortem(store: IncidentStore, number: int, actor: Actor, said: str, *, now: datetime) -> Postmortem:
    """Send it back to those who wrote it; an approval ends. Secrets in `said` are redacted.

    Raises NotFound before the draft exists, Invalid for nothing said or an answer that is missing, IllegalTransition
    when nothing is to be read, NotAllowed for whoever wrote some of it, and Stale.
    """
    known = drafted(store, number)
    after = known.send_back(actor.person, redact(within(said, SAID_LIMIT, what="text", field="said")), now)
    text = review_said("Postmortem sent back", after)
    entry = postmortem_entry(
        store, number, actor, Fact.POSTMORTEM_RETURNED, text, edit=after.edit, now=now, act=Act.NOTE
    )
    store.save_postmortem(number, known, after, entry)
    return after
