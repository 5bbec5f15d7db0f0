"""The owners whom the registry names are looked for in Slack, a few at a time; who is gone stands as an error.

Knows that each is asked for seldom and that a sweep asks few. Refuses to change a row: that is the operators'.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.many import read_many
from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.slack.members import Member
from deadair.domain.ownership import Integration, Person
from deadair.domain.permission import since_when
from deadair.domain.standing_error import Kind
from deadair.usecases.must_be_there import Workspace

# Each owner about so often; the incident of somebody who left meanwhile is met when it opens.
LOOK_AGAIN = timedelta(hours=6)
# Slack takes some hundred in a minute, and commands need some of them.
ASKED_AT_ONCE = 20
# More would hide the others on every page.
MOST_SAID = 20
EVER = datetime.min.replace(tzinfo=UTC)
REMEDY = "Name another one in the registry."


@dataclass(frozen=True, slots=True)
class Lookout:
    """The neighbours of this use case."""

    registry: RegistryStore
    workspace: Workspace
    errors: StandingErrors

    def look(self, now: datetime) -> int:
        """Ask for those who were not asked for lately, then say who is gone. Returns how many owners are."""
        rows = [row for row in self.registry.rows() if row.owner.name]
        known = _kept(self.workspace.members, (row.owner for row in rows))
        for name, person in _not_asked_for_lately(rows, known, now)[:ASKED_AT_ONCE]:
            if (member := self.workspace.known(person, now)) is not None:
                known[name] = member
        suspects = [row for row in rows if (member := known.get(_name(row.owner))) and member.deactivated]
        # Whose old id is deactivated may be there under another one.
        found = [(row, self.workspace.gone_since(row.owner, now)) for row in suspects[:MOST_SAID]]
        gone = [(row, since) for row, since in found if since is not None]
        self._say(gone, now)
        return len(gone)

    def _say(self, gone: list[tuple[Integration, datetime]], now: datetime) -> None:
        """An error for each row, taken back when its owner is there again, or another."""
        standing = {error.name: error.text for error in self.errors.all() if error.kind is Kind.NO_OWNER}
        wanted = {row.slug: no_owner(row, since) for row, since in gone}
        for slug, text in wanted.items():
            if standing.get(slug) != text:
                self.errors.put(Kind.NO_OWNER, slug, text, now)
        for slug in standing.keys() - wanted.keys():
            self.errors.clear(Kind.NO_OWNER, slug)


def no_owner(row: Integration, since: datetime) -> str:
    """What stands wrong."""
    return f"{since_when(row, since)}: {row.owner.name} is deactivated in Slack. {REMEDY}"


def _name(person: Person) -> str:
    return person.slack_id or person.email.casefold()


def _kept(members: MemberStore, people: Iterable[Person]) -> dict[str, Member]:
    """What is kept of them, in few calls."""
    names = list(dict.fromkeys(filter(None, map(_name, people))))
    items = read_many(members.client, members.table, [keys.member(name) for name in names])
    return {(name := item["pk"]["S"].removeprefix(keys.MEMBER)): members.learn(name, item) for item in items}


def _not_asked_for_lately(rows: list[Integration], known: dict[str, Member], now: datetime) -> list[tuple[str, Person]]:
    """Each owner once, those first of whom nothing is known, then those who were asked for longest ago."""
    owners = {_name(row.owner): row.owner for row in rows if _name(row.owner)}
    asked = {name: known[name].asked_at if name in known else None for name in owners}
    due = [name for name, at in asked.items() if at is None or now - at >= LOOK_AGAIN]
    return [(name, owners[name]) for name in sorted(due, key=lambda name: ((asked[name] or EVER), name))]
