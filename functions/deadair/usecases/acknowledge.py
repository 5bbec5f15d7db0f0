"""Somebody says: I have it."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.incident import Incident
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.note import LIMIT
from deadair.usecases.step import take, within


def acknowledge(store: IncidentStore, number: int, actor: Actor, text: str = "", *, now: datetime) -> Incident:
    """`text` is what they say with it. Returns the new state; raises Refusals."""
    said = within(text, LIMIT, what="text")
    return take(
        store,
        number,
        actor,
        lambda incident: incident.acknowledge(actor.person.name, now),
        fact=Fact.ACKNOWLEDGED,
        text=f"Acknowledged: {said}" if said else "Acknowledged.",
        now=now,
    )
