"""`assign`: give the incident to one named person; without a person, say whose it is."""

from deadair.adapters.slack.card import first_step
from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person, same_person
from deadair.usecases.assign import assign
from deadair.usecases.steadily import steadily
from slack_commands import reading
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.people import meant
from slack_commands.running import after_step


def run(context: Context) -> Reply:
    """Hand over, or show the owner. `assign 42 me why` takes it from somebody else."""
    return on_incident(context, _assign)


def _assign(context: Context, number: int) -> Reply:
    if not context.command.text and not context.command.mentions:
        return _current(context, context.store.get(number))
    people = meant(context.directory, context.command, context.actor.person, context.now)
    if len(people) != 1:
        return _unsure(context, number, people)
    owner, reason = people[0], _reason(context, people[0])
    incident = context.store.get(number)
    if incident.is_open and same_person(incident.owner, owner):
        return Reply(say("answers.assign.same", id=incident.id, owner=owner.name), refused=True)
    incident = steadily(lambda: assign(context.store, number, context.actor, owner, now=context.now, reason=reason))
    return _done(context, incident)


def _reason(context: Context, owner: Person) -> str:
    """The words after the person, and those behind `--override`."""
    text = context.command.text
    whole = text.lstrip("@").casefold() in {owner.name.casefold(), owner.email.casefold()}
    rest = "" if whole else reading.words(text, 1)[1]
    return " ".join(part for part in (rest, context.command.flags.get("override", "")) if part)


def _done(context: Context, incident: Incident) -> Reply:
    if same_person(incident.owner, context.actor.person):
        typed = {"ack": context.typed("ack", incident.number), "note": context.typed("note", incident.number, "…")}
        text = say("answers.assign.self", id=incident.id, first=first_step(incident), **typed)
        return after_step(context, incident, text)
    key = "answers.assign.done" if incident.owner.slack_id else "answers.assign.no_slack"
    return after_step(context, incident, say(key, id=incident.id, owner=incident.owner.name))


def _current(context: Context, incident: Incident) -> Reply:
    command = context.typed("assign", incident.number, "@…")
    return Reply(say("answers.assign.current", id=incident.id, owner=incident.owner.name, command=command))


def _unsure(context: Context, number: int, people: list[Person]) -> Reply:
    said, command = one_line(context.command.text, 60), context.typed("assign", number, "@…")
    if not people:
        return Reply(say("answers.assign.unknown", said=said, command=command), refused=True)
    names = ", ".join(person.name for person in people[:5])
    return Reply(say("answers.assign.several", said=said, names=names, command=command), refused=True)
