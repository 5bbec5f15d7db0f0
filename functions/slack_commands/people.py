"""Who somebody in Slack is, what they may do, and whom a text means.

Knows the registry's people and, where they are not enough, the members of the workspace. Refuses to keep a command
waiting: while Slack does not answer, what is known counts.
"""

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.members import Member
from deadair.adapters.slack.phrases import plain
from deadair.domain.alarm import shown
from deadair.domain.ownership import Integration, Person
from deadair.domain.standing_in import everybody, known_as, people_of, rights_of
from deadair.domain.timeline import Actor, Source
from deadair.usecases.know_member import know_member
from deadair.usecases.must_be_there import Workspace, must_be_there
from deadair.usecases.own_clock import own_clock

NAME = 80


@dataclass(frozen=True, slots=True)
class Directory:
    """Where people are looked up. `admins` are addresses in lower case."""

    registry: RegistryStore
    workspace: Workspace
    admins: frozenset[str] = frozenset()

    @property
    def members(self) -> MemberStore:
        """What is kept of the workspace's members."""
        return self.workspace.members

    def rows(self) -> list[Integration]:
        """The registry's rows; none where it does not answer: that costs names, not the command."""
        try:
            return self.registry.rows()
        except (BotoCoreError, ClientError):
            return []

    def member(self, slack_id: str, now: datetime) -> Member | None:
        """What Slack says of an id; None: nobody could say."""
        return know_member(self.members, self.workspace.slack, slack_id, now)


def actor_of(directory: Directory, slack_id: str, name: str, now: datetime, override: str = "") -> Actor:
    """Who asks, and what they may do. Slack is asked about strangers, and about whoever insists."""
    rows = directory.rows()
    named = _named(slack_id, rows)
    member = directory.member(slack_id, now) if named is None or override else None
    person = named or known_as(_stranger(member, slack_id, name), rows)
    rights = rights_of(person, rows, frozenset())
    if member is not None:
        verified = rights_of(Person(person.name, member.email), (), directory.admins)
        outside = "" if named or rights.stands_in_for else member.outside(directory.workspace.team)
        barred = plain(f"answers.people.{outside}") if outside else ""
        rights = replace(rights, admin=verified.admin, override=override.strip(), barred=barred)
    return Actor(person, Source.SLACK, rights)


def zone_of(directory: Directory, person: Person, now: datetime) -> tzinfo:
    """Whose clock somebody reads: what they set, else what Slack shows, else UTC."""
    return own_clock(directory.members, person, now, lambda: directory.member(person.slack_id, now)).zone


def meant(directory: Directory, command: Command, actor: Person, now: datetime) -> list[Person]:
    """Whom the text of `assign` means: one person who is there, several candidates, or nobody known.

    Raises Invalid for somebody whom Slack does not know, or knows as gone, as a bot or as of another workspace.
    """
    rows = directory.rows()
    if command.mentions:
        slack_id, name = command.mentions[0].slack_id, command.mentions[0].name
        there = must_be_there(directory.workspace, _named(slack_id, rows) or Person("", "", slack_id), now)
        return [known_as(there, rows) if there.name else Person(shown(name, limit=NAME) or slack_id, "", slack_id)]
    said = command.text.split("\n")[0].strip().lstrip("@").casefold()
    word = said.split(maxsplit=1)[0] if said else ""
    if word in {"me", "myself"}:
        return [actor]
    people = everybody(rows)
    whole = [person for person in people if said in _names(person)]
    found = whole or [person for person in people if word in _names(person)]
    return [must_be_there(directory.workspace, found[0], now)] if len(found) == 1 else found


def is_me(name: str, actor: Person) -> bool:
    """Whether a name on an incident is this person's."""
    return bool(name) and name == actor.name


def _named(slack_id: str, rows: list[Integration]) -> Person | None:
    """Whom the registry names with that id."""
    found = (person for row in rows for person in people_of(row) if person.slack_id == slack_id)
    return next(found, None) if slack_id else None


def _stranger(member: Member | None, slack_id: str, name: str) -> Person:
    said = (member.name if member else "") or name
    return Person(shown(said, limit=NAME) or slack_id, member.email if member else "", slack_id)


def _names(person: Person) -> set[str]:
    """What somebody may be called: full name, e-mail, the part before the @, first name."""
    name, email = person.name.casefold(), person.email.casefold()
    return {name, email, email.partition("@")[0], name.split(maxsplit=1)[0] if name else ""} - {""}
