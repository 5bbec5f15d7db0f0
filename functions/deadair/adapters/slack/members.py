"""People as Slack knows them.

Knows what `users.info` answers. Refuses to know who owns what.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# Slack's words for: there is nobody whom this app may see.
NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found"})


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a workspace. `email` is empty where the app may not see it.

    `team` is the workspace that they belong to: in a shared channel it may be another one. `guest` is somebody from
    outside whom the workspace lets in. `unknown` is somebody whom Slack does not know, who counts as `deactivated`.
    `changed_at` is when Slack last changed anything about them: of who was deactivated, mostly that.
    `asked_at` is when Slack said all this.
    """

    slack_id: str
    name: str
    email: str = ""
    deactivated: bool = False
    is_bot: bool = False
    timezone: str = ""
    team: str = ""
    guest: bool = False
    unknown: bool = False
    changed_at: datetime | None = None
    asked_at: datetime | None = None

    def outside(self, team: str) -> str:
        """Which kind of outsider it is, in one word; empty for a member of `team` (empty: of any)."""
        if self.is_bot:
            return "bot"
        if team and self.team and self.team != team:
            return "another_team"
        return "guest" if self.guest else ""


def member_from(user: Mapping[str, Any]) -> Member:
    """The member of a user object."""
    profile = user.get("profile") or {}
    return Member(
        slack_id=str(user.get("id") or ""),
        name=str(profile.get("real_name") or user.get("real_name") or user.get("name") or ""),
        email=str(profile.get("email") or ""),
        deactivated=bool(user.get("deleted")),
        is_bot=bool(user.get("is_bot")) or user.get("id") == "USLACKBOT",
        timezone=str(user.get("tz") or ""),
        team=str(user.get("team_id") or profile.get("team") or ""),
        guest=any(bool(user.get(flag)) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger")),
        changed_at=_instant(user.get("updated")),
    )


def _instant(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and 0 < seconds < 1 << 33 else None
