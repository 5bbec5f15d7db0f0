"""Somebody says: it does its job again."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.incident import Incident
from deadair.domain.redaction import redact
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import take, within

LIMIT = 1000


def resolve(store: IncidentStore, number: int, actor: Actor, fix: str = "", *, now: datetime) -> Incident:
    """`fix` says what fixed it, in one line. Returns the new state; raises Refusals."""
    fix = redact(within(fix, LIMIT, what="fix", field="fix"))
    return take(
        store,
        number,
        actor,
        lambda incident: incident.resolve(actor.person.name, fix, now),
        fact=Fact.RESOLVED,
        text=f"Resolved: {fix}" if fix else "Resolved.",
        now=now,
    )
