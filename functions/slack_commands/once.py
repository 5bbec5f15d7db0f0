"""What arrives twice and takes effect once: the first delivery works, the others get its answer.

Knows how a request is told from the next. Refuses to know what it asks for.
"""

import hashlib
import logging
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.once_store import OnceStore
from deadair.adapters.slack.phrases import say
from deadair.domain.errors import Unavailable
from slack_commands.away import StoreAway, may_pass
from slack_commands.context import Context, Reply
from slack_commands.dispatch import answer, not_begun
from slack_commands.room import Room

log = logging.getLogger(f"deadair.{__name__}")


def once(room: Room, key: str, context: Context, ref: str) -> dict[str, Any]:
    """Do the work for the first delivery of a request; give the others the same answer."""
    try:
        known = earlier(room, key, context, Reply(say("answers.error.working")).body())
    except (BotoCoreError, ClientError) as error:
        log.exception("a command could not be begun", extra={"ref": ref, "verb": context.command.verb})
        if context.keeps and may_pass(error):
            raise StoreAway(not_begun(context, ref)) from error
        return not_begun(context, ref).body()
    if known is not None:
        return known
    try:
        body = answer(replace(context, store=OnceStore(context.store, key, context.now)), ref).body()
    except StoreAway:
        release(room, key, ref)
        raise
    try:
        room.requests.finish(key, body)
    except (BotoCoreError, ClientError):
        log.exception("an answer could not be kept", extra={"ref": ref})
    return body


def earlier(room: Room, key: str, context: Context, working: dict[str, Any]) -> dict[str, Any] | None:
    """What an earlier delivery answered, `working` while it is at work; None: this is the first, and begins.

    Raises botocore's errors, and Unavailable for what is to come out of the queue once more.
    """
    if room.requests.begin(key, context.now):
        return None
    known = room.requests.answer(key)
    if known is None and context.said_at:
        raise Unavailable("Somebody else is still at work on it.")
    return working if known is None else known


def release(room: Room, key: str, ref: str) -> None:
    """Nothing was done, so that the next delivery need not wait until this one counts as dead."""
    try:
        room.requests.release(key)
    except (BotoCoreError, ClientError):
        log.warning("a request could not be let go of", extra={"ref": ref})


def digest(*parts: bytes) -> str:
    """The key of a request: the same parts, the same request."""
    framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hashlib.blake2b(framed, digest_size=16).hexdigest()
