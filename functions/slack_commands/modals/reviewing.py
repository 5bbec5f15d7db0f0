"""The modals of a review: who is to read a postmortem, and what a reader wants changed.

Knows which verb each is. Refuses to take a step itself.
"""

from dataclasses import replace

from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.cleaning import Mention
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.inputs import View
from deadair.adapters.slack.phrases import plain
from deadair.adapters.slack.views import reviewing as views
from deadair.domain.incident import Incident
from deadair.domain.permission import check
from deadair.usecases.answer_postmortem import act_of, drafted
from slack_commands.context import Context, Reply
from slack_commands.modals.sent import Sent, Wrong
from slack_commands.verbs import review as review_verb
from slack_commands.verbs import send_back as return_verb


def review(context: Context, incident: Incident, carried: Carried) -> View:
    """The form for whom to ask. Raises NotFound before the postmortem is drafted, and NotAllowed."""
    check(incident, context.actor, act_of(drafted(context.store, incident.number), context.actor))
    return views.review_modal(incident, carried)


def send_back(_context: Context, incident: Incident, carried: Carried) -> View:
    """The form for what should change."""
    return views.return_modal(incident, carried)


def take_review(context: Context, sent: Sent) -> Reply:
    """As `review 42 @ana`."""
    who = sent.text("who")
    if not who:
        raise Wrong({"who": plain("modals.review.nobody")})
    command = Command("review", str(sent.number), f"@{who}", {}, (Mention(who, ""),), said="review")
    return review_verb.run(replace(context, command=command))


def take_return(context: Context, sent: Sent) -> Reply:
    """As `return 42 what should change`."""
    command = Command("return", str(sent.number), sent.text("said"), said="return")
    return return_verb.run(replace(context, command=command))
