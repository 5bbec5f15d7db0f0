"""`split`: these alarms are another break; they get an incident of their own."""

from deadair.adapters.slack.mrkdwn import code, lines_of, link
from deadair.adapters.slack.phrases import say
from deadair.domain.incident import Incident
from deadair.usecases.split import split
from deadair.usecases.steadily import steadily
from deadair.usecases.step import entry_id
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.reading import alarm_names
from slack_commands.running import offering, undo

SHOWN = 20


def run(context: Context) -> Reply:
    """`split 42 hubspot-latency`; without a name, the alarms that there are."""
    return on_incident(context, _split)


def _split(context: Context, number: int) -> Reply:
    incident = context.store.get(number)
    names = alarm_names(context.command.text, (alarm.name for alarm in incident.alarms.values()))
    if not names:
        return _ask(context, incident)
    made = steadily(lambda: split(context.store, number, names, context.actor, now=context.now))
    text = say(
        "answers.split.done",
        id=incident.id,
        new=link(context.links.incident(made.number), made.id),
        alarms=", ".join(sorted(alarm.name for alarm in made.alarms.values())[:SHOWN]),
        ack=context.typed("ack", made.number),
    )
    return offering(text, undo(number, entry_id(context.store.get(number), context.now)))


def _ask(context: Context, incident: Incident) -> Reply:
    names = sorted({alarm.name for alarm in incident.alarms.values()})[:SHOWN]
    command = context.typed("split", incident.number, names[0] if names else "alarm-name")
    asked = say("answers.split.which", id=incident.id, command=command)
    return Reply(lines_of([asked, *(say("answers.split.line", name=code(name)) for name in names)]))
