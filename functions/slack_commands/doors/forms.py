"""The payload that a form of Slack's holds, checked before anybody works it.

Knows which forms are none of ours, and how each is answered. Refuses to know what a payload asks for.
"""

from typing import Any

from slack_commands import events, payloads
from slack_commands.http import Response, bare, said
from slack_commands.room import Room


def payload_in(room: Room, request: events.Request) -> tuple[dict[str, Any] | None, Response]:
    """The payload; None: there is none to work, and this is the answer."""
    form = events.form_from(request.body)
    if form.get("ssl_check") == "1":
        return None, bare(200)
    payload = events.json_from(form.get("payload", ""))
    if payload is None:
        return None, said(400, "payload")
    if room.is_another_team(payloads.team_of(payload)):
        return None, said(403, "other_team")
    return payload, bare(200)
