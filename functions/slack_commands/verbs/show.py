"""`show`: one incident, as on the card."""

from deadair.adapters.slack.card import Known, incident_card
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply


def run(context: Context) -> Reply:
    """The card, only for the person who asks."""
    return on_incident(context, _show)


def _show(context: Context, number: int) -> Reply:
    incident = context.store.get(number)
    postmortem = None if incident.is_open else context.store.postmortem(number)
    card = incident_card(incident, context.links, Known(postmortem=postmortem))
    return Reply(card.text, card.blocks)
