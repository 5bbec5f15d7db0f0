"""The methods that open, change and publish views, and those about reactions.

Knows their arguments. Refuses to know what a view holds and what an emoji means.
"""

from __future__ import annotations

from infra.local.slack.people import BOT_USER_ID
from infra.local.slack.refusals import Refusal
from infra.local.slack.shapes import message_object, permalink
from infra.local.slack.store import Message
from infra.local.slack.web_api.api import Api, Method, structure, target, text
from infra.local.slack.wire import Json


def _open(api: Api, arguments: Json) -> Json:
    return {"view": api.views.open(text(arguments, "trigger_id"), _view(arguments))}


def _push(api: Api, arguments: Json) -> Json:
    return {"view": api.views.open(text(arguments, "trigger_id"), _view(arguments), push=True)}


def _update(api: Api, arguments: Json) -> Json:
    wanted = text(arguments, "view_id") or text(arguments, "external_id")
    return {"view": api.views.update(wanted, _view(arguments), text(arguments, "hash"))}


def _publish(api: Api, arguments: Json) -> Json:
    published = api.views.publish(text(arguments, "user_id"), _view(arguments), text(arguments, "hash"))
    return {"view": published}


def _view(arguments: Json) -> object:
    return structure(arguments, "view", "invalid_arguments")


def _reacted(api: Api, arguments: Json) -> Message:
    channel = target(api, arguments)
    message = api.workspace.store.message(channel.id, text(arguments, "timestamp"))
    if message is None or message.ephemeral_to:
        raise Refusal("message_not_found")
    return message


def _get_reactions(api: Api, arguments: Json) -> Json:
    message = _reacted(api, arguments)
    reactions = api.workspace.store.reactions.of(message.channel, message.ts)
    shown = message_object(message, reactions=reactions)
    shown["permalink"] = permalink(api.url, message.channel, message.ts, message.thread_ts)
    return {"type": "message", "channel": message.channel, "message": shown}


def _add_reaction(api: Api, arguments: Json) -> Json:
    if not api.workspace.react(_reacted(api, arguments), text(arguments, "name"), BOT_USER_ID):
        raise Refusal("already_reacted")
    return {}


def _remove_reaction(api: Api, arguments: Json) -> Json:
    if not api.workspace.unreact(_reacted(api, arguments), text(arguments, "name"), BOT_USER_ID):
        raise Refusal("no_reaction")
    return {}


SURFACES: dict[str, Method] = {
    "reactions.add": _add_reaction,
    "reactions.get": _get_reactions,
    "reactions.remove": _remove_reaction,
    "views.open": _open,
    "views.publish": _publish,
    "views.push": _push,
    "views.update": _update,
}
