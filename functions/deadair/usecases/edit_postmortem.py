"""Somebody saves what they wrote into a form of the postmortem, perhaps while others write into theirs.

Knows that what only one of them changed goes together, and that a text which both changed is written over by nobody
who has not seen the other's. Refuses to know forms: it gets texts, and marks of what was shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.steps import Step, read_steps
from deadair.domain.errors import Stale
from deadair.domain.merging import Merged, Texts, answers_in, extras_in, fields_of, impact_in, merge
from deadair.domain.postmortem import Postmortem
from deadair.domain.timeline import Actor
from deadair.usecases.answer_postmortem import answer_postmortem, drafted, said_of
from deadair.usecases.one_sitting import SittingStore

# Somebody else may save between our look and our save, again and again; then it is said.
TURNS = 4


@dataclass(frozen=True, slots=True)
class Touch:
    """Who last changed a field, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Edited:
    """The postmortem as it is then, what became of each field, and who changed those that others changed too."""

    postmortem: Postmortem
    merged: Merged
    touches: dict[str, Touch] = field(default_factory=dict)


def edit_postmortem(
    store: IncidentStore,
    number: int,
    actor: Actor,
    typed: Texts,
    seen: Texts,
    *,
    now: datetime,
    by_itself: bool = False,
) -> Edited:
    """Save the texts that only this person changed. Those that met another's are left as they are, and told.

    `typed` and `seen` are by field: texts, and the marks of what the form showed. `by_itself`: the form did it, not
    the person. Raises NotFound before the draft exists, Invalid, NotAllowed, and Stale after losing several races.
    """
    to = SittingStore(store, now, said_of) if by_itself else store
    for turn in range(TURNS):
        known = drafted(store, number)
        merged = merge(seen, typed, fields_of(known))
        try:
            after = _saved(to, number, actor, known, merged.save, now=now) if merged.save else known
        except Stale:
            if turn == TURNS - 1:
                raise
            continue
        break
    others = {**merged.met, **merged.theirs}
    return Edited(after, merged, touches(store, number, others, now) if others else {})


def _saved(
    store: IncidentStore, number: int, actor: Actor, known: Postmortem, texts: Texts, *, now: datetime
) -> Postmortem:
    return answer_postmortem(
        store,
        number,
        actor,
        answers_in(texts),
        extras=extras_in(texts),
        impact=impact_in(texts, known.impact),
        now=now,
        seen_edit=known.edit,
    )


def touches(store: IncidentStore, number: int, fields: Iterable[str], now: datetime) -> dict[str, Touch]:
    """Who last changed each of the fields, as far as it was within a day."""
    steps = sorted(read_steps(store.client, store.table, number, now), key=lambda step: step.last_at)
    found = {name: Touch(step.by.name, step.last_at) for step in steps for name in _fields_in(step, number)}
    return {name: found[name] for name in fields if name in found}


def _fields_in(step: Step, number: int) -> list[str]:
    name = keys.postmortem(number)["sk"]["S"]
    return [place.path[-1] for one in step.changed if one.name[1] == name for place in one.places]
