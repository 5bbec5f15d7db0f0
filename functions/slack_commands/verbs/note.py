"""`note`: a line in the timeline, now or `--at` another time."""

from datetime import datetime

from deadair.adapters.slack.mrkdwn import lines_of, one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.errors import NotFound
from deadair.domain.redaction import redact
from deadair.usecases.note import note
from deadair.usecases.steadily import steadily
from slack_commands.context import OPENED, Context, Reply
from slack_commands.running import after_step
from slack_commands.times import shown, then

SHOWN = 300


def run(context: Context) -> Reply:
    """Add a note. Words after the time belong to the note: `--at 10:42 rotated the key`."""
    return then(context, add)


def add(context: Context, number: int, text: str, at: datetime | None) -> Reply:
    """Write the note on one incident; without words a form asks for them."""
    if not text and context.ask("note", number):
        return OPENED
    at = at or context.said_at
    try:
        incident = steadily(lambda: note(context.store, number, context.actor, text, now=context.now, occurred_at=at))
    except NotFound:
        return _number_as_text(context, number)
    when = {} if at is None else {"at": shown(context, at)}
    added = say("answers.note.done_at" if when else "answers.note.done", id=incident.id, **when)
    return after_step(
        context, incident, lines_of([added, say("answers.note.text", text=one_line(redact(text), SHOWN))])
    )


def _number_as_text(context: Context, number: int) -> Reply:
    """`note 401 errors are gone`: the number may have been meant as text."""
    text = one_line(f"{number} {context.command.text}", 60)
    again = context.typed("note", "42", text)
    return Reply(say("answers.error.number_as_text", id=f"INC-{number}", command=again), refused=True)
