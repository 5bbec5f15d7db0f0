"""A message of Slack's as a line of the timeline: straight away where it is clear of which incident, else by a modal.

Knows what belongs to a message and how its incident is found: its thread, else the person's only open one. Refuses to
guess between two.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from deadair.adapters.slack.carried import ID, TS, Carried, Origin
from deadair.adapters.slack.cleaning import clean
from deadair.adapters.slack.inputs import TYPED, View
from deadair.adapters.slack.mrkdwn import cut, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.views.opening import keep_modal
from deadair.domain.incident import Incident
from deadair.domain.redaction import redact
from deadair.domain.standing_in import everybody
from deadair.usecases.keep_message import Said, keep_message
from deadair.usecases.steadily import steadily
from slack_commands.choosing import is_mine
from slack_commands.context import Context, Reply
from slack_commands.modals.sent import Sent, Wrong
from slack_commands.payloads import list_in, object_in, text_in
from slack_commands.running import after_step
from slack_commands.times import shown

PERSON = re.compile(r"<@([A-Z0-9]{2,40})(\|[^>]*)?>")
SHOWN, NAME = 300, 80
CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a channel, as far as a timeline needs it. `thread` is the ts of the message above it."""

    origin: Origin
    text: str
    thread: str = ""
    incident: int | None = None

    @property
    def at(self) -> datetime:
        """When it was written."""
        return datetime.fromtimestamp(float(self.origin.ts), UTC)

    def said(self) -> Said:
        """As the use case takes it."""
        return Said(self.origin.key, self.origin.author, self.at, self.text, self.origin.permalink)


def message_from(context: Context, channel: str, told: Mapping[str, Any], permalink: str = "") -> Message | None:
    """Read a message object; None for one that cannot be pointed to."""
    ts, thread = text_in(told.get("ts")), text_in(told.get("thread_ts"))
    if not ID.fullmatch(channel) or not TS.fullmatch(ts):
        return None
    origin = Origin(channel, ts, _author(context, told), permalink)
    return Message(origin, _text(context, told), thread if thread != ts else "", incident_of(told))


def incident_of(told: Mapping[str, Any]) -> int | None:
    """The number of the incident whose card or thread line a message of ours is."""
    payload = object_in(object_in(told, "metadata"), "event_payload")
    found = re.fullmatch(r"INC-([0-9]{1,9})", text_in(payload.get("incident")))
    return int(found[1]) if found else None


def candidates(context: Context) -> list[Incident]:
    """The open incidents, the person's own first."""
    found = context.store.open_incidents(CANDIDATES)
    return sorted(found, key=lambda incident: not is_mine(incident, context))


def only_one(context: Context, found: list[Incident]) -> int | None:
    """The person's only open incident; None when there is none or more than one."""
    mine = [incident for incident in found if is_mine(incident, context)]
    return mine[0].number if len(mine) == 1 else None


def keep(context: Context, number: int, message: Message) -> Reply:
    """Write it into that timeline; the answer to a second time says so."""
    if not message.text:
        return Reply(say("modals.keep.empty"), refused=True)
    said = message.said()
    kept = steadily(lambda: keep_message(context.store, number, context.actor, said, now=context.now))
    if not kept.is_new:
        return Reply(say("modals.keep.already", id=kept.incident.id))
    words = {"at": shown(context, said.at), "text": one_line(redact(said.text), SHOWN)}
    return after_step(context, kept.incident, say("modals.keep.done", id=kept.incident.id, **words))


def asking(found: list[Incident], message: Message, answer_to: str) -> View:
    """The form that asks to which incident it belongs."""
    carried = Carried(answer_to=answer_to, origin=message.origin)
    text = cut(message.text, TYPED)
    return keep_modal(found, text, message.origin.author, message.at, carried)


def take_keeping(context: Context, sent: Sent) -> Reply:
    """Keep the message of which the form was about."""
    number, origin = sent.text("incident"), sent.carried.origin if sent.carried else None
    if origin is None or not number.isascii() or not number.isdigit():
        raise Wrong({"incident": plain("modals.keep.choose")})
    return keep(context, int(number[:9]), Message(origin, sent.text("text")))


def _author(context: Context, told: Mapping[str, Any]) -> str:
    """Who wrote it: a person by their own name, an app by its."""
    user = text_in(told.get("user"))
    known = next((person.name for person in everybody(context.directory.rows()) if person.slack_id == user), "")
    member = context.directory.member(user, context.now) if user and not known else None
    profile = text_in(object_in(told, "bot_profile").get("name")) or text_in(told.get("username"))
    return one_line(known or (member.name if member else "") or profile or user or "?", NAME)


def _text(context: Context, told: Mapping[str, Any]) -> str:
    """What it says, with people by their names, and the names of its files."""
    names = {person.slack_id: person.name for person in everybody(context.directory.rows())}
    raw = PERSON.sub(lambda found: f"<@{found[1]}|{names.get(found[1]) or found[1]}>", text_in(told.get("text")))
    files = [text_in(file.get("name")) for file in list_in(told, "files") if isinstance(file, dict)]
    shown_files = [plain("modals.keep.file", name=one_line(name, NAME)) for name in files if name]
    return "\n".join(part for part in (clean(raw)[0], *shown_files) if part)
