"""`attest`: "still mine, still correct". No review asks for it yet, so this says what would be asked about.

Knows the person's integrations. Refuses to take an answer to a question that nobody has asked.
"""

from deadair.adapters.slack.mrkdwn import lines_of, one_line
from deadair.adapters.slack.phrases import say
from slack_commands.choosing import rows_of
from slack_commands.context import Context, Reply
from slack_commands.verbs.who import line_of, matching

SHOWN = 10
EVERY = frozenset({"", "all", "mine", "me"})


def run(context: Context) -> Reply:
    """That no review is under way; below it what is theirs, or whose the named integration is."""
    said = context.command.text
    rows = context.registry.rows()
    nothing = say("answers.attest.none")
    if said.casefold() not in EVERY:
        found = matching(said, rows)
        lines = [line_of(row) for row in found[:SHOWN]] or [say("answers.attest.unknown", said=one_line(said, 60))]
        return Reply(lines_of([nothing, *lines]))
    mine = rows_of(context.actor.person, rows)
    if not mine:
        return Reply(lines_of([nothing, say("answers.attest.nothing_yours")]))
    change = say("answers.attest.change", who=context.typed("who", mine[0].slug))
    return Reply(lines_of([nothing, say("answers.attest.yours"), *map(line_of, mine[:SHOWN]), change]))
