"""What cannot be worked while somebody waits is put on a queue and answered at once; nothing is said to be done.

Knows how each door is answered within Slack's three seconds. Refuses to work anything: see `applying`.
"""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from deadair.adapters.slack.blocks import section
from deadair.adapters.slack.inputs import told
from deadair.adapters.slack.mrkdwn import Mrkdwn
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.plainly import plainly
from deadair.adapters.sqs.kept import KeptQueue, KeptRequest
from deadair.domain.errors import Unavailable
from slack_commands import events
from slack_commands.away import StoreAway
from slack_commands.context import Reply
from slack_commands.events import Request
from slack_commands.http import Response, as_json, bare
from slack_commands.payloads import object_in, text_in
from slack_commands.room import Room
from slack_commands.routes import respond
from slack_commands.telling import BESIDE

# As long as people like to read out.
REF = 4

log = logging.getLogger(f"deadair.{__name__}")


def respond_or_keep(room: Room, queue: Callable[[], KeptQueue], request: Request, now: datetime, ref: str) -> Response:
    """Answer one request, or keep it. Raises Unavailable only when the signing secret cannot be had."""
    try:
        return respond(room, request, now, ref)
    except StoreAway as away:
        return _kept(room, queue, request, now, ref, away)


def _kept(  # noqa: PLR0917 - all that one answer needs
    room: Room, queue: Callable[[], KeptQueue], request: Request, now: datetime, ref: str, away: StoreAway
) -> Response:
    payload = events.json_from(events.form_from(request.body).get("payload", "")) or {}
    short = ref[:REF] or secrets.token_hex(REF // 2)
    stamp = request.header("x-slack-request-timestamp") or ""
    try:
        queue().keep(KeptRequest(request.path, request.body, stamp, now, short), _who(request, payload))
    except Unavailable:
        log.exception("a request could not be kept either", extra={"ref": ref})
        return _answered(room, payload, away.reply, ref)
    log.warning("a request is kept", extra={"ref": ref, "kept": short})
    return _answered(room, payload, Reply(say("answers.kept.saved", ref=short)), ref, closes=True)


def _who(request: Request, payload: dict[str, Any]) -> str:
    return text_in(object_in(payload, "user").get("id")) or events.form_from(request.body).get("user_id", "")


def _answered(room: Room, payload: dict[str, Any], reply: Reply, ref: str, *, closes: bool = False) -> Response:
    """Say it where the door says things: a command's answer, in the modal, beside the message that was pressed."""
    if not payload:
        return as_json(reply.body())
    if payload.get("type") == "view_submission":
        return as_json(_in_modal(payload, reply, closes=closes))
    address, user = text_in(payload.get("response_url")), text_in(object_in(payload, "user").get("id"))
    body = reply.body() | BESIDE
    if not address or not room.post(address, body):
        try:
            room.direct()(user, body)
        except Unavailable:
            log.warning("nobody could be told what became of a press", extra={"ref": ref})
    return bare(200)


def _in_modal(payload: dict[str, Any], reply: Reply, *, closes: bool) -> dict[str, Any]:
    """What was kept needs its form no more; what was not stays in it."""
    from slack_commands.doors.submissions import stays
    from slack_commands.modals.sent import sent_from

    if not closes:
        return stays(sent_from(payload), "", plainly(reply.text))
    title = plain("answers.kept.title")
    return {"response_action": "update", "view": told(title, [section(Mrkdwn(reply.text))])}
