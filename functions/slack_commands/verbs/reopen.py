"""`reopen`: it was not over."""

from deadair.adapters.slack.phrases import say
from deadair.domain.errors import IllegalTransition
from deadair.domain.stages import Status
from deadair.usecases.reopen import reopen
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.racing import as_it_is, meanwhile
from slack_commands.running import after_step


def run(context: Context) -> Reply:
    """Reopen; the text says why."""
    return on_incident(context, _reopen, past=True)


def _reopen(context: Context, number: int) -> Reply:
    why = context.command.text
    try:
        incident = steadily(lambda: reopen(context.store, number, context.actor, why, now=context.now))
    except IllegalTransition as refusal:
        incident = as_it_is(context, number, refusal)
        if incident.status is Status.RESOLVED:
            raise  # not because somebody was faster
        return meanwhile(context, incident)
    text = say(
        "answers.reopen.done",
        id=incident.id,
        by=incident.acknowledged_by or incident.owner.name,
        note=context.typed("note", number, "…"),
        resolve=context.typed("resolve", number, "…"),
    )
    return after_step(context, incident, text)
