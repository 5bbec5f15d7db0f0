"""Buttons that run a command: each carries the words that somebody would type.

Knows how a command is written so that the parser reads it again. Refuses to know what it does.
"""

from dataclasses import dataclass

from deadair.adapters.slack.blocks import BUTTON_VALUE, Block, actions, button, section
from deadair.adapters.slack.cleaning import Mention
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.mrkdwn import Mrkdwn
from deadair.adapters.slack.phrases import plain
from deadair.adapters.slack.vocabulary import VERBS, OwnNumber
from deadair.domain.incident import Incident
from deadair.domain.postmortem import Postmortem
from deadair.usecases.answer_postmortem import edit_id
from deadair.usecases.step import entry_id
from slack_commands.context import Context, Reply

RUN = "run"


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: its label, and the command behind it, as Slack would send it."""

    label: str
    words: str
    primary: bool = False


def offering(text: Mrkdwn, *offers: Offer, refused: bool = False) -> Reply:
    """An answer with its buttons. A command that no button can carry gets none: the text says what to type."""
    buttons = offer_buttons(*offers)
    return Reply(text, (section(text), actions(*buttons)) if buttons else (), refused)


def offer_buttons(*offers: Offer) -> list[Block]:
    """The buttons of one row, those that Slack would take."""
    fitting = [offer for offer in offers if len(offer.words) <= BUTTON_VALUE]
    return [
        button(offer.label, f"{RUN}:{place}", offer.words, primary=offer.primary) for place, offer in enumerate(fitting)
    ]


def after_step(context: Context, incident: Incident, text: Mrkdwn, *offers: Offer) -> Reply:
    """The answer to a step, with the button that takes it back; without one where nothing was written."""
    if incident.touched_at != context.now:
        return offering(text, *offers)
    return offering(text, *offers, undo(incident.number, entry_id(incident, context.now)))


def after_answers(context: Context, before: tuple[Incident, Postmortem], saved: Postmortem, text: Mrkdwn) -> Reply:
    """The same for answers of a postmortem."""
    incident, known = before
    if saved.edit == known.edit:
        return offering(text)
    return offering(text, undo(incident.number, edit_id(incident, saved.edit, context.now)))


def undo(number: int, entry: str) -> Offer:
    """Takes back the step of that entry, and no other."""
    return Offer(plain("answers.undo.button"), f"undo {number} {entry}")


def show(number: int) -> Offer:
    """Shows the incident as it is now."""
    return Offer(plain("answers.error.show_it"), f"show {number}")


def words_of(*parts: str) -> str:
    """A command of plain words for a button's value."""
    whole = " ".join(part for part in parts if part)
    return whole.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def words_again(command: Command, verb: str, ref: str) -> str:
    """A command for a button's value. The parser reads it again, so it is written as Slack would send it."""
    flags = [f"--{name} {value}".strip() for name, value in command.flags.items()]
    # Behind some verbs a bare number is no incident.
    named = f"#{ref}" if ref.isdigit() and VERBS[verb].own_number is not OwnNumber.NEVER else ref
    escaped = words_of(verb, named, command.text, *flags)
    return _with_mentions(escaped, command.mentions)


def _with_mentions(text: str, mentions: tuple[Mention, ...]) -> str:
    """The text with people as Slack writes them, in the order in which they stand in it."""
    done = ""
    for mention in mentions:
        before, at, text = text.partition(f"@{mention.name or mention.slack_id}")
        label = f"|{mention.name}" if mention.name else ""
        done += f"{before}<@{mention.slack_id}{label}>" if at else before
    return done + text
