"""The three doors of the room. Each: raw bytes, signature, and only then a look at what was sent.

Knows the order of checks and the HTTP answers. Refuses to say which part of a signature was wrong.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.requests import RequestStore
from deadair.adapters.slack import hooks
from deadair.adapters.slack.grammar import Command, parse
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.signature import is_genuine
from deadair.adapters.ssm.secrets import Secrets
from deadair.domain.errors import Unavailable
from deadair.domain.timeline import Actor, Source
from slack_commands import buttons, events
from slack_commands.context import SLASH, Context, Reply
from slack_commands.dispatch import answer, not_begun
from slack_commands.people import person_of
from slack_commands.settings import SlackSettings
from slack_commands.verbs import ONCE

if TYPE_CHECKING:
    from deadair.adapters.search import KnowledgeIndex

Response = dict[str, Any]
log = logging.getLogger(f"deadair.{__name__}")


@dataclass(frozen=True, slots=True)
class Room:
    """The room's neighbours, wired once."""

    settings: SlackSettings
    store: IncidentStore
    requests: RequestStore
    registry: RegistryStore
    secrets: Secrets
    knowledge: "Callable[[], KnowledgeIndex]"
    direct: Callable[[], Callable[[str, dict[str, Any]], None]]

    def context(self, command: Command, user: str, name: str, now: datetime, slash: str = SLASH) -> Context:
        """What a verb gets to know."""
        person = person_of(user, name, self.registry)
        links = Links(self.settings.web_url)
        actor = Actor(person, Source.SLACK)
        return Context(self.store, self.registry, self.knowledge, links, actor, command, now, slash)


def respond(room: Room, request: events.Request, now: datetime, ref: str) -> Response:
    """Answer one request. Raises Unavailable only when the signing secret cannot be had."""
    stamp, signature = request.header("x-slack-request-timestamp"), request.header("x-slack-signature")
    if not is_genuine(room.secrets.get("signing-secret"), stamp, signature, request.body, now.timestamp()):
        return _bare(401)
    door = DOORS.get(request.path.rstrip("/").rpartition("/")[2])
    return door(room, request, now, ref) if door else _bare(404)


def commands(room: Room, request: events.Request, now: datetime, ref: str) -> Response:
    """A slash command: answered in the same request."""
    form = events.form_from(request.body)
    if form.get("ssl_check") == "1":
        return _bare(200)
    sent = events.slash_command(form)
    if _other_team(room, sent.team):
        return _said(403, "other_team")
    if not sent.command or not sent.user:
        return _said(400, "no_command" if not sent.command else "no_user")
    if sent.response_url and not hooks.may_call(sent.response_url, room.settings.slack_hooks):
        return _said(400, "response_url")
    command = parse(sent.text)
    context = room.context(command, sent.user, sent.user_name, now, sent.command[:40])
    if command.verb not in ONCE:
        return _json(answer(context, ref).body())
    stamp = "" if sent.trigger else str(request.header("x-slack-request-timestamp"))
    return _json(once(room, _digest(request.body, stamp.encode()), context, ref))


def interactions(room: Room, request: events.Request, now: datetime, ref: str) -> Response:
    """A pressed button: answered through its response_url, because Slack shows no other answer to it."""
    form = events.form_from(request.body)
    if form.get("ssl_check") == "1":
        return _bare(200)
    payload = events.json_from(form.get("payload", ""))
    if payload is None:
        return _said(400, "payload")
    if _other_team(room, events.team_of(payload)):
        return _said(403, "other_team")
    press = events.press_from(payload)
    return _press(room, press, now, ref) if press and not buttons.is_link(press.action) else _bare(200)


def _press(room: Room, press: events.Press, now: datetime, ref: str) -> Response:
    if not press.user:
        return _said(400, "no_user")
    if press.response_url and not hooks.may_call(press.response_url, room.settings.slack_hooks):
        return _said(400, "response_url")
    body = pressed(room, press, now, ref)
    if press.response_url and not hooks.post(press.response_url, body):
        _directly(room, press, body, now, ref)
    return _bare(200)


def _directly(room: Room, press: events.Press, body: dict[str, Any], now: datetime, ref: str) -> None:
    """The answer as a direct message: at most once for an address, for it is better lost than told twice."""
    key = _digest(b"direct", press.response_url.encode())
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
    key = _digest(*(part.encode() for part in (press.user, press.place, press.action, press.value)))
    return once(room, key, context, ref) | REPLACE


def slack_events(room: Room, request: events.Request, _now: datetime, _ref: str) -> Response:
    """The Events API: only the handshake has an answer; an event that nobody asked for is taken and dropped."""
    payload = events.json_from(request.body)
    if payload is None:
        return _said(400, "payload")
    if payload.get("type") == "url_verification":
        challenge = payload.get("challenge")
        return _json({"challenge": challenge}) if isinstance(challenge, str) else _said(400, "payload")
    return _said(403, "other_team") if _other_team(room, events.team_of(payload)) else _bare(200)


def once(room: Room, key: str, context: Context, ref: str) -> dict[str, Any]:
    """Do the work for the first delivery of a request; give the others the same answer."""
    try:
        if not room.requests.begin(key, context.now):
            return room.requests.answer(key) or Reply(say("answers.error.working")).body()
    except (BotoCoreError, ClientError):
        log.exception("a command could not be begun", extra={"ref": ref, "verb": context.command.verb})
        return not_begun(context, ref).body()
    body = answer(context, ref).body()
    try:
        room.requests.finish(key, body)
    except (BotoCoreError, ClientError):
        log.exception("an answer could not be kept", extra={"ref": ref})
    return body


KEEP = {"replace_original": False}
REPLACE = {"replace_original": True}
DOORS: dict[str, Callable[[Room, events.Request, datetime, str], Response]] = {
    "commands": commands,
    "interactions": interactions,
    "events": slack_events,
}


def _other_team(room: Room, team: str) -> bool:
    """Whether a request comes from another workspace than the configured one."""
    return bool(room.settings.slack_team) and team != room.settings.slack_team


def _digest(*parts: bytes) -> str:
    framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hashlib.blake2b(framed, digest_size=16).hexdigest()


def _bare(status: int) -> Response:
    return {"statusCode": status, "headers": {"cache-control": "no-store"}, "body": ""}


def _said(status: int, key: str) -> Response:
    headers = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": plain(f"answers.http.{key}")}


def _json(body: dict[str, Any]) -> Response:
    headers = {"content-type": "application/json; charset=utf-8", "cache-control": "no-store"}
    return {"statusCode": 200, "headers": headers, "body": json.dumps(body, ensure_ascii=False)}
