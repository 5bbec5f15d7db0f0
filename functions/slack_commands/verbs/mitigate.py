"""`mitigate`: the harm has stopped, the cause is still there."""

from deadair.adapters.slack.phrases import say
from deadair.domain.errors import IllegalTransition
from deadair.usecases.mitigate import mitigate
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.racing import as_it_is, meanwhile
from slack_commands.running import after_step


def run(context: Context) -> Reply:
    """Mitigate; the text says how."""
    return on_incident(context, _mitigate)


def _mitigate(context: Context, number: int) -> Reply:
    how = context.command.text
    try:
        incident = steadily(lambda: mitigate(context.store, number, context.actor, how, now=context.now))
    except IllegalTransition as refusal:
        return meanwhile(context, as_it_is(context, number, refusal))
    text = say("answers.mitigate.done", id=incident.id, resolve=context.typed("resolve", number, "…"))
    return after_step(context, incident, text)
