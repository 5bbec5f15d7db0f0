"""The modal of an action item. Its words stay as they were typed: no day and no kind is read out of them.

Knows which field is what. Refuses to take a step itself: see the verb.
"""

from dataclasses import replace
from datetime import date

from deadair.adapters.slack.action_words import ActionWords
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.cleaning import Mention
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.inputs import View
from deadair.adapters.slack.phrases import plain
from deadair.adapters.slack.views.action import action_modal
from deadair.domain.action_item import ActionKind
from deadair.domain.incident import Incident
from deadair.domain.permission import Act, check
from deadair.domain.typed_day import parse_day
from deadair.usecases.actions.add_action import must_go_on
from slack_commands.context import Context, Reply
from slack_commands.modals.sent import Sent, Wrong
from slack_commands.verbs import action as verb


def action(context: Context, incident: Incident, carried: Carried) -> View:
    """The form for one more. Raises IllegalTransition for an incident that goes on elsewhere."""
    must_go_on(incident)
    check(incident, context.actor, Act.NOTE)
    return action_modal(incident, carried)


def take_action(context: Context, sent: Sent) -> Reply:
    """As `action 42 …`, with each thing in its own field."""
    said = ActionWords(text=_text(sent), kind=_kind(sent), due_on=_day(context, sent))
    who = sent.text("owner")
    mentions = (Mention(who, ""),) if who else ()
    command = Command("action", str(sent.number), said.text, {}, mentions, said="action")
    return verb.add(replace(context, command=command), sent.number, said, sent.text("link"))


def _text(sent: Sent) -> str:
    text = sent.text("text")
    if not text:
        raise Wrong({"text": plain("modals.action.text_missing")})
    return text


def _kind(sent: Sent) -> ActionKind | None:
    return next((kind for kind in ActionKind if kind.value == sent.text("kind")), None)


def _day(context: Context, sent: Sent) -> date | None:
    typed = sent.text("due_on")
    day = parse_day(typed, verb.today(context)) if typed else None
    if typed and day is None:
        raise Wrong({"due_on": plain("modals.action.due_on_odd")})
    return day
