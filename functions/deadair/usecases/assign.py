"""Somebody gives the incident to one named person."""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person, same_person
from deadair.domain.permission import Act, may, may_override
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import reason_of, take, within

LIMIT = 1000


def assign(
    store: IncidentStore, number: int, actor: Actor, owner: Person, *, now: datetime, reason: str = ""
) -> Incident:
    """Returns the new state; raises NotFound, IllegalTransition, NotAllowed, Invalid or Stale.

    Whose it is not may take it over, and says why.
    """
    takes = same_person(owner, actor.person)
    why = within(reason, LIMIT, what="reason", field="reason")

    def step(incident: Incident) -> Incident:
        if takes and not may(incident, actor, Act.WORK) and not may_override(actor):
            reason_of(why, remedy=f"assign {number} me why you take it")
        # The new owner has all the time that the first one had.
        return replace(incident.assign(owner), pending_since=now)

    said = f"Taken over: {why}" if takes and why else f"Handed to {owner.name}{f': {why}' if why else '.'}"
    act = Act.TAKE if takes else Act.WORK
    return take(store, number, actor, step, fact=Fact.ASSIGNED, text=said, now=now, act=act)
