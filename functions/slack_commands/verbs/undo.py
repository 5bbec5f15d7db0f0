"""`undo`: the person's own last step is taken back, or the one whose answer they are looking at. Twice, it stands."""

from dataclasses import replace
from datetime import timedelta

from deadair.adapters.dynamodb.steps import KEPT, Step
from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.usecases.last_step import own_last
from deadair.usecases.steadily import steadily
from deadair.usecases.undo import undo
from slack_commands.choosing import LOOKED_AT, on_incident
from slack_commands.context import Context, Reply
from slack_commands.running import offering
from slack_commands.running import undo as take_back

SHOWN = 300
# A person's last step is on one of the incidents that somebody touched last.
TOUCHED = 10


def run(context: Context) -> Reply:
    """`undo`, `undo 42`, and what an Undo button says: `undo 42 <entry>`."""
    if context.command.ref or context.here is not None:
        return on_incident(context, lambda ctx, number: _undo(ctx, number, ctx.command.text.strip()))
    last = _last_anywhere(context)
    if last is None:
        hours = KEPT // timedelta(hours=1)
        return Reply(say("answers.undo.none", hours=hours, command=context.typed("undo", "42")), refused=True)
    return _undo(context, last.number, last.entry)


def _last_anywhere(context: Context) -> Step | None:
    """Their last step on any incident that was touched while steps are kept."""
    found = [*context.store.open_incidents(), *context.store.past_incidents(LOOKED_AT).items]
    touched = [(one.touched_at, one.number) for one in found if one.touched_at and context.now - one.touched_at < KEPT]
    latest = sorted(touched, reverse=True)[:TOUCHED]
    steps = [own_last(context.store, number, context.actor, context.now) for _, number in latest]
    return max((step for step in steps if step), key=lambda step: step.at, default=None)


def _undo(context: Context, number: int, entry: str) -> Reply:
    done = steadily(lambda: undo(context.store, number, context.actor, entry=entry, now=context.now))
    text = say("answers.undo.done", id=done.incident.id, text=one_line(done.text, SHOWN))
    offer = take_back(number, done.entry)
    return offering(text, offer if done.again else replace(offer, label=plain("answers.undo.again")))
