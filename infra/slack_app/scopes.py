"""What the app asks a workspace for: each scope with the methods and events that need it, and why we do.

Knows Slack's names (its reference of methods and of events). The manifest, the check and the local Slack all read this.
Refuses to know a scope that nothing of ours needs: a test compares with the methods that the functions call.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope: `why` in one line, the `methods` and `events` that are refused or not sent without it."""

    name: str
    why: str
    methods: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    optional: bool = False


EMOJI = "reaction_added"
BOT = (
    Scope("commands", "the slash command and the shortcuts"),
    Scope(
        "chat:write",
        "cards, threads and direct messages, and editing them",
        ("chat.postMessage", "chat.update", "chat.postEphemeral"),
    ),
    Scope("im:write", "opening a direct message with an owner", ("conversations.open",)),
    Scope(
        "channels:history",
        "finding a notice whose answer was lost, so that it is not sent twice; a message that goes on a timeline",
        ("conversations.history", "conversations.replies"),
    ),
    Scope("im:history", "the same in direct messages", ("conversations.history", "conversations.replies")),
    Scope("users:read", "names, time zones, and who has left", ("users.info",)),
    Scope("users:read.email", "which person of the registry somebody is", ("users.lookupByEmail",)),
    Scope("app_mentions:read", "an answer to whoever mentions the app", events=("app_mention",)),
    Scope("reactions:read", "the reaction that adds a message to a timeline", events=(EMOJI,), optional=True),
)
# Only when a person signs in at the web pages, and only about that person.
USER = (
    Scope("openid", "signing in at the web pages"),
    Scope("email", "which person of the registry somebody is"),
    Scope("profile", "the name that the pages show"),
)
# What we call and hear without any scope.
FREE_METHODS = ("chat.getPermalink", "views.open", "views.publish")
FREE_EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked")


def bot_scopes(*, emoji: bool = True) -> tuple[Scope, ...]:
    """What the bot is to be granted; without the reaction, one less."""
    return tuple(scope for scope in BOT if emoji or not scope.optional)


def bot_events(*, emoji: bool = True) -> list[str]:
    """What the app asks to be told of."""
    return sorted([*FREE_EVENTS, *(event for scope in bot_scopes(emoji=emoji) for event in scope.events)])
