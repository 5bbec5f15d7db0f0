"""The modal that opens an incident, and what Slack lists while somebody types.

Knows that what is open already is not opened twice: the words go into its timeline. Refuses to ask who may.
"""

from deadair.adapters.slack.blocks import Block
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.inputs import View
from deadair.adapters.slack.mrkdwn import link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.views.opening import INTEGRATION, NONE_OF_THESE, integrations, open_modal
from deadair.domain.ownership import Integration, same_person
from deadair.domain.severity import Severity
from deadair.usecases.note import note
from deadair.usecases.open_by_hand import open_by_hand
from deadair.usecases.steadily import steadily
from slack_commands.context import Context, Reply
from slack_commands.modals.sent import Sent, Wrong
from slack_commands.running import after_step, offering
from slack_commands.verbs.open import first_offers

TITLE = 120


def opening(context: Context, carried: Carried) -> View:
    """The form; words that were typed already stand in it."""
    return open_modal(carried, context.command.text)


def take_opening(context: Context, sent: Sent) -> Reply:
    """Open it, or add to what is open."""
    slug, text, said = sent.text(INTEGRATION), sent.text("text"), sent.text("severity")
    if not slug:
        raise Wrong({INTEGRATION: plain("modals.open.none")})
    severity = Severity(said) if said in set(Severity) else None
    rows, fallback = context.directory.rows(), context.fallback
    slug = "" if slug == NONE_OF_THESE else slug
    done = open_by_hand(context.store, rows, slug, context.actor, severity, text, now=context.now, fallback=fallback)
    incident = done.incident
    if not done.opened and text:
        incident = steadily(lambda: note(context.store, incident.number, context.actor, text, now=context.now))
    told = say(
        "modals.open.done" if done.opened else "modals.open.already",
        title=one_line(incident.title, TITLE),
        owner=incident.owner.name,
        page=link(context.links.incident(incident.number), incident.id),
        ack=context.typed("ack", incident.number),
    )
    return offering(told, *first_offers(incident)) if done.opened else after_step(context, incident, told)


def options(context: Context, typed: str) -> list[Block]:
    """The integrations whose names hold every typed word: the person's own first, and last that it is none of them."""
    rows = [row for row in context.directory.rows() if _fits(row, typed)]
    rows.sort(key=lambda row: (not same_person(row.owner, context.actor.person), row.name.casefold(), row.slug))
    return integrations(rows, with_none=context.fallback is not None)


def _fits(row: Integration, typed: str) -> bool:
    text = f"{row.slug} {row.name} {row.source} {row.destination} {row.owner.name}".casefold()
    return all(word in text for word in typed.casefold().split())
