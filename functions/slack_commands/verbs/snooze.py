"""`snooze`: no notices for a while, with a reason. The incident stays open, and its timeline goes on."""

from datetime import datetime

from deadair.adapters.slack.mrkdwn import instant, one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.redaction import redact
from deadair.domain.typed_length import leading_until
from deadair.usecases.snooze import snooze
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply

SHOWN = 300


def run(context: Context) -> Reply:
    """`snooze 30m why`, `snooze 42 until 14:00 why`."""
    until, why = leading_until(context.command.text, context.now)
    if until is None:
        command = context.typed("snooze", context.command.ref or "42", "30m", "…")
        return Reply(say("answers.snooze.how_long", command=command))
    return on_incident(context, lambda ctx, number: _snooze(ctx, number, until, why))


def _snooze(context: Context, number: int, until: datetime, why: str) -> Reply:
    incident = steadily(lambda: snooze(context.store, number, context.actor, until, why, now=context.now))
    hold = incident.snooze
    return Reply(
        say(
            "answers.snooze.done",
            id=incident.id,
            until=instant(hold.until if hold and hold.until else until),
            why=one_line(redact(why), SHOWN),
            wake=context.typed("unsnooze", number),
        )
    )
