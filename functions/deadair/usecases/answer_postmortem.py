"""Somebody answers questions of a postmortem, or says more: a summary, what it cost, what contributed."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.errors import NotFound, Stale
from deadair.domain.incident import Incident
from deadair.domain.merging import FIELDS
from deadair.domain.ownership import same_person
from deadair.domain.permission import Act
from deadair.domain.postmortem import EXTRAS, QUESTIONS, Postmortem
from deadair.domain.redaction import redact
from deadair.domain.said import Impact
from deadair.domain.timeline import Actor, Entry, Fact
from deadair.usecases.step import allowed, entry_id, entry_of


def answer_postmortem(
    store: IncidentStore,
    number: int,
    actor: Actor,
    answers: Mapping[str, str],
    *,
    now: datetime,
    seen_edit: int | None = None,
    extras: Mapping[str, str] | None = None,
    impact: Impact | None = None,
) -> Postmortem:
    """Save answers by question key and extras by theirs; an empty text withdraws one. Secrets in them are redacted.

    `impact` replaces the known numbers, None leaves them. `seen_edit` is the edit that the person saw; another one is
    Stale. Raises NotFound before the draft exists, Invalid for an unknown key, a text that is too long or a number
    that counts nothing. What changes nothing writes nothing.
    """
    known = drafted(store, number)
    must_be_seen(known, seen_edit)
    after = known.say(actor.person, _clean(answers), _clean(extras or {}), impact)
    changed = changes(known, after)
    if not changed:
        return known
    entry = postmortem_entry(
        store, number, actor, Fact.POSTMORTEM_ANSWERED, said_of(changed), edit=after.edit, now=now, act=Act.NOTE
    )
    store.save_postmortem(number, known, after, entry)
    return after


def changes(before: Postmortem, after: Postmortem) -> list[str]:
    """What people say otherwise: keys of questions, of extras, of numbers, in their order."""
    told = [key for key in QUESTIONS if after.answers.get(key) != before.answers.get(key)]
    told += [key for key in EXTRAS if after.extras.get(key) != before.extras.get(key)]
    numbers, were = asdict(after.impact), asdict(before.impact)
    return told + [name for name in numbers if numbers[name] != were[name]]


def said_of(fields: Iterable[str]) -> str:
    """What the timeline says of somebody who changed these fields."""
    return f"Postmortem answered: {' · '.join(FIELDS.get(field, field) for field in fields)}"


def drafted(store: IncidentStore, number: int) -> Postmortem:
    """The postmortem of an incident. Raises NotFound before it is drafted."""
    known = store.postmortem(number)
    if known is None:
        incident = store.get(number)
        remedy = f"resolve {number}" if incident.is_open else "Try again in a moment."
        raise NotFound(f"The postmortem of {incident.id} is not drafted yet.", field="postmortem", remedy=remedy)
    return known


def must_be_seen(postmortem: Postmortem, seen_edit: int | None) -> None:
    """Raises Stale when somebody saved since the person looked. None: nobody says what they saw."""
    if seen_edit is not None and seen_edit != postmortem.edit:
        raise Stale(
            "Somebody saved this postmortem meanwhile. Nothing changed.", field="edit", remedy="Look, then save."
        )


def review_said(what: str, postmortem: Postmortem) -> str:
    """What the timeline says of an answer to a review."""
    said = postmortem.review.said if postmortem.review else ""
    return f"{what}: {said}" if said else f"{what}."


def act_of(postmortem: Postmortem, actor: Actor) -> Act:
    """Whose having it read and publishing is: whoever wrote some of it may, besides those who work on the incident."""
    wrote = any(same_person(actor.person, author) for author in postmortem.authors)
    return Act.NOTE if wrote else Act.WORK


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


def _clean(texts: Mapping[str, str]) -> dict[str, str]:
    return {key: redact(text) for key, text in texts.items()}
