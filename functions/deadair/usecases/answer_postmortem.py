"""Somebody answers questions of a postmortem."""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.errors import NotFound, Stale
from deadair.domain.incident import Incident
from deadair.domain.permission import Act
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.domain.redaction import redact
from deadair.domain.timeline import Actor, Entry, Fact
from deadair.usecases.step import allowed, entry_id, entry_of


def answer_postmortem(
    store: IncidentStore,
    number: int,
    actor: Actor,
    answers: dict[str, str],
    *,
    now: datetime,
    seen_edit: int | None = None,
) -> Postmortem:
    """Save answers by question key; an empty text withdraws one. Secrets in them are redacted.

    `seen_edit` is the edit that the person saw; another one is Stale. Raises NotFound before the draft exists,
    Invalid for an unknown question or a text that is too long. Answers that change nothing write nothing.
    """
    known = drafted(store, number)
    if seen_edit is not None and seen_edit != known.edit:
        raise Stale(
            "Somebody saved this postmortem meanwhile. Nothing changed.", field="edit", remedy="Look, then save."
        )
    after = known.answer(answers)
    after = replace(after, answers={key: redact(text) for key, text in after.answers.items()})
    changed = [key for key in QUESTIONS if after.answers.get(key) != known.answers.get(key)]
    if not changed:
        return known
    text = f"Postmortem answered: {' · '.join(QUESTIONS[key] for key in changed)}"
    entry = postmortem_entry(
        store, number, actor, Fact.POSTMORTEM_ANSWERED, text, edit=after.edit, now=now, act=Act.NOTE
    )
    store.save_postmortem(number, known, after, entry)
    return after


def drafted(store: IncidentStore, number: int) -> Postmortem:
    """The postmortem of an incident. Raises NotFound before it is drafted."""
    known = store.postmortem(number)
    if known is None:
        incident = store.get(number)
        remedy = f"resolve {number}" if incident.is_open else "Try again in a moment."
        raise NotFound(f"The postmortem of {incident.id} is not drafted yet.", field="postmortem", remedy=remedy)
    return known


def postmortem_entry(
    store: IncidentStore,
    number: int,
    actor: Actor,
    fact: Fact,
    text: str,
    *,
    edit: int,
    now: datetime,
    act: Act = Act.WORK,
) -> Entry:
    """The timeline entry of an edit. Its id holds the edit, so that it can be written once only. Raises NotAllowed."""
    incident = store.get(number)
    entry = entry_of(incident, allowed(incident, actor, act), fact, text, now=now)
    return replace(entry, id=edit_id(incident, edit, now))


def edit_id(incident: Incident, edit: int, now: datetime) -> str:
    """The id of the entry of an edit of the incident's postmortem."""
    return f"{entry_id(incident, now)}-edit{edit:06d}"
