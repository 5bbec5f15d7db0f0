"""`assign`: give the incident to one named person; without a person, say whose it is."""

from deadair.adapters.slack.card import first_step
from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.usecases.assign import assign
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.people import meant


def run(context: Context) -> Reply:
    """Hand over, or show the owner."""
    return on_incident(context, _assign)


def _assign(context: Context, number: int) -> Reply:
    if not context.command.text and not context.command.mentions:
        return _current(context, context.store.get(number))
    people = meant(context.directory, context.command, context.actor.person, context.now)
    if len(people) != 1:
        return _unsure(context, number, people)
    owner = people[0]
    incident = context.store.get(number)
    if _same(incident.owner, owner):
        return Reply(say("answers.assign.same", id=incident.id, owner=owner.name))
    incident = steadily(lambda: assign(context.store, number, context.actor, owner, now=context.now))
    return _done(context, incident)


def _done(context: Context, incident: Incident) -> Reply:
    if _same(incident.owner, context.actor.person):
        typed = {"ack": context.typed("ack", incident.number), "note": context.typed("note", incident.number, "…")}
        return Reply(say("answers.assign.self", id=incident.id, first=first_step(incident), **typed))
    key = "answers.assign.done" if incident.owner.slack_id else "answers.assign.no_slack"
    return Reply(say(key, id=incident.id, owner=incident.owner.name))


def _current(context: Context, incident: Incident) -> Reply:
    command = context.typed("assign", incident.number, "@…")
    return Reply(say("answers.assign.current", id=incident.id, owner=incident.owner.name, command=command))


def _unsure(context: Context, number: int, people: list[Person]) -> Reply:
    said, command = one_line(context.command.text, 60), context.typed("assign", number, "@…")
    if not people:
        return Reply(say("answers.assign.unknown", said=said, command=command))
    names = ", ".join(person.name for person in people[:5])
    return Reply(say("answers.assign.several", said=said, names=names, command=command))


def _same(one: Person, other: Person) -> bool:
    return one.slack_id == other.slack_id if one.slack_id and other.slack_id else one == other
