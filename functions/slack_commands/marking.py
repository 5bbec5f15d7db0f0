"""A reaction that adds a message to a timeline, and the button that says to which.

Knows that only the incident of the thread, or the person's only open one, is clear. Refuses to guess: it asks the
person, and nobody else sees it.
"""

import re
from dataclasses import replace

from deadair.adapters.slack.actions import KEEP
from deadair.adapters.slack.blocks import actions, button, section
from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.errors import NotAllowed, Refusal
from deadair.domain.incident import Incident
from slack_commands.context import Context, Reply
from slack_commands.modals import chat
from slack_commands.modals.chat import Message
from slack_commands.refusing import refused
from slack_commands.room import Room

VALUE = re.compile(r"([0-9]{1,9}):([A-Z][A-Z0-9]{1,40}):([0-9]{1,12}\.[0-9]{1,9})")
SHOWN, LABEL = 5, 50


def marked(room: Room, context: Context, channel: str, ts: str) -> Reply:
    """Keep the message that somebody marked, or ask of which incident it is. Raises Unavailable, to be tried again."""
    if context.actor.rights.barred:
        return refused(context, NotAllowed(context.actor.rights.barred))
    message = read(room, context, channel, ts)
    if message is None:
        return Reply(say("modals.keep.gone"), refused=True)
    found = chat.candidates(context) if message.incident is None else []
    number = message.incident or chat.only_one(context, found)
    return _kept(context, number, message) if number is not None else _which(found, message)


def chosen(room: Room, context: Context, value: str) -> Reply:
    """The button with the incident was pressed. Raises Refusals and Unavailable."""
    found = VALUE.fullmatch(value)
    message = read(room, context, found[2], found[3]) if found else None
    if found is None or message is None:
        return Reply(say("modals.keep.gone"), refused=True)
    return chat.keep(context, int(found[1]), message)


def read(room: Room, context: Context, channel: str, ts: str) -> Message | None:
    """The message with its address and its incident; None when it is gone or may not be read. Raises Unavailable."""
    told = room.slack().read(channel, ts)
    message = chat.message_from(context, channel, told, room.slack().permalink(channel, ts)) if told else None
    return replace(message, incident=incident_above(room, message)) if message else None


def incident_above(room: Room, message: Message) -> int | None:
    """The incident that the message is of, or that whose card its thread is under. Raises Unavailable."""
    if message.incident is not None or not message.thread:
        return message.incident
    parent = room.slack().read(message.origin.channel, message.thread)
    return chat.incident_of(parent) if parent else None


def _kept(context: Context, number: int, message: Message) -> Reply:
    try:
        return chat.keep(context, number, message)
    except Refusal as refusal:
        return refused(context, refusal)


def _which(found: list[Incident], message: Message) -> Reply:
    if not found:
        return Reply(say("modals.keep.nothing_open"), refused=True)
    text = say("modals.keep.which", author=message.origin.author)
    buttons = [
        button(
            plain("modals.keep.option", id=incident.id, title=one_line(incident.title, LABEL)),
            f"{KEEP}:{place}",
            f"{incident.number}:{message.origin.key}",
        )
        for place, incident in enumerate(found[:SHOWN])
    ]
    return Reply(text, (section(text), actions(*buttons)), refused=True)
