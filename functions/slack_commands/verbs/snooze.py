"""`snooze`: no notices for a while, with a reason. The incident stays open, and its timeline goes on."""

from datetime import datetime

from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.redaction import redact
from deadair.domain.typed_length import leading_until
from deadair.usecases.snooze import snooze
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import OPENED, Context, Reply
from slack_commands.running import after_step
from slack_commands.times import shown

SHOWN = 300


def run(context: Context) -> Reply:
    """`snooze 30m why`, `snooze 42 until 14:00 why`."""
    until, why = leading_until(context.command.text, context.heard_at, context.zone)
    if until is None:
        return on_incident(context, _how_long)
    return on_incident(context, lambda ctx, number: _snooze(ctx, number, until, why))


def _snooze(context: Context, number: int, until: datetime, why: str) -> Reply:
    incident = steadily(lambda: snooze(context.store, number, context.actor, until, why, now=context.now))
    text = say(
        "answers.snooze.done",
        id=incident.id,
        until=shown(context, until),
        why=one_line(redact(why), SHOWN),
        wake=context.typed("unsnooze", number),
    )
    return after_step(context, incident, text)


def _how_long(context: Context, number: int) -> Reply:
    if not context.command.text and context.ask("snooze", number):
        return OPENED
    command = context.typed("snooze", number, "30m", "…")
    return Reply(say("answers.snooze.how_long", command=command), refused=True)
