"""`unsnooze`: notices again from now on."""

from deadair.adapters.slack.phrases import say
from deadair.usecases.snooze import end_snooze
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply


def run(context: Context) -> Reply:
    """End the snooze of one incident."""
    return on_incident(context, _wake)


def _wake(context: Context, number: int) -> Reply:
    incident = steadily(lambda: end_snooze(context.store, number, context.actor, now=context.now))
    return Reply(say("answers.snooze.ended", id=incident.id))
