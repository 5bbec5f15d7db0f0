"""`show`: one incident, as on the card: what was found, what changed, what holds its notices back."""

from deadair.adapters.dynamodb.dossiers import read_dossier
from deadair.adapters.slack.card import Known, incident_card
from deadair.domain.holding import held
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply


def run(context: Context) -> Reply:
    """The card, only for the person who asks."""
    return on_incident(context, _show)


def _show(context: Context, number: int) -> Reply:
    dossier = read_dossier(context.store.client, context.store.table, number)
    postmortem = None if dossier.incident.is_open else dossier.postmortem
    hold = held(dossier.incident, context.now)
    card = incident_card(
        dossier.incident, context.links, Known(postmortem=postmortem, diagnosed=dossier.diagnosed, hold=hold)
    )
    return Reply(card.text, card.blocks)
