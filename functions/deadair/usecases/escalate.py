"""Bring an incident to what is due on it now: people told, questions asked, holds ended; and be sure to look again.

Knows the order of its effects: whenever it stops, the next delivery does the rest and nothing twice. Refuses to decide
what is due.
"""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.incidents import IncidentStore, incident_writes
from deadair.adapters.dynamodb.people import read_around
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.scheduler.timers import Timers
from deadair.domain.chain import Link, People, chain_of
from deadair.domain.due import World, due
from deadair.domain.errors import Stale, Unavailable
from deadair.domain.gone import handed_on, without
from deadair.domain.handling import handling_of
from deadair.domain.incident import Incident
from deadair.domain.late_alarms import still_ringing
from deadair.domain.ownership import Integration, Person
from deadair.domain.standing_error import Kind
from deadair.domain.telling import Due
from deadair.usecases.its_line import hold_line
from deadair.usecases.must_be_there import Workspace
from deadair.usecases.resolve_owner import resolve_owner

logger = logging.getLogger(__name__)

# Alarms and people write meanwhile; after that the queue brings the message again.
TURNS = 5
MILLISECOND = 1000


@dataclass(frozen=True, slots=True)
class Escalator:
    """The room's neighbours, and the person who is told when a row names nobody else."""

    store: IncidentStore
    registry: RegistryStore
    errors: StandingErrors
    timers: Timers
    fallback: Person
    workspace: Workspace | None = field(default=None)

    def converge(self, number: int, now: datetime) -> None:
        """Do what is due. Raises NotFound, and Unavailable: then the message must come again."""
        now = now.replace(microsecond=now.microsecond // MILLISECOND * MILLISECOND)
        for _ in range(TURNS):
            before = resolve_owner(self.store, self.registry, number, now)
            if _is_settled(before):
                return
            world = self._world(before)
            handed = self._handed_on(before, world.people.chain, now)
            if handed is not None:
                self._write(before, handed)
                continue
            then = self._due(before, world, now)
            if not self._write(before, then):
                continue
            if then.next_at is not None:
                self.timers.ensure(number, then.next_at, now)
            return
        raise Unavailable(f"INC-{number} is written all the time.")

    def _handed_on(self, before: Incident, chain: tuple[Link, ...], now: datetime) -> Due | None:
        """With somebody who is there, where its owner is not any more."""
        if self.workspace is None or not before.is_open:
            return None
        return handed_on(before, chain, lambda person: self._gone_since(person, now), now)

    def _due(self, before: Incident, world: World, now: datetime) -> Due:
        """What is due; who would be told and is not there any more is passed over."""
        people, known = world.people, [told.person for told in before.escalation.told]
        while True:
            then = due(before, replace(world, people=people), now)
            told = [one.person for one in then.incident.escalation.told if one.person not in known]
            gone = [person for person in told if self._gone_since(person, now) is not None]
            if not gone:
                return then
            people = replace(people, chain=without(people.chain, gone))

    def _gone_since(self, person: Person, now: datetime) -> datetime | None:
        return self.workspace.gone_since(person, now) if self.workspace else None

    def _write(self, before: Incident, then: Due) -> bool:
        """The state and its entries; False: somebody else wrote since. An error stands as long as the state says so."""
        was, stands = before.escalation.unreachable, then.incident.escalation.unreachable
        if was is not None and stands is None:
            self.errors.clear(Kind.UNREACHABLE, before.id)
        if then.incident != before or then.entries:
            try:
                self._save(before, then)
            except Stale:
                return False
            facts = [entry.fact.value for entry in then.entries]
            logger.info("due", extra={"incident": before.id, "facts": facts})
        if stands is not None:
            text = f"{before.id} ({before.title}) waits for an answer, and there is nobody left to tell."
            self.errors.put(Kind.UNREACHABLE, before.id, text, stands)
        return True

    def _save(self, before: Incident, then: Due) -> None:
        """Raises Stale. What begins again must still be the latest of its line when it does."""
        after = replace(then.incident, version=before.version + 1)
        writes = incident_writes(self.store.table, after, before.version, then.entries)[1]
        if after.is_open and not before.is_open:
            line = hold_line(self.store, before)
            if line is None:
                raise Stale(f"Another incident came after {before.id}.", field="incident", remedy="list")
            writes += line
        self.store.commit(writes, before.id)

    def _world(self, incident: Incident) -> World:
        row = self._row(incident.integration)
        chain = chain_of(incident, row, self.fallback)
        emails = [person.email for _, person in chain]
        around = read_around(self.store.client, self.store.table, emails, incident.integration)
        passed = not incident.is_open and hold_line(self.store, incident) is None
        people, handling = People(chain, around.reach), handling_of(row.row if row else None)
        return World(people, handling, around.windows, passed=passed)

    def _row(self, slug: str) -> Integration | None:
        """Without the registry the owner and the fallback person are left, and the usual deadlines."""
        try:
            return self.registry.get(slug)
        except (BotoCoreError, ClientError):
            logger.warning("the registry did not answer", exc_info=True)
            return None


def _is_settled(incident: Incident) -> bool:
    return not incident.is_open and incident.escalation.unreachable is None and not still_ringing(incident)
