"""The bare command: the person's open incidents with buttons."""

from deadair.adapters.slack.blocks import Block, actions, section
from deadair.adapters.slack.card_buttons import card_buttons
from deadair.adapters.slack.mrkdwn import lines_of
from deadair.adapters.slack.phrases import say
from slack_commands.choosing import SHOWN, is_mine
from slack_commands.context import Context, Reply
from slack_commands.verbs.list import line


def run(context: Context) -> Reply:
    """At most five, newest first."""
    mine = [incident for incident in context.store.open_incidents() if is_mine(incident, context)]
    title = say("answers.menu.title") if mine else say("answers.menu.none")
    helping = say("answers.menu.help", help=context.typed("help"), search=context.typed("search", "hubspot 401"))
    blocks: list[Block] = [section(title)]
    for incident in mine[:SHOWN]:
        blocks += [section(line(context, incident)), actions(*card_buttons(incident, context.links))]
    text = lines_of([title, *(line(context, incident) for incident in mine[:SHOWN]), helping])
    return Reply(text, (*blocks, section(helping)))
