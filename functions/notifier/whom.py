"""Where somebody is in Slack: by their id, else by their address, which is looked up once and kept.

Knows that whom Slack calls disabled has left, and keeps that for whoever decides who has an incident then.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.slack.client import SlackClient, SlackFailed
from deadair.adapters.slack.members import Member
from deadair.domain.ownership import Person
from deadair.usecases.know_member import know_member_by_email

LEFT = "user_disabled"


@dataclass(frozen=True, slots=True)
class Whom:
    """`slack` is the notifier's own client."""

    members: MemberStore
    slack: SlackClient

    def id_of(self, person: Person, now: datetime) -> str:
        """Their member id; empty for somebody whom Slack does not know."""
        if person.slack_id or not person.email:
            return person.slack_id
        member = know_member_by_email(self.members, lambda: self.slack, person.email, now)
        return member.slack_id if member and not member.deactivated else ""

    def channel(self, slack_id: str, person: Person, now: datetime) -> str:
        """Their direct messages. Raises SlackFailed."""
        try:
            return self.slack.direct_channel(slack_id)
        except SlackFailed as failed:
            if failed.error == LEFT:
                self._left(slack_id, person, now)
            raise

    def _left(self, slack_id: str, person: Person, now: datetime) -> None:
        try:
            known = self.members.get(slack_id) or Member(slack_id, person.name, person.email)
            self.members.put(replace(known, deactivated=True, changed_at=known.changed_at or now, asked_at=now), now)
        except (BotoCoreError, ClientError):
            # The escalation asks Slack itself, a little later.
            return
