"""A digest on its way: begun once, found again where nobody knows whether it arrived, by letter where Slack fails.

Knows that one message goes out for each person and day. Refuses to know what it says.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.dynamodb.reminded import Begun, RemindedStore
from deadair.adapters.email.letters import Letter, Letters
from deadair.adapters.slack.client import SlackClient, SlackFailed
from deadair.adapters.slack.members import Member
from deadair.adapters.slack.message import Message
from deadair.domain.ownership import Person
from deadair.usecases.know_member import know_member_by_email

log = logging.getLogger(f"deadair.{__name__}")

SLACK, NOBODY = "slack", "nobody"
LEFT = "user_disabled"
# Whoever waits for Slack longer than this reads a letter.
TRIES = 3


@dataclass(frozen=True, slots=True)
class Occasion:
    """Which digest it is: whose, of which day or month, and its kind."""

    who: str
    day: str
    what: str

    @property
    def payload(self) -> dict[str, str]:
        """What the message carries, so that it is found again."""
        return {"reminder": self.what, "who": self.who, "day": self.day, "version": "1"}


@dataclass(frozen=True, slots=True)
class Sender:
    """`slack` is this room's own client."""

    reminded: RemindedStore
    slack: SlackClient
    letters: Letters
    members: MemberStore

    def to_person(
        self,
        occasion: Occasion,
        person: Person,
        message: Callable[[], Message],
        letter: Callable[[], Letter],
        now: datetime,
    ) -> str:
        """Tell one person; empty: it was told already. Returns the way. Raises Unavailable: try again later."""
        begun = self.reminded.begin(occasion.who, occasion.day, occasion.what, now)
        if begun is None:
            return ""
        way = self._by_slack(occasion, person, message, begun, now) or self.letters.send(person, letter())
        self.reminded.sent(occasion.who, occasion.day, occasion.what, way)
        return way

    def to_channel(self, occasion: Occasion, channel: str, message: Callable[[], Message], now: datetime) -> str:
        """Tell a channel; empty: it was told already. Raises Unavailable: try again later."""
        begun = self.reminded.begin(occasion.who, occasion.day, occasion.what, now)
        if begun is None:
            return ""
        self._post(channel, message, occasion, begun)
        self.reminded.sent(occasion.who, occasion.day, occasion.what, SLACK)
        return SLACK

    def _by_slack(
        self, occasion: Occasion, person: Person, message: Callable[[], Message], begun: Begun, now: datetime
    ) -> str:
        """Empty where Slack is no way, or has not been one for some tries."""
        slack_id = self._id_of(person, now)
        if not slack_id:
            return ""
        try:
            self._post(self.slack.direct_channel(slack_id), message, occasion, begun)
        except SlackFailed as failed:
            if failed.error == LEFT:
                self._left(slack_id, person, now)
            if failed.permanent or begun.tries >= TRIES:
                log.warning("Slack takes no digest", extra={"why": failed.error, "tries": begun.tries})
                return ""
            raise
        return SLACK

    def _post(self, channel: str, message: Callable[[], Message], occasion: Occasion, begun: Begun) -> None:
        """Once: whoever began before may have died behind the message."""
        if begun.tries > 1 and self.slack.find(channel, occasion.payload, 0, begun.since):
            return
        self.slack.post(channel, message(), occasion.payload)

    def _id_of(self, person: Person, now: datetime) -> str:
        if person.slack_id or not person.email:
            return person.slack_id
        member = know_member_by_email(self.members, lambda: self.slack, person.email, now)
        return member.slack_id if member and not member.deactivated else ""

    def _left(self, slack_id: str, person: Person, now: datetime) -> None:
        """Kept, so that what they had goes to somebody else from tomorrow on."""
        known = self.members.get(slack_id) or Member(slack_id, person.name, person.email)
        gone = replace(known, deactivated=True, changed_at=known.changed_at or now, asked_at=now)
        self.members.put(gone, now)
