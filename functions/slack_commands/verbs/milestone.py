"""`milestone`: when it really started, was detected, acknowledged, mitigated, resolved. The old time stays told."""

from datetime import datetime

from deadair.adapters.slack.mrkdwn import instant, lines_of, one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.stages import Milestone
from deadair.usecases.set_milestone import set_milestone
from deadair.usecases.steadily import steadily
from slack_commands import reading
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.running import after_step
from slack_commands.times import leading, shown


def run(context: Context) -> Reply:
    """`milestone 42 started 10:42 the first failed run`; without one, all five."""
    found, rest = reading.milestone(context.command.text)
    if found is None:
        return on_incident(context, _listed)
    said = " ".join(part for part in (context.command.flags.get("at", ""), rest) if part)
    at, reason = leading(context, said.removeprefix("at ").strip())
    if at is None:
        return _no_time(context, found, said)
    return on_incident(context, lambda ctx, number: _set(ctx, number, found, at, reason))


def _set(context: Context, number: int, milestone: Milestone, at: datetime, reason: str) -> Reply:
    incident = steadily(
        lambda: set_milestone(context.store, number, context.actor, milestone, at, reason, now=context.now)
    )
    text = say("answers.milestone.done", id=incident.id, name=milestone.value, at=shown(context, at))
    return after_step(context, incident, text)


def _listed(context: Context, number: int) -> Reply:
    incident = context.store.get(number)
    known = [(name, incident.when(name)) for name in Milestone]
    lines = [say("answers.milestone.line", name=name.value, at=instant(at) if at else "–") for name, at in known]
    command = context.typed("milestone", number, "started", "10:42", "…")
    how = say("answers.milestone.how", command=command)
    return Reply(lines_of([say("answers.milestone.title", id=incident.id), *lines, how]))


def _no_time(context: Context, milestone: Milestone, said: str) -> Reply:
    command = context.typed("milestone", context.command.ref or "42", milestone.value, "10:42", "…")
    key = "answers.milestone.no_time"
    return Reply(say(key, name=milestone.value, said=one_line(said, 60), command=command), refused=True)
