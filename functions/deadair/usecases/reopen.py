"""Somebody says: it was not over."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.incident import Incident
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import take


def reopen(store: IncidentStore, number: int, actor: Actor, reason: str = "", *, now: datetime) -> Incident:
    """Returns the new state; raises NotFound, IllegalTransition or Stale."""
    words = f"Reopened: {reason.strip()}" if reason.strip() else "Reopened."
    return take(store, number, actor, lambda incident: incident.reopen(), fact=Fact.REOPENED, text=words, now=now)
