"""Somebody says: the harm has stopped."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.incident import Incident
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import take


def mitigate(store: IncidentStore, number: int, actor: Actor, text: str = "", *, now: datetime) -> Incident:
    """`text` says how. Returns the new state; raises NotFound, IllegalTransition or Stale."""
    words = f"Mitigated: {text.strip()}" if text.strip() else "Mitigated."
    return take(
        store,
        number,
        actor,
        lambda incident: incident.mitigate(actor.person.name, now),
        fact=Fact.MITIGATED,
        text=words,
        now=now,
    )
