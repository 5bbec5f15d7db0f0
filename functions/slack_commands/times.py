"""Times that people type, and times that they are answered: in the zone that they read.

Knows which verbs are recorded when they are said. Refuses to know what happened then.
"""

from collections.abc import Callable
from datetime import datetime

from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.typed_time import echo, leading_time
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply

# These are recorded when they are said; leaving a time out silently would make the durations wrong.
NOW_ONLY = frozenset({"ack", "mitigate", "resolve", "reopen", "assign"})


def leading(context: Context, said: str) -> tuple[datetime | None, str]:
    """The time that a text begins with, and the words after it."""
    return leading_time(said, context.heard_at, context.zone)


def shown(context: Context, at: datetime) -> str:
    """A time with the name of its zone: `10:42 CET`."""
    return echo(at, context.now, context.zone)


def odd_time(context: Context, said: str) -> Reply:
    """A time that cannot be read: three that can."""
    verb = context.command.verb or "note"
    examples = {
        "clock": context.typed(verb, "…", "--at", "10:42"),
        "ago": context.typed(verb, "…", "--at", "10m ago"),
        "full": context.typed(verb, "…", "--at", f"{context.now:%Y-%m-%dT%H:%MZ}"),
    }
    return Reply(say("answers.error.odd_time", said=one_line(said, 60), **examples), refused=True)


def then(context: Context, work: Callable[[Context, int, str, datetime | None], Reply]) -> Reply:
    """Do `work` on the incident with the words and the time behind `--at`; what follows the time is words."""
    said = context.command.flags.get("at")
    at, rest = (None, "") if said is None else leading(context, said)
    if said is not None and at is None:
        return odd_time(context, said)
    text = " ".join(part for part in (context.command.text, rest) if part)
    return on_incident(context, lambda ctx, number: work(ctx, number, text, at))


def not_then(context: Context) -> Reply:
    """A time was said to a verb that happens now."""
    command = context.typed("note", context.command.ref, "…", "--at", "10:42")
    return Reply(say("answers.error.no_time", command=command), refused=True)
