"""The methods that write messages.

Knows their arguments, answers and errors. Refuses to know HTTP and what a message means.
"""

from __future__ import annotations

import json
from dataclasses import replace

from infra.local.slack.people import BOT_USER_ID
from infra.local.slack.refusals import Refusal
from infra.local.slack.shapes import message_object, permalink
from infra.local.slack.web_api.api import Api, Method, structure, target, text
from infra.local.slack.wire import Json
from infra.local.slack.workspace import MOST_TEXT_OF_UPDATE, Draft, check_draft

# Slack documents metadata_too_large without a number in the reference; 16 kB is ours.
MOST_METADATA_BYTES = 16_000


def draft_from(arguments: Json) -> Draft:
    """Return the message that *arguments* describe; raise Refusal for what is no message."""
    blocks = structure(arguments, "blocks", "invalid_blocks_format")
    if blocks is not None and not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    return Draft(text(arguments, "text"), blocks, text(arguments, "thread_ts") or None, _metadata(arguments))


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


def _post(api: Api, arguments: Json) -> Json:
    channel = target(api, arguments)
    message = api.workspace.post(channel, BOT_USER_ID, draft_from(arguments))
    return {"channel": channel.id, "ts": message.ts, "message": message_object(message, metadata=True)}


def _update(api: Api, arguments: Json) -> Json:
    channel = target(api, arguments)
    message = api.workspace.app_message(channel, text(arguments, "ts"))
    draft = draft_from(arguments)
    check_draft(draft, MOST_TEXT_OF_UPDATE)
    if draft.blocks is None:  # documented: blocks that are left out stay, an empty list takes them away
        draft = replace(draft, blocks=message.blocks)
    edited = api.workspace.edit(message, draft)
    shown = message_object(edited, metadata=True)
    return {"channel": channel.id, "ts": edited.ts, "text": edited.text, "message": shown}


def _delete(api: Api, arguments: Json) -> Json:
    channel = target(api, arguments)
    message = api.workspace.app_message(channel, text(arguments, "ts"), else_word="cant_delete_message")
    api.workspace.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def _post_ephemeral(api: Api, arguments: Json) -> Json:
    channel = target(api, arguments)
    user = api.workspace.person(text(arguments, "user"))
    if user.deleted:
        raise Refusal("user_not_in_channel")
    message = api.workspace.post(channel, BOT_USER_ID, draft_from(arguments), ephemeral_to=user.id)
    return {"message_ts": message.ts}


def _permalink(api: Api, arguments: Json) -> Json:
    channel = api.workspace.channel(text(arguments, "channel"))
    message = api.workspace.store.message(channel.id, text(arguments, "message_ts"))
    if message is None or message.ephemeral_to:
        raise Refusal("message_not_found")
    return {"channel": channel.id, "permalink": permalink(api.url, channel.id, message.ts, message.thread_ts)}


CHAT: dict[str, Method] = {
    "chat.delete": _delete,
    "chat.getPermalink": _permalink,
    "chat.postEphemeral": _post_ephemeral,
    "chat.postMessage": _post,
    "chat.update": _update,
}
