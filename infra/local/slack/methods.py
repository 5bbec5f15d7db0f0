"""The Web API methods that Deadair calls, with Slack's answers and errors.

Knows method names, arguments and answers. Refuses to know HTTP: the front door hands in the arguments as one object and
sends what comes back.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from infra.local.slack.people import (
    APP_ID,
    BOT,
    BOT_ID,
    BOT_USER_ID,
    SLACKBOT,
    TEAM_ID,
    TEAM_NAME,
    user_object,
)
from infra.local.slack.views import Views
from infra.local.slack.wire import Json
from infra.local.slack.workspace import (
    MOST_TEXT_OF_UPDATE,
    Channel,
    Draft,
    Refusal,
    Workspace,
    check_draft,
    message_object,
)

# A message's metadata: Slack documents metadata_too_large without a number in the reference; 16 kB is ours.
MOST_METADATA_BYTES = 16_000
LATEST = "9"  # later than any ts until the year 2255


@dataclass(frozen=True)
class Api:
    """What the methods work on. *url* is the address of this workspace."""

    workspace: Workspace
    views: Views
    url: str


Method = Callable[[Api, Json], Json]


def structure(arguments: Json, key: str, error: str) -> object:
    """Return an argument that may come as JSON text (in a form) or as it is; raise Refusal *error*."""
    value = arguments.get(key)
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError as problem:
        raise Refusal(error) from problem


def draft_from(arguments: Json) -> Draft:
    """Return the message that *arguments* describe; raise Refusal for what is no message."""
    blocks = structure(arguments, "blocks", "invalid_blocks_format")
    if blocks is not None and not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    thread_ts = arguments.get("thread_ts")
    return Draft(str(arguments.get("text") or ""), blocks, str(thread_ts) if thread_ts else None, _metadata(arguments))


def _metadata(arguments: Json) -> Json | None:
    value = structure(arguments, "metadata", "invalid_metadata_format")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Refusal("invalid_metadata_format")
    if not isinstance(value.get("event_type"), str) or not isinstance(value.get("event_payload"), dict):
        raise Refusal("invalid_metadata_schema")
    if len(json.dumps(value).encode()) > MOST_METADATA_BYTES:
        raise Refusal("metadata_too_large")
    return value


def _auth_test(api: Api, _arguments: Json) -> Json:
    who = {"team": TEAM_NAME, "team_id": TEAM_ID, "user": BOT.handle, "user_id": BOT_USER_ID, "bot_id": BOT_ID}
    return {"url": f"{api.url}/", **who, "is_enterprise_install": False, "app_id": APP_ID}


def _post_message(api: Api, arguments: Json) -> Json:
    channel = _target(api, arguments)
    message = api.workspace.post(channel, BOT_USER_ID, draft_from(arguments))
    return {"channel": channel.id, "ts": message.ts, "message": message_object(message, metadata=True)}


def _update(api: Api, arguments: Json) -> Json:
    channel = _target(api, arguments)
    message = api.workspace.app_message(channel, str(arguments.get("ts", "")))
    draft = draft_from(arguments)
    check_draft(draft, MOST_TEXT_OF_UPDATE)
    if draft.blocks is None:  # documented: blocks that are left out stay, an empty list takes them away
        draft = replace(draft, blocks=message.blocks)
    edited = api.workspace.edit(message, draft)
    return {
        "channel": channel.id,
        "ts": edited.ts,
        "text": edited.text,
        "message": message_object(edited, metadata=True),
    }


def _delete(api: Api, arguments: Json) -> Json:
    channel = _target(api, arguments)
    message = api.workspace.app_message(channel, str(arguments.get("ts", "")))
    api.workspace.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def _post_ephemeral(api: Api, arguments: Json) -> Json:
    channel = _target(api, arguments)
    user = api.workspace.person(str(arguments.get("user", "")))
    message = api.workspace.post(channel, BOT_USER_ID, draft_from(arguments), ephemeral_to=user.id)
    return {"message_ts": message.ts}


def _permalink(api: Api, arguments: Json) -> Json:
    channel = api.workspace.channel(str(arguments.get("channel", "")))
    ts = str(arguments.get("message_ts", ""))
    message = api.workspace.store.message(channel.id, ts)
    if message is None or message.ephemeral_to:
        raise Refusal("message_not_found")
    return {"channel": channel.id, "permalink": permalink(api.url, channel.id, ts)}


def permalink(url: str, channel: str, ts: str) -> str:
    """Return the address of one message on this workspace's page."""
    return f"{url}/archives/{channel}/p{ts.replace('.', '')}"


def _open(api: Api, arguments: Json) -> Json:
    users = [user for user in str(arguments.get("users") or "").split(",") if user]
    if not users:
        raise Refusal("users_list_not_supplied")
    if users[1:]:
        # Slack opens a conversation of several; Deadair never asks for one.
        raise Refusal("method_not_supported_for_channel_type")
    channel = api.workspace.dm(users[0])
    return {"no_op": False, "already_open": True, "channel": channel_object(channel)}


def _history(api: Api, arguments: Json) -> Json:
    channel, store = _target(api, arguments), api.workspace.store
    limit = _limit(arguments)
    latest = str(arguments.get("cursor") or arguments.get("latest") or LATEST)
    found = store.history(channel.id, oldest=str(arguments.get("oldest") or ""), latest=latest, limit=limit + 1)
    page, more = found[:limit], len(found) > limit
    metadata = _flag(arguments, "include_all_metadata")
    shown = [message_object(m, replies=store.replies(channel.id, m.ts), metadata=metadata) for m in page]
    cursor = {"response_metadata": {"next_cursor": page[-1].ts}} if more else {}
    return {"messages": shown, "has_more": more, "pin_count": 0, **cursor}


def _replies(api: Api, arguments: Json) -> Json:
    channel = _target(api, arguments)
    store = api.workspace.store
    parent = store.message(channel.id, str(arguments.get("ts", "")))
    if parent is None:
        raise Refusal("thread_not_found")
    replies = store.replies(channel.id, parent.ts)
    metadata = _flag(arguments, "include_all_metadata")
    shown = [message_object(parent, replies=replies, metadata=metadata)]
    shown += [message_object(reply, metadata=metadata) for reply in replies]
    return {"messages": shown[: _limit(arguments)], "has_more": len(shown) > _limit(arguments)}


def _channel_info(api: Api, arguments: Json) -> Json:
    return {"channel": channel_object(api.workspace.channel(str(arguments.get("channel", ""))))}


def channel_object(channel: Channel) -> Json:
    """Return *channel* as `conversations.info` shows it."""
    if channel.person:
        return {"id": channel.id, "is_im": True, "user": channel.person, "is_open": True}
    kind = {"is_channel": True, "is_im": False, "is_private": False, "is_archived": False}
    return {"id": channel.id, "name": channel.name, **kind, "is_member": channel.app_is_member}


def _user_info(api: Api, arguments: Json) -> Json:
    person = api.workspace.person(str(arguments.get("user", "")))
    return {"user": user_object(person, api.workspace.clock())}


def _users(api: Api, _arguments: Json) -> Json:
    now = api.workspace.clock()
    people = [user_object(person, now) for person in (SLACKBOT, BOT, *api.workspace.people())]
    return {"members": people, "cache_ts": int(now.timestamp()), "response_metadata": {"next_cursor": ""}}


def _by_email(api: Api, arguments: Json) -> Json:
    wanted = str(arguments.get("email", "")).casefold()
    for person in api.workspace.people():
        if wanted and person.email.casefold() == wanted and not person.deleted:
            return {"user": user_object(person, api.workspace.clock())}
    raise Refusal("users_not_found")


def _views_open(api: Api, arguments: Json) -> Json:
    return {"view": api.views.open(str(arguments.get("trigger_id", "")), _view(arguments))}


def _views_push(api: Api, arguments: Json) -> Json:
    return {"view": api.views.open(str(arguments.get("trigger_id", "")), _view(arguments), push=True)}


def _views_update(api: Api, arguments: Json) -> Json:
    wanted = str(arguments.get("view_id") or arguments.get("external_id") or "")
    return {"view": api.views.update(wanted, _view(arguments), str(arguments.get("hash") or ""))}


def _views_publish(api: Api, arguments: Json) -> Json:
    return {"view": api.views.publish(str(arguments.get("user_id", "")), _view(arguments))}


def _view(arguments: Json) -> object:
    return structure(arguments, "view", "invalid_arguments")


def _target(api: Api, arguments: Json) -> Channel:
    return api.workspace.target(str(arguments.get("channel") or ""))


def _limit(arguments: Json) -> int:
    try:
        return max(1, min(int(arguments.get("limit") or 100), 999))
    except ValueError as problem:
        raise Refusal("invalid_limit") from problem


def _flag(arguments: Json, key: str) -> bool:
    return str(arguments.get(key, "")).lower() in ("1", "true")


METHODS: dict[str, Method] = {
    "auth.test": _auth_test,
    "chat.delete": _delete,
    "chat.getPermalink": _permalink,
    "chat.postEphemeral": _post_ephemeral,
    "chat.postMessage": _post_message,
    "chat.update": _update,
    "conversations.history": _history,
    "conversations.info": _channel_info,
    "conversations.open": _open,
    "conversations.replies": _replies,
    "users.info": _user_info,
    "users.list": _users,
    "users.lookupByEmail": _by_email,
    "views.open": _views_open,
    "views.publish": _views_publish,
    "views.push": _views_push,
    "views.update": _views_update,
}

# The methods that read. Slack takes JSON only where something is written; a JSON body says nothing to these.
READING = frozenset(
    {
        "conversations.history",
        "conversations.info",
        "conversations.replies",
        "users.info",
        "users.list",
        "users.lookupByEmail",
    }
)

# The methods that put a message into a channel, for the limit of one a second.
POSTING = frozenset({"chat.postMessage", "chat.postEphemeral", "chat.update"})
