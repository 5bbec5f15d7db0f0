"""What Slack lists below a field while somebody types into it."""

from datetime import datetime

from deadair.adapters.slack.grammar import Command
from slack_commands import events, payloads
from slack_commands.doors.forms import payload_in
from slack_commands.http import Response, as_json
from slack_commands.room import Room


def options(room: Room, request: events.Request, now: datetime, _ref: str) -> Response:
    """The integrations that fit; an empty list for any other field, and for whoever may do nothing here."""
    from deadair.adapters.slack.views.opening import INTEGRATION
    from slack_commands.modals import opening

    payload, refused = payload_in(room, request)
    if payload is None:
        return refused
    if payloads.text_in(payload.get("block_id")) != INTEGRATION:
        return as_json({"options": []})
    user = payloads.object_in(payload, "user")
    context = room.context(Command(), payloads.text_in(user.get("id")), payloads.user_name_of(user), now)
    if context.actor.rights.barred:
        return as_json({"options": []})
    return as_json({"options": opening.options(context, payloads.text_in(payload.get("value")))})
