"""What arrives twice and takes effect once: the first delivery works, the others get its answer.

Knows how a request is told from the next. Refuses to know what it asks for.
"""

import hashlib
import logging
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.slack.phrases import say
from slack_commands.context import Context, Reply
from slack_commands.dispatch import answer, not_begun
from slack_commands.room import Room

log = logging.getLogger(f"deadair.{__name__}")


def once(room: Room, key: str, context: Context, ref: str) -> dict[str, Any]:
    """Do the work for the first delivery of a request; give the others the same answer."""
    try:
        if not room.requests.begin(key, context.now):
            known = room.requests.answer(key)
            return Reply(say("answers.error.working")).body() if known is None else known
    except (BotoCoreError, ClientError):
        log.exception("a command could not be begun", extra={"ref": ref, "verb": context.command.verb})
        return not_begun(context, ref).body()
    body = answer(context, ref).body()
    try:
        room.requests.finish(key, body)
    except (BotoCoreError, ClientError):
        log.exception("an answer could not be kept", extra={"ref": ref})
    return body


def digest(*parts: bytes) -> str:
    """The key of a request: the same parts, the same request."""
    framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hashlib.blake2b(framed, digest_size=16).hexdigest()
