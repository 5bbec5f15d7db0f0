"""What the app may do: the scopes that its manifest asks for, and what each method and event needs.

Knows Slack's names. Granted is what the manifest asks for and nothing else: a method that it forgot fails here as it
would in Slack. Refuses to know methods beyond their names.
"""

from __future__ import annotations

from collections.abc import Iterable

from infra.local.slack.channels import Channel
from infra.local.slack.installed import BOT_EVENTS, BOT_SCOPES
from infra.local.slack.refusals import Refusal

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
# Events that are not here need no scope.
NEEDED_TO_HEAR = {"app_mention": "app_mentions:read", "reaction_added": "reactions:read"}


class Grant:
    """The scopes that the app's token has now, and whether the token still holds."""

    def __init__(self, scopes: Iterable[str] = BOT_SCOPES) -> None:
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
        return not self.dead and event in BOT_EVENTS and NEEDED_TO_HEAR.get(event, "") in {"", *self.scopes}
