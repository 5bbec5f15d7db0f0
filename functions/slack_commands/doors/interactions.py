"""What people press: answered through its response_url, because Slack shows no other answer to a button."""

import logging
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.slack import hooks
from deadair.adapters.slack.grammar import Command, parse
from deadair.domain.errors import Unavailable
from slack_commands import buttons, events
from slack_commands.dispatch import answer
from slack_commands.http import Response, bare, said
from slack_commands.once import digest, once
from slack_commands.room import Room

KEEP = {"replace_original": False}
REPLACE = {"replace_original": True}

log = logging.getLogger(f"deadair.{__name__}")


def interactions(room: Room, request: events.Request, now: datetime, ref: str) -> Response:
    """A payload of any shape; what asks for nothing is taken."""
    form = events.form_from(request.body)
    if form.get("ssl_check") == "1":
        return bare(200)
    payload = events.json_from(form.get("payload", ""))
    if payload is None:
        return said(400, "payload")
    if room.is_another_team(events.team_of(payload)):
        return said(403, "other_team")
    press = events.press_from(payload)
    return _press(room, press, now, ref) if press and not buttons.is_link(press.action) else bare(200)


def _press(room: Room, press: events.Press, now: datetime, ref: str) -> Response:
    if not press.user:
        return said(400, "no_user")
    if press.response_url and not hooks.may_call(press.response_url, room.settings.slack_hooks):
        return said(400, "response_url")
    body = pressed(room, press, now, ref)
    if press.response_url and not hooks.post(press.response_url, body):
        _directly(room, press, body, now, ref)
    return bare(200)


def _directly(room: Room, press: events.Press, body: dict[str, Any], now: datetime, ref: str) -> None:
    """The answer as a direct message: at most once for an address, for it is better lost than told twice."""
    key = digest(b"direct", press.response_url.encode())
    try:
        if room.requests.begin(key, now):
            room.requests.finish(key, {})
            room.direct()(press.user, body)
    except (Unavailable, BotoCoreError, ClientError):
        log.exception("an answer did not arrive as a direct message either", extra={"ref": ref})


def pressed(room: Room, press: events.Press, now: datetime, ref: str) -> dict[str, Any]:
    """What a button answers. One that runs a command acts once, however often it is pressed, and is replaced."""
    if not buttons.is_command(press.action):
        context = room.context(Command(), press.user, press.user_name, now)
        return answer(context, ref, lambda: buttons.card_step(context, press.action, press.value)).body() | KEEP
    context = room.context(parse(press.value), press.user, press.user_name, now)
    key = digest(*(part.encode() for part in (press.user, press.place, press.action, press.value)))
    return once(room, key, context, ref) | REPLACE
