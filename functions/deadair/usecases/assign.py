"""Somebody gives the incident to one named person."""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import take


def assign(store: IncidentStore, number: int, actor: Actor, owner: Person, *, now: datetime) -> Incident:
    """Returns the new state; raises NotFound, IllegalTransition or Stale."""
    return take(
        store,
        number,
        actor,
        # The new owner has all the time that the first one had.
        lambda incident: replace(incident.assign(owner), pending_since=now),
        fact=Fact.ASSIGNED,
        text=f"Handed to {owner.name}.",
        now=now,
    )
