"""`ack`: I have it."""

from deadair.adapters.slack.card import first_step
from deadair.adapters.slack.phrases import say
from deadair.domain.errors import IllegalTransition
from deadair.domain.incident import Incident
from deadair.domain.stages import Status
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.people import is_me
from slack_commands.racing import as_it_is, meanwhile


def run(context: Context) -> Reply:
    """Acknowledge; a second time by the same person is the same answer."""
    return on_incident(context, take)


def take(context: Context, number: int) -> Reply:
    """Acknowledge one incident."""
    try:
        incident = steadily(lambda: acknowledge(context.store, number, context.actor, now=context.now))
    except IllegalTransition as refusal:
        incident = as_it_is(context, number, refusal)
        mine = incident.status is Status.ACKNOWLEDGED and is_me(incident.acknowledged_by, context.actor.person)
        return done(context, incident) if mine else meanwhile(context, incident)
    return done(context, incident)


def done(context: Context, incident: Incident) -> Reply:
    """That they have it, and what to do first."""
    return Reply(
        say(
            "answers.ack.done",
            id=incident.id,
            title=incident.title,
            first=first_step(incident),
            note=context.typed("note", incident.number, "…"),
            resolve=context.typed("resolve", incident.number, "…"),
        )
    )
