"""`publish`: the postmortem as it is becomes its next version. The same as `pm 42 publish`."""

from dataclasses import replace

from slack_commands.context import Context, Reply
from slack_commands.verbs import pm


def run(context: Context) -> Reply:
    """`publish 42`."""
    return pm.run(replace(context, command=replace(context.command, text="publish")))
