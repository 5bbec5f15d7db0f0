"""Somebody says: I have it."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.incident import Incident
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import take


def acknowledge(store: IncidentStore, number: int, actor: Actor, *, now: datetime) -> Incident:
    """Returns the new state; raises NotFound, IllegalTransition or Stale."""
    return take(
        store,
        number,
        actor,
        lambda incident: incident.acknowledge(actor.person.name, now),
        fact=Fact.ACKNOWLEDGED,
        text="Acknowledged.",
        now=now,
    )
