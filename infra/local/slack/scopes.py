"""What the app may do: the scopes that its manifest asks for, and what each method needs.

Knows Slack's names. The one place that says what is granted here: who takes a scope away fails where Slack would fail.
Refuses to know methods beyond their names.
"""

from __future__ import annotations

from collections.abc import Iterable

from infra.local.slack.channels import Channel
from infra.local.slack.installed import BOT_EVENTS
from infra.local.slack.refusals import Refusal

GRANTED = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "im:history",
        "im:read",
        "im:write",
        "reactions:read",
        "users:read",
        "users:read.email",
    }
)

# Methods that are not here need no scope. The second name is for direct messages.
NEEDED: dict[str, tuple[str, str]] = {
    "bots.info": ("users:read", "users:read"),
    "chat.delete": ("chat:write", "chat:write"),
    "chat.postEphemeral": ("chat:write", "chat:write"),
    "chat.postMessage": ("chat:write", "chat:write"),
    "chat.update": ("chat:write", "chat:write"),
    "conversations.history": ("channels:history", "im:history"),
    "conversations.info": ("channels:read", "im:read"),
    "conversations.list": ("channels:read", "im:read"),
    "conversations.members": ("channels:read", "im:read"),
    "conversations.open": ("im:write", "im:write"),
    "conversations.replies": ("channels:history", "im:history"),
    "reactions.add": ("reactions:write", "reactions:write"),
    "reactions.get": ("reactions:read", "reactions:read"),
    "reactions.remove": ("reactions:write", "reactions:write"),
    "users.info": ("users:read", "users:read"),
    "users.list": ("users:read", "users:read"),
    "users.lookupByEmail": ("users:read.email", "users:read.email"),
}


class Grant:
    """The scopes that the app's token has now, and whether the token still holds."""

    def __init__(self, scopes: Iterable[str] = GRANTED) -> None:
        self.scopes = frozenset(scopes)
        self.dead = ""  # Slack's word for why the token holds no more

    def needs(self, method: str, channel: Channel | None) -> None:
        """Raise Refusal `missing_scope` when *method* on *channel* is not granted."""
        in_channel, in_person = NEEDED.get(method, ("", ""))
        needed = in_person if channel and channel.person else in_channel
        if needed and needed not in self.scopes:
            raise Refusal("missing_scope", needed=needed, provided=",".join(sorted(self.scopes)))

    def hears(self, event: str) -> bool:
        """Return whether events of that type are sent to the app: asked for, and granted."""
        return not self.dead and BOT_EVENTS.get(event, "not asked for") in {"", *self.scopes}
