"""`ack`: I have it."""

from deadair.adapters.slack.card import first_step
from deadair.adapters.slack.mrkdwn import lines_of
from deadair.adapters.slack.phrases import say
from deadair.domain.errors import IllegalTransition
from deadair.domain.incident import Incident
from deadair.domain.ownership import same_person
from deadair.domain.stages import Status
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.note import note
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.racing import as_it_is, meanwhile
from slack_commands.running import after_step


def run(context: Context) -> Reply:
    """Acknowledge; a second time by the same person is the same answer. Words that follow stand on the timeline."""
    if context.command.mentions and context.command.text.startswith("@"):
        return on_incident(context, _for_another)
    return on_incident(context, take)


def take(context: Context, number: int) -> Reply:
    """Acknowledge one incident."""
    said = context.command.text
    try:
        incident = steadily(lambda: acknowledge(context.store, number, context.actor, said, now=context.now))
    except IllegalTransition as refusal:
        incident = as_it_is(context, number, refusal)
        if not _has_it(context, incident):
            return meanwhile(context, incident)
        if said:
            incident = steadily(lambda: note(context.store, number, context.actor, said, now=context.now))
    return done(context, incident)


def done(context: Context, incident: Incident) -> Reply:
    """That they have it, and what to do first."""
    text = say(
        "answers.ack.done",
        id=incident.id,
        title=incident.title,
        first=first_step(incident),
        note=context.typed("note", incident.number, "…"),
        resolve=context.typed("resolve", incident.number, "…"),
    )
    noted = [say("answers.ack.noted")] if context.command.text else []
    return after_step(context, incident, lines_of([text, *noted]))


def _has_it(context: Context, incident: Incident) -> bool:
    holder = incident.holder
    mine = holder is not None and same_person(holder, context.actor.person)
    return mine and incident.status is Status.ACKNOWLEDGED


def _for_another(context: Context, number: int) -> Reply:
    """Nobody can say for another that they have it: it can be given to them."""
    name = context.command.mentions[0].name or context.command.mentions[0].slack_id
    return Reply(say("answers.ack.another", command=context.typed("assign", number, f"@{name}")), refused=True)
