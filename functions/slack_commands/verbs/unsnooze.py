"""`unsnooze`: notices again from now on."""

from deadair.adapters.slack.phrases import say
from deadair.usecases.snooze import end_snooze
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.running import after_step


def run(context: Context) -> Reply:
    """End the snooze of one incident."""
    return on_incident(context, _wake)


def _wake(context: Context, number: int) -> Reply:
    incident = steadily(lambda: end_snooze(context.store, number, context.actor, now=context.now))
    return after_step(context, incident, say("answers.snooze.ended", id=incident.id))
