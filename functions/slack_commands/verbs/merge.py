"""`merge`: this is the same break as that one; from now on it is told there."""

import re

from deadair.adapters.slack.mrkdwn import link
from deadair.adapters.slack.phrases import say
from deadair.adapters.slack.tokens import reference
from deadair.domain.incident import parse_number
from deadair.usecases.merge import merge
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.running import after_step

INTO = re.compile(r"(?:into|with|to|in)\s+", re.IGNORECASE)


def run(context: Context) -> Reply:
    """`merge 43 into 42`, `merge into 42`."""
    said = INTO.sub("", context.command.text, count=1) if INTO.match(context.command.text) else context.command.text
    into = parse_number(reference(said.split(maxsplit=1)[0]) if said else "")
    if into is None:
        command = context.typed("merge", context.command.ref or "43", "into", "42")
        return Reply(say("answers.merge.into_what", command=command), refused=True)
    return on_incident(context, lambda ctx, number: _merge(ctx, number, into))


def _merge(context: Context, number: int, into: int) -> Reply:
    incident = steadily(lambda: merge(context.store, number, into, context.actor, now=context.now))
    kept = link(context.links.incident(into), f"INC-{into}")
    text = say("answers.merge.done", id=incident.id, into=kept, show=context.typed("show", into))
    return after_step(context, incident, text)
