"""An incident and its people, looked at in any minutes: what claims about escalation share."""

from datetime import datetime
from typing import Any

from deadair.domain.alarm import AlarmState
from deadair.domain.chain import People, chain_of
from deadair.domain.due import World, due
from deadair.domain.handling import USUAL, Handling
from deadair.domain.holding import Window
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.reachability import Reach
from deadair.domain.severity import Severity
from deadair.domain.timeline import Entry, Fact
from tests.builders import BEN, FALLBACK, an_alarm, an_incident, an_integration, at

CAT = Person("Cat Stone", "cat@example.com", "U0CAT")
ROW = an_integration(deputy=BEN, row={"escalation": {"name": CAT.name, "email": CAT.email, "slack_id": CAT.slack_id}})
OFFICE = Reach("ana.lima@example.com", "Europe/Berlin", hours=((540, 1020),))


def a_world(
    incident: Incident, *, handling: Handling = USUAL, windows: tuple[Window, ...] = (), **reach: Reach
) -> World:
    by_email = {f"{name.replace('_', '.')}@example.com": each for name, each in reach.items()}
    return World(People(chain_of(incident, ROW, FALLBACK), by_email), handling, windows)


def played(incident: Incident, world: World, minutes: list[float]) -> tuple[Incident, list[Entry]]:
    """The state after it was looked at in these minutes, and everything that was written."""
    said: list[Entry] = []
    for minute in minutes:
        found = due(incident, world, at(minute))
        incident, said = found.incident, [*said, *found.entries]
    return incident, said


def on_time(incident: Incident, world: World, until: float, begin: float = 1) -> tuple[Incident, list[Entry]]:
    """The same, looked at exactly when it said that it should be."""
    said: list[Entry] = []
    now: datetime | None = at(begin)
    while now is not None and now <= at(until):
        found = due(incident, world, now)
        assert found.next_at is None or found.next_at > now
        incident, said, now = found.incident, [*said, *found.entries], found.next_at
    return incident, said


def told(incident: Incident) -> list[str]:
    return [one.person.name for one in incident.escalation.told]


def facts(entries: list[Entry]) -> list[Fact]:
    return [entry.fact for entry in entries]


def sev1(**more: Any) -> Incident:
    return an_incident(severity=Severity.SEV1, **more)


def recovered(incident: Incident, minutes: float) -> Incident:
    return incident.with_transition(an_alarm(AlarmState.OK, minutes))


WINDOW = Window("MW-1", at(0), at(60), "the vendor moves house", "Ana Lima")
