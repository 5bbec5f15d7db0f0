"""A slash command: answered in the same request."""

from datetime import datetime

from deadair.adapters.slack import hooks
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.grammar import parse
from slack_commands import events
from slack_commands.dispatch import answer
from slack_commands.http import Response, as_json, bare, said
from slack_commands.once import digest, once
from slack_commands.room import Room
from slack_commands.verbs import ONCE


def commands(room: Room, request: events.Request, now: datetime, ref: str) -> Response:
    """What was typed after the command, worked."""
    form = events.form_from(request.body)
    if form.get("ssl_check") == "1":
        return bare(200)
    sent = events.slash_command(form)
    if room.is_another_team(sent.team):
        return said(403, "other_team")
    if not sent.command or not sent.user:
        return said(400, "no_command" if not sent.command else "no_user")
    if sent.response_url and not hooks.may_call(sent.response_url, room.settings.slack_hooks):
        return said(400, "response_url")
    command = parse(sent.text)
    context = room.context(command, sent.user, sent.user_name, now, sent.command[:40])
    context = room.asking(context, Carried(answer_to=sent.response_url), sent.trigger)
    if command.verb not in ONCE:
        return as_json(answer(context, ref).body())
    stamp = "" if sent.trigger else str(request.header("x-slack-request-timestamp"))
    body = once(room, digest(request.body, stamp.encode()), context, ref)
    room.stepped(context, ref)
    return as_json(body)
