"""The Events API: the handshake, an opened Home, a mention, a reaction, and that Slack has thrown the app out.

Knows that Slack repeats what was not taken within three seconds, and that a repetition does nothing again. Refuses to
know anything else: an event that nobody asked for is taken and dropped.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.slack.grammar import Command, parse
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.phrases import plain
from deadair.domain.errors import Unavailable
from deadair.domain.standing_error import TOKENS, Kind
from slack_commands import events, payloads
from slack_commands.context import Context, Reply
from slack_commands.dispatch import answer
from slack_commands.http import Response, as_json, bare, said
from slack_commands.once import digest
from slack_commands.payloads import Happening, object_in, text_in
from slack_commands.room import Room
from slack_commands.telling import directly

log = logging.getLogger(f"deadair.{__name__}")


def slack_events(room: Room, request: events.Request, now: datetime, ref: str) -> Response:
    """What happened in Slack."""
    payload = events.json_from(request.body)
    if payload is None:
        return said(400, "payload")
    if payload.get("type") == "url_verification":
        challenge = payload.get("challenge")
        return as_json({"challenge": challenge}) if isinstance(challenge, str) else said(400, "payload")
    if room.is_another_team(payloads.team_of(payload)):
        return said(403, "other_team")
    happening = payloads.happening_from(payload)
    work = WORK.get(happening.kind)
    if payload.get("type") != "event_callback" or work is None or not happening.id:
        return bare(200)
    return _once(room, happening, now, ref, work)


def _once(room: Room, happening: Happening, now: datetime, ref: str, work: "Work") -> Response:
    """Work the first delivery. What cannot be worked now is refused, so that Slack brings it again.

    So is another delivery while the first is at work: it may die over it.
    """
    key = digest(b"event", happening.id.encode())
    try:
        if not room.requests.begin(key, now):
            return bare(503 if room.requests.answer(key) is None else 200)
        try:
            work(room, happening, now, ref)
        except Unavailable:
            room.requests.release(key)
            raise
        room.requests.finish(key, {})
    except (Unavailable, BotoCoreError, ClientError) as error:
        extra = {"ref": ref, "kind": happening.kind, "why": type(error).__name__}
        log.exception("an event could not be worked", extra=extra)
        return bare(503)
    return bare(200)


def _home(room: Room, happening: Happening, now: datetime, ref: str) -> None:
    """Somebody opened the app: its messages need nothing, its Home is drawn."""
    from slack_commands.homes import publish

    if happening.user and happening.event.get("tab", "home") == "home":
        publish(room, room.context(Command(), happening.user, "", now), ref)
        if room.said_at is None:
            room.homes.opened(happening.user, now)


def _mention(room: Room, happening: Happening, now: datetime, ref: str) -> None:
    """Somebody said the app's name: what follows is a command when it begins like one, else they see the menu."""
    if not happening.user or happening.event.get("bot_id"):
        return
    command = parse(text_in(happening.event.get("text")).partition(">")[2])
    # A greeting is no question about verbs.
    command = Command() if command.verb in {"", "help"} else command
    context = room.context(command, happening.user, "", now)
    context = replace(context, here=_thread(room, happening))
    _tell(room, context, happening, answer(context, ref), ref)


def _thread(room: Room, happening: Happening) -> int | None:
    """The incident in whose thread it was said; None also where Slack does not say."""
    from slack_commands.modals.chat import incident_of

    thread, channel = text_in(happening.event.get("thread_ts")), text_in(happening.event.get("channel"))
    try:
        parent = room.slack().read(channel, thread) if thread and channel else None
    except Unavailable:
        return None
    return incident_of(parent) if parent else None


def _reaction(room: Room, happening: Happening, now: datetime, ref: str) -> None:
    """Somebody marked a message for the timeline."""
    item, wanted = object_in(happening.event, "item"), room.settings.slack_emoji.strip(":")
    emoji = text_in(happening.event.get("reaction")).partition("::")[0]
    if not wanted or emoji != wanted or item.get("type") != "message" or not happening.user:
        return
    from slack_commands.marking import marked

    context = room.context(Command("note", said="note"), happening.user, "", now)
    channel, ts = text_in(item.get("channel")), text_in(item.get("ts"))
    _tell(room, context, happening, marked(room, context, channel, ts), ref)


def _thrown_out(room: Room, happening: Happening, now: datetime, ref: str) -> None:
    """Nothing can be told in Slack any more: it stands on every page until somebody has set it right."""
    log.error("Slack has taken the app's rights away", extra={"ref": ref, "kind": happening.kind})
    room.errors.put(Kind.SLACK, TOKENS, plain(f"events.thrown_out.{happening.kind}"), now)


def _tell(room: Room, context: Context, happening: Happening, reply: Reply, ref: str) -> None:
    """Where it happened, for this person only; as a direct message where the app may not speak there."""
    body = reply.body()
    if not body:
        return
    event = happening.event
    channel = text_in(event.get("channel")) or text_in(object_in(event, "item").get("channel"))
    message = Message(body["text"], tuple(body.get("blocks") or ()))
    try:
        room.slack().tell_only(channel, happening.user, message, text_in(event.get("thread_ts")))
    except Unavailable:
        directly(room, context, happening.id, body, ref)


Work = Callable[[Room, Happening, datetime, str], None]
WORK: dict[str, Work] = {
    "app_home_opened": _home,
    "app_mention": _mention,
    "app_uninstalled": _thrown_out,
    "reaction_added": _reaction,
    "tokens_revoked": _thrown_out,
}
