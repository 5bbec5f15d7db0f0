"""The conversations: two channels, and direct messages between the app and each person.

Knows their ids and names and where the app was invited. Refuses to know what is said in them.
"""

from __future__ import annotations

from dataclasses import dataclass

from infra.local.slack.wire import Json


@dataclass(frozen=True)
class Channel:
    """One conversation. *person* is set for the direct messages between the app and that person."""

    id: str
    name: str
    app_is_member: bool = True
    person: str | None = None


# #general is where the app was never invited: a post there is refused with not_in_channel.
CHANNELS = (Channel("C0INCIDENTS", "incidents"), Channel("C0GENERAL", "general", app_is_member=False))


def dm_of(user_id: str) -> str:
    """Return the id of the direct messages between the app and a person."""
    return "D" + user_id[1:]


def channel_object(channel: Channel) -> Json:
    """Return *channel* as `conversations.info` shows it."""
    if channel.person:
        return {"id": channel.id, "is_im": True, "user": channel.person, "is_open": True}
    kind = {"is_channel": True, "is_im": False, "is_private": False, "is_archived": False}
    return {"id": channel.id, "name": channel.name, **kind, "is_member": channel.app_is_member}
