"""The modal of the five questions: saved as a draft, or saved and published at once.

Knows what is missing for publishing, and what somebody else saved meanwhile. Refuses to overwrite what nobody saw.
"""

from dataclasses import replace

from deadair.adapters.slack.blocks import section
from deadair.adapters.slack.card_over import answered
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.inputs import View
from deadair.adapters.slack.mrkdwn import Mrkdwn, link
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.views.questions import PUBLISH, questions_modal
from deadair.domain.errors import Stale
from deadair.domain.incident import Incident
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.usecases.answer_postmortem import answer_postmortem, drafted
from deadair.usecases.publish_postmortem import publish_postmortem
from slack_commands.context import Context, Reply
from slack_commands.modals.sent import Again, Sent, Wrong
from slack_commands.running import after_answers


def questions(context: Context, incident: Incident, carried: Carried) -> View:
    """The form with what is known. Raises NotFound before the postmortem is drafted."""
    postmortem = drafted(context.store, incident.number)
    return questions_modal(incident, postmortem, context.links, replace(carried, edit=postmortem.edit))


def take_questions(context: Context, sent: Sent) -> Reply:
    """Save the answers; publish them when the box is ticked and nothing is missing."""
    known = drafted(context.store, sent.number)
    answers = {name: sent.text(name) for name in QUESTIONS if name in sent.fields}
    publish = sent.text(PUBLISH) == PUBLISH
    missing = known.say(context.actor.person, answers, {}).unanswered
    if publish and missing:
        raise Wrong(dict.fromkeys(missing, plain("modals.pm.missing")))
    incident = context.store.get(sent.number)
    try:
        saved = _saved(context, sent, answers)
    except Stale:
        raise Again(_once_more(context, sent, answers)) from None
    if publish:
        return _published(context, sent.number)
    return after_answers(context, (incident, known), saved, _draft(context, sent.number, saved))


def _saved(context: Context, sent: Sent, answers: dict[str, str]) -> Postmortem:
    seen = sent.carried.edit if sent.carried else None
    return answer_postmortem(context.store, sent.number, context.actor, answers, now=context.now, seen_edit=seen)


def _once_more(context: Context, sent: Sent, answers: dict[str, str]) -> View:
    """The form with what this person typed, and above it what somebody saved meanwhile."""
    postmortem = drafted(context.store, sent.number)
    carried = replace(sent.carried or Carried(), edit=postmortem.edit)
    typed = replace(postmortem, answers={name: text for name, text in answers.items() if text})
    view = questions_modal(context.store.get(sent.number), typed, context.links, carried)
    lines = [
        say("modals.pm.theirs", question=QUESTIONS[name], answer=postmortem.answers.get(name, "—")[:1000])
        for name in QUESTIONS
        if postmortem.answers.get(name, "") != answers.get(name, "") and name in answers
    ]
    told = [section(text) for text in (say("modals.pm.stale"), *lines)]
    blocks = view["blocks"]
    return view | {"blocks": [*told, *blocks]} if isinstance(blocks, list) else view


def _published(context: Context, number: int) -> Reply:
    done = publish_postmortem(context.store, number, context.actor, now=context.now)
    page = link(context.links.document(done.incident), plain("answers.pm.read"))
    return Reply(say("answers.pm.publish_done", id=done.incident, version=done.version, page=page))


def _draft(context: Context, number: int, saved: Postmortem) -> Mrkdwn:
    if not saved.unanswered:
        return say("modals.pm.saved_all", command=context.typed("pm", number, "publish"))
    missing = " · ".join(QUESTIONS[name] for name in saved.unanswered)
    return say("modals.pm.saved", answered=answered(saved), total=len(QUESTIONS), missing=missing)
