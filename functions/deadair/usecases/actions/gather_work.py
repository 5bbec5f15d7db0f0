"""What everybody has to do: action items that are open, postmortems to write and to read.

Knows that what belonged to somebody who left goes to whoever holds the integration now, and that nobody is reminded of
a postmortem on the day of its incident. Refuses to know when and how people are told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.actions import ActionStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.items import postmortem_from
from deadair.adapters.dynamodb.many import read_many
from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.slack.members import Member
from deadair.domain.action_item import ActionItem
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.postmortem import Postmortem
from deadair.domain.reminding import DRAFT_RESTS, Waiting, Work, gathered
from deadair.domain.stages import NOTHING_TO_TELL
from deadair.domain.standing_in import people_of
from deadair.usecases.must_be_there import gone_of

# What nobody wrote in a quarter is found on its page; it is no news on any morning.
LOOKED_BACK = timedelta(days=92)
PAGE, PAGES = 100, 5
Thing = tuple[Person, ActionItem | Waiting]


@dataclass
class Gathering:
    """`fallback` has what belonged to somebody who left where nobody holds the integration. Errors are botocore's."""

    actions: ActionStore
    incidents: IncidentStore
    registry: RegistryStore
    members: MemberStore
    fallback: Person
    _known: dict[str, Member] = field(default_factory=dict)

    def everybody(self, now: datetime) -> list[Work]:
        """What each person has to do, by who has it now."""
        items = self.actions.open_actions()
        unwritten = list(self._unwritten(now))
        self._know(item.owner for item in items)
        self._know(incident.owner for incident, _ in unwritten)
        self._know(person for row in self.registry.rows() for person in people_of(row))
        things: list[Thing] = [(self.holder(item.owner, item.integration, now), item) for item in items]
        return gathered([*things, *self._waiting(unwritten, now)])

    def holder(self, owner: Person, slug: str, now: datetime) -> Person:
        """Who has what was given to `owner`: they, while they are there."""
        if not self._is_gone(owner, now):
            return owner
        row = self.registry.get(slug)
        there = (person for person in (people_of(row) if row else []) if not self._is_gone(person, now))
        return next(there, self.fallback)

    def _waiting(self, unwritten: list[tuple[Incident, Postmortem]], now: datetime) -> Iterator[Thing]:
        for incident, postmortem in unwritten:
            answered = len(postmortem.answers)
            reader = postmortem.waits_for
            if reader is not None:
                yield reader, Waiting(incident.number, incident.title, draft=False, answered=answered)
            elif not postmortem.is_published and (postmortem.drafted_at or now) <= now - DRAFT_RESTS:
                owner = self.holder(incident.owner, incident.integration, now)
                yield owner, Waiting(incident.number, incident.title, answered=answered)

    def _unwritten(self, now: datetime) -> Iterator[tuple[Incident, Postmortem]]:
        """Incidents of the last quarter that are over, with their postmortems."""
        before = ""
        for _ in range(PAGES):
            page = self.incidents.past_incidents(PAGE, before)
            late = [one for one in page.items if one.opened_at >= now - LOOKED_BACK]
            told = {one.number: one for one in late if one.ending not in NOTHING_TO_TELL and not one.drill}
            found = read_many(self.incidents.client, self.incidents.table, map(keys.postmortem, told))
            for item in found:
                yield told[int(item["pk"]["S"].removeprefix(keys.INCIDENT))], postmortem_from(item)
            if len(late) < len(page.items) or not page.next:
                return
            before = page.next

    def _know(self, people: Iterable[Person]) -> None:
        """What is kept of them, in few calls."""
        names = dict.fromkeys(filter(None, map(_name, people)))
        wanted = [keys.member(name) for name in names if name not in self._known]
        for item in read_many(self.members.client, self.members.table, wanted):
            name = item["pk"]["S"].removeprefix(keys.MEMBER)
            self._known[name] = self.members.learn(name, item)

    def _is_gone(self, person: Person, now: datetime) -> bool:
        member = self._known.get(_name(person))
        return member is not None and gone_of(member, now) is not None


def _name(person: Person) -> str:
    return person.slack_id or person.email.strip().casefold()
