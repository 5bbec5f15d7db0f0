"""The shortcuts: open an incident from anywhere, and add a message to a timeline.

Knows their names. Refuses to guess of which of several incidents a message is: it asks.
"""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.phrases import say
from deadair.domain.errors import Unavailable
from slack_commands import marking
from slack_commands.buttons import asked
from slack_commands.context import OPENED, Context, Reply
from slack_commands.dispatch import answer
from slack_commands.http import Response, bare, said
from slack_commands.modals import chat
from slack_commands.payloads import Shortcut
from slack_commands.room import Room
from slack_commands.showing import opened
from slack_commands.telling import allowed, beside, directly, tell

ADD_TIMELINE, OPEN_INCIDENT = "add_timeline", "open_incident"


def shortcuts(room: Room, shortcut: Shortcut, now: datetime, ref: str) -> Response:
    """Work one; what is not ours is taken and dropped."""
    if not shortcut.user:
        return said(400, "no_user")
    if not allowed(room, shortcut.response_url):
        return said(400, "response_url")
    context = room.context(Command(), shortcut.user, shortcut.user_name, now)
    context = room.asking(context, Carried(answer_to=shortcut.response_url), shortcut.trigger)
    if shortcut.name == OPEN_INCIDENT:
        reply = answer(context, ref, lambda: asked(context, "open", ("open", "…")))
    elif shortcut.name == ADD_TIMELINE:
        context = replace(context, command=Command("note", said="note"))
        reply = answer(context, ref, lambda: _keep(room, context, shortcut))
    else:
        return bare(200)
    if reply is not OPENED:
        _say(room, context, shortcut, reply, ref)
    return bare(200)


def _say(room: Room, context: Context, shortcut: Shortcut, reply: Reply, ref: str) -> None:
    """A shortcut of a message has a response address; one from anywhere has only the person's direct messages."""
    body, address = beside(reply), shortcut.response_url
    if not tell(room, context, address, body, ref):
        directly(room, context, shortcut.trigger, body, ref)


def _keep(room: Room, context: Context, shortcut: Shortcut) -> Reply:
    """The message's own thread says of which incident it is, else the person's only open one; else a modal asks."""
    ts = str(shortcut.message.get("ts") or "")
    link = room.slack().permalink(shortcut.channel, ts) if ts else ""
    message = chat.message_from(context, shortcut.channel, shortcut.message, link)
    if message is None:
        return Reply(say("modals.keep.gone"), refused=True)
    number = _above(room, message)
    found = chat.candidates(context) if number is None else []
    number = number or chat.only_one(context, found)
    if number is not None:
        return chat.keep(context, number, message)
    if not found:
        return Reply(say("modals.keep.nothing_open"), refused=True)
    if opened(room, shortcut.trigger, chat.asking(found, message, shortcut.response_url)):
        return OPENED
    return Reply(say("modals.typed_instead", command=context.typed("note", "42", "…")), refused=True)


def _above(room: Room, message: chat.Message) -> int | None:
    """The incident of its thread; None also where Slack does not say, for then the person is asked."""
    try:
        return marking.incident_above(room, message)
    except Unavailable:
        return message.incident
