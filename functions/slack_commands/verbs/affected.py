"""`affected`: who or what suffers, in words or as a count."""

from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import say
from deadair.usecases.say_affected import say_affected
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.running import after_step

SHOWN = 300


def run(context: Context) -> Reply:
    """`affected 42 1200 contacts`; without words, what is known."""
    return on_incident(context, _say if context.command.text else _current)


def _say(context: Context, number: int) -> Reply:
    text = context.command.text
    incident = steadily(lambda: say_affected(context.store, number, context.actor, text, now=context.now))
    told = say("answers.affected.done", id=incident.id, text=one_line(incident.affected, SHOWN))
    return after_step(context, incident, told)


def _current(context: Context, number: int) -> Reply:
    incident = context.store.get(number)
    command = context.typed("affected", number, "1200", "contacts")
    key = "current" if incident.affected else "nobody"
    text = one_line(incident.affected, SHOWN)
    return Reply(say(f"answers.affected.{key}", id=incident.id, text=text, command=command))
