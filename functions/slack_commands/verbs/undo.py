"""`undo`: the person's own last step is taken back, or the one whose answer they are looking at. Twice, it stands."""

from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.incident import Incident
from deadair.usecases.steadily import steadily
from deadair.usecases.undo import undo
from slack_commands.choosing import LOOKED_AT, is_mine, on_incident
from slack_commands.context import Context, Reply
from slack_commands.running import offering
from slack_commands.running import undo as take_back

SHOWN = 300


def run(context: Context) -> Reply:
    """`undo`, `undo 42`, and what an Undo button says: `undo 42 <entry>`."""
    if context.command.ref:
        return on_incident(context, _undo)
    latest = max(_theirs(context), key=lambda incident: incident.touched_at or incident.opened_at, default=None)
    return _undo(context, latest.number) if latest else on_incident(context, _undo)


def _theirs(context: Context) -> list[Incident]:
    """Where their last step may have been: what they own or have, open or just ended."""
    found = [*context.store.open_incidents(), *context.store.past_incidents(LOOKED_AT).items]
    return [incident for incident in found if incident.touched_at is not None and is_mine(incident, context)]


def _undo(context: Context, number: int) -> Reply:
    entry = context.command.text.strip()
    done = steadily(lambda: undo(context.store, number, context.actor, entry=entry, now=context.now))
    text = say("answers.undo.done", id=done.incident.id, text=one_line(done.text, SHOWN))
    return offering(text, take_back(number, done.entry))
