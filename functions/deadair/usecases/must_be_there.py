"""Who is there: whoever an incident is given to must be, and an owner who is not any more is found.

Knows what Slack says of members. Refuses to hold anybody up while Slack does not answer: then the registry counts.
"""

from dataclasses import dataclass
from datetime import datetime

from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.slack.members import Member
from deadair.domain.errors import Invalid
from deadair.domain.ownership import Person
from deadair.usecases.know_member import Slack, know_member, know_member_by_email

REMEDY = "Name somebody who is there."


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where people are looked up. `team` is the only workspace whose members count; empty: any."""

    members: MemberStore
    slack: Slack
    team: str = ""

    def known(self, person: Person, now: datetime) -> Member | None:
        """The member who a person is, by id, else by address; None: nobody could say."""
        member = know_member(self.members, self.slack, person.slack_id, now)
        if person.email and (member is None or member.unknown or member.deactivated):
            # An id that was left behind in an old row says nothing while the address is somebody's.
            other = know_member_by_email(self.members, self.slack, person.email, now)
            return other if other and not other.deactivated else member or other
        return member

    def gone_since(self, person: Person, now: datetime) -> datetime | None:
        """Since when somebody is deactivated; None: they are there, or nobody can say.

        Whom Slack never knew may still read letters; `registry check` names them.
        """
        member = self.known(person, now)
        return gone_of(member, now) if member else None


def gone_of(member: Member, now: datetime) -> datetime | None:
    """Since when a member is deactivated; None: they are not."""
    return (member.changed_at or member.asked_at or now) if member.deactivated and not member.unknown else None


def must_be_there(workspace: Workspace, person: Person, now: datetime) -> Person:
    """The person, with the id and the address that Slack knows. Raises Invalid when there is nobody like that."""
    member = workspace.known(person, now)
    if member is None:
        return person
    said = _why_not(member, person, workspace.team)
    if said:
        raise Invalid(said, field="owner", remedy=REMEDY)
    return Person(person.name or member.name, person.email or member.email, member.slack_id)


def _why_not(member: Member, person: Person, team: str) -> str:
    name = person.name or member.name or person.slack_id or person.email
    if member.unknown:
        return f"Slack knows nobody who is {name}."
    if member.deactivated:
        return f"{name} is deactivated in Slack."
    if member.is_bot:
        return f"{name} is a bot."
    return f"{name} belongs to another workspace." if team and member.team and member.team != team else ""
