"""A modal that was sent: what was typed is worked as the verb would, and refused at its field.

Knows that a modal which is refused stays open with everything in it, and that one sent twice is worked once. Refuses
to know any modal: see `modals`.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.once_store import OnceStore
from deadair.adapters.slack.blocks import section
from deadair.adapters.slack.carried import HOME, Carried
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.inputs import told
from deadair.adapters.slack.mrkdwn import Mrkdwn
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.plainly import plainly
from deadair.domain.errors import Refusal
from slack_commands.away import StoreAway, may_pass
from slack_commands.context import Context, Reply
from slack_commands.dispatch import answer
from slack_commands.http import Response, as_json, said
from slack_commands.modals import MODALS, Modal
from slack_commands.modals.sent import Again, Sent, Wrong, sent_from
from slack_commands.once import digest, earlier, release
from slack_commands.room import Room
from slack_commands.telling import allowed, beside, tell

CLEAR = {"response_action": "clear"}
log = logging.getLogger(f"deadair.{__name__}")


def submitted(room: Room, payload: Mapping[str, Any], now: datetime, ref: str) -> Response:
    """Work what was sent and say what the modal does next: it closes, says something, or stays with its errors."""
    sent = sent_from(payload)
    if not sent.user:
        return said(400, "no_user")
    modal, carried = MODALS.get(sent.name), sent.carried
    context = room.context(_command(sent, modal), sent.user, sent.user_name, now)
    if modal is None or carried is None or not (carried.answer_to == HOME or allowed(room, carried.answer_to)):
        return as_json(instead(say("modals.not_yours", command=context.typed("list"))))
    values = json.dumps(sorted(sent.values.items()))
    key = digest(*(part.encode() for part in ("modal", sent.view_id, sent.user, values)))
    try:
        known = earlier(room, key, context, stays(sent, "", plain("modals.working")))
    except (BotoCoreError, ClientError) as error:
        return as_json(_not_begun(context, sent, error, ref))
    if known is not None:
        return as_json(known)
    try:
        done = _worked(replace(context, store=OnceStore(context.store, key, context.now)), modal, sent, ref)
    except StoreAway:
        release(room, key, ref)
        raise
    return _answered(room, context, carried, key, done, ref)


def _not_begun(context: Context, sent: Sent, error: Exception, ref: str) -> dict[str, Any]:
    """The modal stays with its words. Raises StoreAway for what can be kept."""
    log.error("a modal could not be begun", exc_info=error, extra={"ref": ref, "modal": sent.name})
    if context.keeps and may_pass(error):
        raise StoreAway(Reply(say("modals.unavailable", ref=ref))) from error
    return stays(sent, "", plain("modals.unavailable", ref=ref))


def _worked(context: Context, modal: Modal, sent: Sent, ref: str) -> Reply | dict[str, Any]:
    """The reply of a step that was taken, or what Slack is to do with the modal that stays."""
    refused: list[str] = []

    def work() -> Reply:
        try:
            return modal.take(context, sent)
        except Refusal as refusal:
            refused.append(refusal.field)
            raise

    try:
        reply = answer(context, ref, work)
    except Wrong as wrong:
        errors = {name: text for name, text in wrong.errors.items() if name in sent.fields}
        return {"response_action": "errors", "errors": errors} if errors else stays(sent, "", str(wrong))
    except Again as again:
        return {"response_action": "update", "view": again.view}
    return stays(sent, refused[0] if refused else "", plainly(reply.text)) if reply.refused else reply


def _answered(  # noqa: PLR0917 - all that one answer needs, in the order in which it came
    room: Room, context: Context, carried: Carried, key: str, done: Reply | dict[str, Any], ref: str
) -> Response:
    """Keep what was done and say it; what was not done may be sent once more."""
    if not isinstance(done, Reply):
        _note(lambda: room.requests.release(key), ref)
        return as_json(done)
    body = CLEAR if carried.answer_to else instead(Mrkdwn(done.text))
    _note(lambda: room.requests.finish(key, body), ref)
    tell(room, context, carried.answer_to, beside(done), ref)
    if carried.answer_to != HOME:
        room.stepped(context, ref)
    return as_json(body)


def _note(write: Callable[[], None], ref: str) -> None:
    """Write down how far the request is. What was done stays done if that fails."""
    try:
        write()
    except (BotoCoreError, ClientError):
        log.exception("an answer could not be kept", extra={"ref": ref})


def stays(sent: Sent, field: str, text: str) -> dict[str, Any]:
    """The modal stays, with a text at that field, else at its first."""
    at = field if field in sent.fields else next(iter(sent.fields), "")
    return {"response_action": "errors", "errors": {at: text}} if at else instead(Mrkdwn(text))


def instead(text: Mrkdwn) -> dict[str, Any]:
    """The modal says this instead, and nothing else."""
    return {"response_action": "update", "view": told(plain("modals.done"), [section(text)])}


def _command(sent: Sent, modal: Modal | None) -> Command:
    """The verb that does the same, so that an error can say what to type."""
    verb = modal.verb if modal else ""
    return Command(verb, str(sent.number) if sent.number else "", said=verb)
