"""`drill`: practice. There is none to be had from Slack yet, so this says what there is, and invents nothing."""

from deadair.adapters.slack.mrkdwn import lines_of
from deadair.adapters.slack.phrases import say
from slack_commands.context import Context, Reply
from slack_commands.verbs.who import line_of, matching


def run(context: Context) -> Reply:
    """That nothing was begun, what drills itself, and what to read in a quiet hour."""
    found = matching(context.command.text, context.registry.rows()) if context.command.text else []
    lines = [say("answers.drill.none"), say("answers.drill.line"), *(line_of(row) for row in found[:1])]
    read = say("answers.drill.instead", search=context.typed("search", found[0].slug if found else "hubspot"))
    return Reply(lines_of([*lines, read]))
