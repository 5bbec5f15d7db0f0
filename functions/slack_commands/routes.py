"""The doors of the room. Each: raw bytes, signature, and only then a look at what was sent.

Knows the order of checks. Refuses to say which part of a signature was wrong.
"""

from collections.abc import Callable
from datetime import datetime

from deadair.adapters.slack.signature import is_genuine
from slack_commands.doors.commands import commands
from slack_commands.doors.happenings import slack_events
from slack_commands.doors.interactions import interactions
from slack_commands.doors.options import options
from slack_commands.events import Request
from slack_commands.http import Response, bare
from slack_commands.room import Room

DOORS: dict[str, Callable[[Room, Request, datetime, str], Response]] = {
    "commands": commands,
    "interactions": interactions,
    "events": slack_events,
    "options": options,
}


def respond(room: Room, request: Request, now: datetime, ref: str) -> Response:
    """Answer one request. Raises Unavailable only when the signing secret cannot be had."""
    stamp, signature = request.header("x-slack-request-timestamp"), request.header("x-slack-signature")
    # While the secret is exchanged, both hold: they stand beside each other.
    secrets = room.secrets.get("signing-secret").split()
    if not any(is_genuine(secret, stamp, signature, request.body, now.timestamp()) for secret in secrets):
        return bare(401)
    door = DOORS.get(request.path.rstrip("/").rpartition("/")[2])
    return door(room, request, now, ref) if door else bare(404)
