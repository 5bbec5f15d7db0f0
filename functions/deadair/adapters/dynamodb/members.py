"""Members of the Slack workspace as items: what Slack said of them, and when.

Knows one item for each id, or for each address that was looked up. Refuses to ask Slack, and to say how long an answer
holds.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import Item, from_item, instant, to_item, when
from deadair.adapters.slack.members import Member

# What was known a month ago is still better than nothing while Slack does not answer.
KEPT = timedelta(days=30)
# More than one process meets in its life; beyond it the oldest are read again.
REMEMBERED = 500


class MemberStore:
    """`client` is a low-level DynamoDB client. What was read or written stays in the process, too.

    `quiet_until` is until when Slack is left in peace after it did not answer.
    """

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table
        self.quiet_until: datetime | None = None
        self._seen: dict[str, Member] = {}

    def remembered(self, who: str) -> Member | None:
        """What this process has seen of an id or an address; no call."""
        return self._seen.get(_name(who))

    def get(self, who: str) -> Member | None:
        """What Slack last said of an id or an address; None: nothing that is kept."""
        found = self.client.get_item(TableName=self.table, Key=keys.member(_name(who)))
        item = found.get("Item")
        return self.learn(who, item) if item else None

    def learn(self, who: str, item: Item) -> Member:
        """The member of an item, which may have been read with others."""
        member = member_from_item(item)
        self._remember(_name(who), member)
        return member

    def put(self, member: Member, now: datetime, who: str = "") -> None:
        """Keep what Slack said just now, under the member's id or the address that was looked up."""
        name = _name(who or member.slack_id)
        self._remember(name, member)
        fields = member_fields(member) | {"expires_at": int((now + KEPT).timestamp())}
        self.client.put_item(TableName=self.table, Item=keys.member(name) | to_item(fields))

    def _remember(self, name: str, member: Member) -> None:
        self._seen.pop(name, None)
        self._seen[name] = member
        if len(self._seen) > REMEMBERED:
            self._seen.pop(next(iter(self._seen)))


def member_fields(member: Member) -> dict[str, Any]:
    """Everything of a member but the key."""
    return {
        "slack_id": member.slack_id,
        "name": member.name,
        "email": member.email,
        "deactivated": member.deactivated or None,
        "is_bot": member.is_bot or None,
        "timezone": member.timezone,
        "team": member.team,
        "guest": member.guest or None,
        "unknown": member.unknown or None,
        "changed_at": instant(member.changed_at),
        "asked_at": instant(member.asked_at),
    }


def member_from_item(item: Mapping[str, Any]) -> Member:
    """The inverse of `member_fields`."""
    f = from_item(item)
    return Member(
        slack_id=f.get("slack_id", ""),
        name=f.get("name", ""),
        email=f.get("email", ""),
        deactivated=f.get("deactivated", False),
        is_bot=f.get("is_bot", False),
        timezone=f.get("timezone", ""),
        team=f.get("team", ""),
        guest=f.get("guest", False),
        unknown=f.get("unknown", False),
        changed_at=when(f.get("changed_at")),
        asked_at=when(f.get("asked_at")),
    )


def _name(who: str) -> str:
    """Ids are written in one way, addresses in many."""
    return who.strip().casefold() if "@" in who else who
