"""`false-alarm`: nothing was wrong. The incident ends and its time counts nowhere."""

from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.redaction import redact
from deadair.usecases.false_alarm import false_alarm
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import OPENED, Context, Reply
from slack_commands.running import after_step

SHOWN = 300


def run(context: Context) -> Reply:
    """`false-alarm 42 why`."""
    return on_incident(context, _end)


def _end(context: Context, number: int) -> Reply:
    why = context.command.text
    if not why and context.ask("false_alarm", number):
        return OPENED
    if not why:
        return Reply(say("answers.false_alarm.why", command=context.typed("false-alarm", number, "…")), refused=True)
    incident = steadily(lambda: false_alarm(context.store, number, context.actor, why, now=context.now))
    again = context.typed("reopen", number, "…")
    text = say("answers.false_alarm.done", id=incident.id, why=one_line(redact(why), SHOWN), reopen=again)
    return after_step(context, incident, text)
