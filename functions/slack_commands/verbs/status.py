"""`status`: the stage that people call it by is the step that leads there; without one, the incident."""

from collections.abc import Callable
from dataclasses import replace

from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import plain, say
from slack_commands import reading
from slack_commands.context import Context, Reply
from slack_commands.times import NOW_ONLY, not_then
from slack_commands.verbs import ack, mitigate, note, resolve, show

STAGES: dict[str, str] = {
    "investigating": "ack",
    "acknowledged": "ack",
    "identified": "note",
    "mitigated": "mitigate",
    "monitoring": "mitigate",
    "resolved": "resolve",
}
STEPS: dict[str, Callable[[Context], Reply]] = {
    "ack": ack.run,
    "mitigate": mitigate.run,
    "note": note.run,
    "resolve": resolve.run,
}


def run(context: Context) -> Reply:
    """`status 42 mitigated we paused the sync` is `mitigate 42 we paused the sync`."""
    stage, rest = reading.words(context.command.text, 1)
    if not stage:
        return show.run(context)
    step = STAGES.get(stage.casefold().strip(".,:;!"))
    if step is None:
        known = ", ".join(f"`{name}`" for name in STAGES)
        command = context.typed("status", context.command.ref or "42", "mitigated", "…")
        return Reply(
            say("answers.status.unknown", said=one_line(stage, 40), known=known, command=command), refused=True
        )
    if step in NOW_ONLY and "at" in context.command.flags:
        return not_then(context)
    text = rest if step != "note" else plain("answers.status.identified", text=rest).strip()
    return STEPS[step](replace(context, command=replace(context.command, verb=step, text=text)))
