"""Somebody says: the harm has stopped."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.incident import Incident
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import take, within

LIMIT = 1000


def mitigate(store: IncidentStore, number: int, actor: Actor, text: str = "", *, now: datetime) -> Incident:
    """`text` says how. Returns the new state; raises Refusals."""
    how = within(text, LIMIT, what="text")
    return take(
        store,
        number,
        actor,
        lambda incident: incident.mitigate(actor.person.name, now),
        fact=Fact.MITIGATED,
        text=f"Mitigated: {how}" if how else "Mitigated.",
        now=now,
    )
