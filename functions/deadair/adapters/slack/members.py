"""People as Slack knows them.

Knows what `users.info` answers. Refuses to know who owns what.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Slack's words for: there is nobody whom this app may see.
NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found"})


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the workspace. `email` is empty where the app may not see it."""

    slack_id: str
    name: str
    email: str = ""
    deactivated: bool = False
    is_bot: bool = False


def member_from(user: Mapping[str, Any]) -> Member:
    """The member of a user object."""
    profile = user.get("profile") or {}
    return Member(
        slack_id=str(user.get("id") or ""),
        name=str(profile.get("real_name") or user.get("real_name") or user.get("name") or ""),
        email=str(profile.get("email") or ""),
        deactivated=bool(user.get("deleted")),
        is_bot=bool(user.get("is_bot")) or user.get("id") == "USLACKBOT",
    )
