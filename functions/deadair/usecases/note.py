"""Somebody writes a line into the timeline."""

from datetime import datetime, timedelta

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.errors import Invalid
from deadair.domain.incident import Incident
from deadair.domain.permission import Act
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import take, within

LIMIT = 3000


def note(
    store: IncidentStore, number: int, actor: Actor, text: str, *, now: datetime, occurred_at: datetime | None = None
) -> Incident:
    """Add a note, also to a resolved incident. `occurred_at` is when it happened, if not now.

    Returns the new state; raises Invalid for an empty or too long text or a time that has not come yet.
    """
    text = within(text, LIMIT, what="note")
    if not text:
        raise Invalid("The note is empty.", field="text", remedy=f"note {number} what you saw or did")
    if occurred_at and occurred_at > now + timedelta(minutes=5):
        raise Invalid("That time has not come yet.", field="at", remedy="Give a time in the past.")
    return take(
        store,
        number,
        actor,
        lambda incident: incident,
        fact=Fact.NOTED,
        text=text,
        now=now,
        occurred_at=occurred_at,
        act=Act.NOTE,
    )
