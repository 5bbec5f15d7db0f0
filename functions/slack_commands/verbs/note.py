"""`note`: a line in the timeline, now or `--at` another time."""

from datetime import datetime

from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.errors import NotFound
from deadair.domain.redaction import redact
from deadair.domain.typed_time import echo, leading_time
from deadair.usecases.note import note
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply

SHOWN = 300


def run(context: Context) -> Reply:
    """Add a note. Words after the time belong to the note: `--at 10:42 rotated the key`."""
    said = context.command.flags.get("at")
    if said is None:
        return on_incident(context, lambda ctx, number: add(ctx, number, ctx.command.text, None))
    at, rest = leading_time(said, context.now)
    if at is None:
        return odd_time(context, said)
    text = " ".join(part for part in (context.command.text, rest) if part)
    return on_incident(context, lambda ctx, number: add(ctx, number, text, at))


def add(context: Context, number: int, text: str, at: datetime | None) -> Reply:
    """Write the note on one incident."""
    try:
        incident = steadily(lambda: note(context.store, number, context.actor, text, now=context.now, occurred_at=at))
    except NotFound:
        return _number_as_text(context, number)
    shown = one_line(redact(text), SHOWN)
    if at is None:
        return Reply(say("answers.note.done", id=incident.id, text=shown))
    return Reply(say("answers.note.done_at", id=incident.id, text=shown, at=echo(at, context.now)))


def odd_time(context: Context, said: str) -> Reply:
    """A time that cannot be read."""
    examples = {
        "clock": context.typed("note", "…", "--at", "10:42"),
        "ago": context.typed("note", "…", "--at", "10m ago"),
        "full": context.typed("note", "…", "--at", f"{context.now:%Y-%m-%dT%H:%MZ}"),
    }
    return Reply(say("answers.error.odd_time", said=one_line(said, 60), **examples))


def _number_as_text(context: Context, number: int) -> Reply:
    """`note 401 errors are gone`: the number may have been meant as text."""
    text = one_line(f"{number} {context.command.text}", 60)
    again = context.typed("note", "42", text)
    return Reply(say("answers.error.number_as_text", id=f"INC-{number}", command=again))
