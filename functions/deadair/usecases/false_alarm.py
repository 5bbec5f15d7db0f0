"""Somebody says: nothing was broken."""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.incident import Incident
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import reason_of, take


def false_alarm(store: IncidentStore, number: int, actor: Actor, reason: str, *, now: datetime) -> Incident:
    """`reason` says how one knows. Returns the new state; raises Refusals.

    An alarm that rings again within the reopen window reopens it: another number would tell the same person twice.
    """
    why = reason_of(reason, remedy=f"false-alarm {number} how you know")
    return take(
        store,
        number,
        actor,
        lambda incident: incident.false_alarm(actor.person.name, now, why),
        fact=Fact.FALSE_ALARM,
        text=f"False alarm: {why}",
        now=now,
    )
