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
    """Acknowledge; a second time by the same person is the same answer. Words that follow are kept as a note."""
    if context.command.mentions and context.command.text.startswith("@"):
        return on_incident(context, _for_another)
    return on_incident(context, take)


def take(context: Context, number: int) -> Reply:
    """Acknowledge one incident."""
    try:
        incident = steadily(lambda: acknowledge(context.store, number, context.actor, now=context.now))
    except IllegalTransition as refusal:
        incident = as_it_is(context, number, refusal)
        return done(context, incident) if _has_it(context, incident) else meanwhile(context, incident)
    told = done(context, incident)
    if not context.command.text:
        return told
    steadily(lambda: note(context.store, number, context.actor, context.command.text, now=context.now))
    text = lines_of([told.text, say("answers.ack.noted")])
    return after_step(context, incident, text)


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
    return after_step(context, incident, text)


def _has_it(context: Context, incident: Incident) -> bool:
    holder = incident.holder
    mine = holder is not None and same_person(holder, context.actor.person)
    return mine and incident.status is Status.ACKNOWLEDGED


def _for_another(context: Context, number: int) -> Reply:
    """Nobody can say for another that they have it: it can be given to them."""
    name = context.command.mentions[0].name or context.command.mentions[0].slack_id
    return Reply(say("answers.ack.another", command=context.typed("assign", number, f"@{name}")), refused=True)
