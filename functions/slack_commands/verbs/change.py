"""`change`: what was changed near the start, and when. It stands beside the integration's other changes."""

from datetime import datetime

from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.redaction import redact
from deadair.usecases.note_change import note_change
from deadair.usecases.steadily import steadily
from slack_commands.context import Context, Reply
from slack_commands.running import after_step
from slack_commands.times import shown, then

SHOWN = 300


def run(context: Context) -> Reply:
    """`change 42 new API key in HubSpot --at 10:12`. Words after the time belong to the change."""
    return then(context, _note)


def _note(context: Context, number: int, text: str, at: datetime | None) -> Reply:
    at = at or context.said_at
    changes = ChangeStore(context.store.client, context.store.table)
    incident = steadily(
        lambda: note_change(changes, context.store, number, context.actor, text, now=context.now, occurred_at=at)
    )
    told = {"id": incident.id, "text": one_line(redact(text), SHOWN), "at": shown(context, at or context.now)}
    return after_step(context, incident, say("answers.change.done", **told))
