"""Somebody keeps a message of the chat as a line of the timeline: at its own time, under its author's name.

Knows that a message is kept once for each incident. Refuses to read the chat.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.errors import Invalid
from deadair.domain.incident import Incident
from deadair.domain.permission import Act
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.note import LIMIT
from deadair.usecases.step import allowed, entry_of, with_data

MESSAGE, PERMALINK, KEPT_BY = "message", "permalink", "kept_by"
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Said:
    """A message. `key` tells it from every other; `at` is aware."""

    key: str
    author: str
    at: datetime
    text: str
    permalink: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The incident; `is_new` False: the message was there already, and nothing changed."""

    incident: Incident
    is_new: bool


def keep_message(store: IncidentStore, number: int, actor: Actor, said: Said, *, now: datetime) -> Kept:
    """Write the message into the timeline, cut where a note would be too long. Raises Refusals."""
    text = said.text.strip()
    if not text:
        raise Invalid("That message has no text.", field="text", remedy=f"note {number} what you saw or did")
    before = store.get(number)
    actor = allowed(before, actor, Act.NOTE)
    if any(entry.details.get(MESSAGE) == said.key for entry in store.timeline(number)):
        return Kept(before, is_new=False)
    after = replace(before, version=before.version + 1, touched_at=now)
    told = text if len(text) <= LIMIT else text[: LIMIT - 1].rstrip() + ELLIPSIS
    entry = entry_of(after, actor, Fact.NOTED, told, now=now, occurred_at=min(said.at, now))
    data = {MESSAGE: said.key, PERMALINK: said.permalink, KEPT_BY: actor.person.name}
    kept = with_data(entry, **{name: value for name, value in data.items() if value})
    return Kept(store.save(before, after, replace(kept, author=said.author)), is_new=True)
