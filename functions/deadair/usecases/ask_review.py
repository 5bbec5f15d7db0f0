"""Somebody asks somebody else to read a postmortem before it is published."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.ownership import Person, same_person
from deadair.domain.postmortem import Postmortem
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.answer_postmortem import act_of, drafted, postmortem_entry


def ask_review(store: IncidentStore, number: int, actor: Actor, reviewer: Person, *, now: datetime) -> Postmortem:
    """Ask one person; who was asked before is asked no more. The same again changes nothing.

    Raises NotFound before the draft exists, Invalid while an answer is missing and for somebody who wrote some of it,
    IllegalTransition when nothing was changed since it was published, NotAllowed and Stale.
    """
    known = drafted(store, number)
    if known.waits_for and same_person(known.waits_for, reviewer):
        return known
    after = known.ask(actor.person, reviewer, now)
    entry = postmortem_entry(
        store,
        number,
        actor,
        Fact.POSTMORTEM_REVIEW_ASKED,
        f"{reviewer.name} is asked to read the postmortem.",
        edit=after.edit,
        now=now,
        act=act_of(known, actor),
    )
    store.save_postmortem(number, known, after, entry)
    return after
