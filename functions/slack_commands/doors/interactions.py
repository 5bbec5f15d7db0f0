"""What people press: answered through its response_url, because Slack shows no other answer to a button.

Knows which kind of interaction is whose. A modal is opened in the same request: its trigger lives three seconds.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb.once_store import OnceStore
from deadair.adapters.slack import actions
from deadair.adapters.slack.carried import HOME, Carried
from deadair.adapters.slack.grammar import Command, parse
from slack_commands import buttons, events, payloads
from slack_commands.context import Context
from slack_commands.dispatch import answer
from slack_commands.doors.forms import payload_in
from slack_commands.http import Response, bare, said
from slack_commands.once import digest, once, release
from slack_commands.room import Room
from slack_commands.telling import REPLACE, allowed, beside, tell


def interactions(room: Room, request: events.Request, now: datetime, ref: str) -> Response:
    """A payload of any shape; what asks for nothing is taken."""
    payload, refused = payload_in(room, request)
    if payload is None:
        return refused
    if payload.get("type") == "view_submission":
        from slack_commands.doors.submissions import submitted

        return submitted(room, payload, now, ref)
    if shortcut := payloads.shortcut_from(payload):
        from slack_commands.doors.shortcuts import shortcuts

        return shortcuts(room, shortcut, now, ref)
    press = payloads.press_from(payload)
    return _press(room, press, now, ref) if press and not buttons.is_link(press.action, press.value) else bare(200)


def _press(room: Room, press: payloads.Press, now: datetime, ref: str) -> Response:
    if not press.user:
        return said(400, "no_user")
    if not allowed(room, press.response_url):
        return said(400, "response_url")
    answer_to = HOME if press.view == payloads.HOME else press.response_url
    context, body = pressed(room, press, answer_to, now, ref)
    if body:
        tell(room, context, answer_to, body, ref)
        if answer_to != HOME:
            room.stepped(context, ref)
    return bare(200)


def pressed(
    room: Room, press: payloads.Press, answer_to: str, now: datetime, ref: str
) -> tuple[Context, dict[str, Any]]:
    """What a button answers. One that runs a command acts once, however often it is pressed, and is replaced."""
    command = parse(press.value) if buttons.is_command(press.action) else Command()
    context = room.context(command, press.user, press.user_name, now)
    context = room.asking(context, Carried(answer_to=answer_to), press.trigger)
    if press.action.startswith(f"{actions.KEEP}:"):
        return context, _marked(room, context, press, ref)
    if not buttons.is_command(press.action):
        step = _as_one_press(context, press)
        return context, beside(answer(step, ref, lambda: buttons.card_step(step, press.action, press.value)))
    key = digest(*(part.encode() for part in (press.user, press.place, press.action, press.value)))
    body = once(room, key, context, ref)
    if not body:
        # It opened a form: nothing was done, and the button is there to be pressed again.
        release(room, key, ref)
    return context, body | REPLACE if body else body


def _as_one_press(context: Context, press: payloads.Press) -> Context:
    """Every press has its own trigger: the same one again, also after its step was taken back, takes no step."""
    if not press.trigger:
        return context
    key = digest(b"press", *(part.encode() for part in (press.trigger, press.user, press.action, press.value)))
    return replace(context, store=OnceStore(context.store, key, context.now))


def _marked(room: Room, context: Context, press: payloads.Press, ref: str) -> dict[str, Any]:
    """To which timeline a marked message goes; the question is replaced by the answer."""
    from slack_commands import marking

    return answer(context, ref, lambda: marking.chosen(room, context, press.value)).body() | REPLACE
