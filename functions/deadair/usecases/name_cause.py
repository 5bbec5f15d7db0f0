"""Somebody says what broke: it goes before every guess, and the guess is counted against it."""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.diagnoses import read_diagnosis
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.errors import Invalid
from deadair.domain.guesses import guess_of
from deadair.domain.incident import Incident
from deadair.domain.redaction import redact
from deadair.domain.severity import FailureClass
from deadair.domain.timeline import Actor, Entry, Fact
from deadair.usecases.step import allowed, entry_of, with_data, within

LIMIT = 1000


def name_cause(
    store: IncidentStore, number: int, actor: Actor, failure_class: FailureClass, text: str = "", *, now: datetime
) -> Incident:
    """Keep it on the incident, open or resolved; the guess of that moment is kept on the timeline.

    Returns the new state; said again without a new word nothing changes. Raises Refusals.
    """
    why = within(text, LIMIT, what="cause")
    if failure_class is FailureClass.UNKNOWN:
        raise Invalid("That is no cause.", field="cause", remedy=f"cause {number} auth, or another class")
    before = store.get(number)
    actor = allowed(before, actor)
    if before.cause is failure_class and not why:
        return before
    guess = read_diagnosis(store.client, store.table, number)
    after = replace(before, cause=failure_class, version=before.version + 1, touched_at=now)
    return store.save(before, after, _line(after, actor, guess, why, now=now))


def _line(after: Incident, actor: Actor, guess: Diagnosed | None, why: str, *, now: datetime) -> Entry:
    cause = after.cause or FailureClass.UNKNOWN
    said = f"Cause: {cause.words}."
    line = entry_of(after, actor, Fact.CAUSE_NAMED, f"{said} {redact(why)}".strip(), now=now)
    guessed, confidence = guess_of(after, guess)
    return with_data(line, cause=cause.value, guess=guessed.value, confidence=confidence.value)
