"""The Events API: only the handshake has an answer; an event that nobody asked for is taken and dropped."""

from datetime import datetime

from slack_commands import events
from slack_commands.http import Response, as_json, bare, said
from slack_commands.room import Room


def slack_events(room: Room, request: events.Request, _now: datetime, _ref: str) -> Response:
    """What happened in Slack."""
    payload = events.json_from(request.body)
    if payload is None:
        return said(400, "payload")
    if payload.get("type") == "url_verification":
        challenge = payload.get("challenge")
        return as_json({"challenge": challenge}) if isinstance(challenge, str) else said(400, "payload")
    return said(403, "other_team") if room.is_another_team(events.team_of(payload)) else bare(200)
