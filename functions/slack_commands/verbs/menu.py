"""The bare command: the person's open incidents with buttons, and the two things that somebody without one may want."""

from deadair.adapters.slack import actions as ids
from deadair.adapters.slack.blocks import Block, actions, button, section
from deadair.adapters.slack.mrkdwn import lines_of
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.incident import Incident
from deadair.domain.stages import Status
from slack_commands.choosing import SHOWN, is_mine
from slack_commands.context import Context, Reply
from slack_commands.running import Offer, offer_buttons
from slack_commands.verbs.list import line


def run(context: Context) -> Reply:
    """At most five, newest first."""
    mine = [incident for incident in context.store.open_incidents() if is_mine(incident, context)]
    title = say("answers.menu.title") if mine else say("answers.menu.none")
    more = len(mine) - SHOWN
    following = [say("answers.menu.more", count=more, list=context.typed("list", "mine"))] if more > 0 else []
    past = say("answers.menu.past", search=context.typed("search", "hubspot 401"))
    blocks: list[Block] = [section(title)]
    for incident in mine[:SHOWN]:
        blocks += [section(line(context, incident)), actions(*_steps(incident))]
    blocks += [*map(section, following), section(past), actions(*_without_one())]
    shown = [line(context, incident) for incident in mine[:SHOWN]]
    return Reply(lines_of([title, *shown, *following, past]), tuple(blocks))


def _steps(incident: Incident) -> list[Block]:
    """What may be done without a word typed: each button is the card's."""
    steps = [(ids.ADD_NOTE, "note"), (ids.RESOLVE, "resolve")]
    if incident.status is Status.OPEN:
        steps.insert(0, (ids.ACKNOWLEDGE, "ack"))
    value = ids.value_of(incident)
    return [button(plain(f"card.buttons.{name}"), action, value, primary=name == "ack") for action, name in steps]


def _without_one() -> list[Block]:
    """What needs no incident. The form may be opened again from the same menu; a command runs once from where it is."""
    helping = offer_buttons(Offer(plain("answers.menu.help_button"), "help"))
    return [button(plain("answers.menu.open_button"), ids.OPEN_ONE, "open"), *helping]
