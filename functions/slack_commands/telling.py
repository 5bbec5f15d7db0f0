"""Where the answer to a press or to a modal goes: to its response address, onto the Home, into the modal itself.

Knows the ways and which comes next when one fails. Refuses to say anything twice: an answer is better lost.
"""

import logging
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.slack import hooks
from deadair.adapters.slack.carried import HOME
from deadair.domain.errors import Unavailable
from slack_commands.context import Context, Reply
from slack_commands.once import digest
from slack_commands.room import Room

BESIDE = {"replace_original": False}
REPLACE = {"replace_original": True}

log = logging.getLogger(f"deadair.{__name__}")


def allowed(room: Room, address: str) -> bool:
    """Whether an address may be answered to: ours are Slack's response addresses and nothing else."""
    return not address or hooks.may_call(address, room.settings.slack_hooks)


def tell(room: Room, context: Context, answer_to: str, body: dict[str, Any], ref: str) -> bool:
    """Answer the person. False: there is no place for it but the request's own answer. An empty answer says nothing."""
    if answer_to == HOME and room.said_at:
        # Whoever was at the Home is elsewhere by now.
        return room.post("", body)
    if answer_to == HOME:
        from slack_commands.homes import publish

        publish(room, context, ref, notice=str(body.get("text", "")))
        return True
    if answer_to and body and not room.post(answer_to, body):
        directly(room, context, answer_to, body, ref)
    return bool(answer_to)


def directly(room: Room, context: Context, what: str, body: dict[str, Any], ref: str) -> None:
    """The answer to `what` as a direct message, at most once: it is better lost than told twice."""
    key = digest(b"direct", what.encode())
    try:
        if room.requests.begin(key, context.now):
            room.requests.finish(key, {})
            room.direct()(context.actor.person.slack_id, body)
    except (Unavailable, BotoCoreError, ClientError):
        log.exception("an answer did not arrive as a direct message either", extra={"ref": ref})


def beside(reply: Reply) -> dict[str, Any]:
    """An answer beside the message that was pressed, which stays."""
    body = reply.body()
    return body | BESIDE if body else {}
