"""Somebody says: it was not over."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.incident import Incident
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import take, within

LIMIT = 1000


def reopen(store: IncidentStore, number: int, actor: Actor, reason: str = "", *, now: datetime) -> Incident:
    """`reason` says why. Returns the new state; raises Refusals."""
    why = within(reason, LIMIT, what="reason")
    words = f"Reopened: {why}" if why else "Reopened."
    return take(store, number, actor, lambda incident: incident.reopen(), fact=Fact.REOPENED, text=words, now=now)
