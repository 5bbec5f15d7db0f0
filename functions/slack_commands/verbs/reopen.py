"""`reopen`: it was not over."""

from deadair.adapters.slack.phrases import say
from deadair.domain.errors import IllegalTransition
from deadair.usecases.reopen import reopen
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.racing import meanwhile, steadily


def run(context: Context) -> Reply:
    """Reopen; the text says why."""
    return on_incident(context, _reopen, past=True)


def _reopen(context: Context, number: int) -> Reply:
    why = context.command.text
    try:
        incident = steadily(lambda: reopen(context.store, number, context.actor, why, now=context.now))
    except IllegalTransition:
        return meanwhile(context, context.store.get(number))
    return Reply(
        say(
            "answers.reopen.done",
            id=incident.id,
            by=incident.acknowledged_by or incident.owner.name,
            note=context.typed("note", number, "…"),
            resolve=context.typed("resolve", number, "…"),
        )
    )
