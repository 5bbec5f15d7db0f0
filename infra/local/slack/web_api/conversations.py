"""The methods about channels and direct messages, and what was said there.

Knows pages, cursors and threads. Refuses to write a message.
"""

from __future__ import annotations

from infra.local.slack.channels import CHANNELS, channel_object
from infra.local.slack.people import BOT_USER_ID
from infra.local.slack.refusals import Refusal
from infra.local.slack.shapes import message_object
from infra.local.slack.store import Message
from infra.local.slack.web_api.api import Api, Method, flag, limit, target, text
from infra.local.slack.wire import Json

LATEST = "9"  # later than any ts until the year 2255


def _open(api: Api, arguments: Json) -> Json:
    users = [user for user in text(arguments, "users").split(",") if user]
    if not users:
        raise Refusal("users_list_not_supplied")
    if users[1:]:
        # Slack opens a conversation of several; nobody asks for one here.
        raise Refusal("method_not_supported_for_channel_type")
    if api.workspace.person(users[0]).deleted:
        raise Refusal("user_disabled")
    channel = api.workspace.dm(users[0])
    return {"no_op": False, "already_open": True, "channel": channel_object(channel)}


def _history(api: Api, arguments: Json) -> Json:
    channel, store = target(api, arguments), api.workspace.store
    most = limit(arguments)
    cursor, oldest = text(arguments, "cursor"), text(arguments, "oldest")
    found = store.history(
        channel.id,
        oldest=oldest,
        latest=cursor or text(arguments, "latest") or LATEST,
        limit=most + 1,
        inclusive=flag(arguments, "inclusive") and not cursor,
    )
    page, more = found[:most], len(found) > most
    shown = [_shown(api, one, arguments, with_replies=True) for one in page]
    return {"messages": shown, "has_more": more, "pin_count": 0, **_next(page, more)}


def _replies(api: Api, arguments: Json) -> Json:
    channel, most = target(api, arguments), limit(arguments)
    store = api.workspace.store
    parent = store.message(channel.id, text(arguments, "ts"))
    if parent is None or parent.ephemeral_to:
        raise Refusal("thread_not_found")
    oldest, latest = text(arguments, "cursor") or text(arguments, "oldest"), text(arguments, "latest") or LATEST
    found = [one for one in store.replies(channel.id, parent.ts) if oldest < one.ts < latest]
    page, more = found[:most], len(found) > most
    shown = [_shown(api, parent, arguments, with_replies=True), *(_shown(api, one, arguments) for one in page)]
    return {"messages": shown, "has_more": more, **_next(page, more)}


def _next(page: list[Message], more: bool) -> Json:  # noqa: FBT001 - what a page has beside its messages
    return {"response_metadata": {"next_cursor": page[-1].ts}} if more else {}


def _shown(api: Api, message: Message, arguments: Json, *, with_replies: bool = False) -> Json:
    store = api.workspace.store
    return message_object(
        message,
        replies=store.replies(message.channel, message.ts) if with_replies else None,
        reactions=store.reactions.of(message.channel, message.ts),
        metadata=flag(arguments, "include_all_metadata"),
    )


def _info(api: Api, arguments: Json) -> Json:
    return {"channel": channel_object(api.workspace.channel(text(arguments, "channel")))}


def _list(api: Api, arguments: Json) -> Json:
    kinds = (text(arguments, "types") or "public_channel").split(",")
    channels = [channel_object(channel) for channel in CHANNELS] if "public_channel" in kinds else []
    if "im" in kinds:
        channels += [channel_object(api.workspace.dm(person.id)) for person in api.workspace.people()]
    return {"channels": channels, "response_metadata": {"next_cursor": ""}}


def _members(api: Api, arguments: Json) -> Json:
    channel = api.workspace.channel(text(arguments, "channel"))
    everybody = [person.id for person in api.workspace.people() if not person.deleted]
    inside = [channel.person] if channel.person else everybody
    return {
        "members": [*inside, *([BOT_USER_ID] if channel.app_is_member else [])],
        "response_metadata": {"next_cursor": ""},
    }


CONVERSATIONS: dict[str, Method] = {
    "conversations.history": _history,
    "conversations.info": _info,
    "conversations.list": _list,
    "conversations.members": _members,
    "conversations.open": _open,
    "conversations.replies": _replies,
}
