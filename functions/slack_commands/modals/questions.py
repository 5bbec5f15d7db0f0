"""The modal of the five questions: saved as a draft, with somebody asked to read it, or published at once.

Knows what is missing for publishing, that a suggestion is nobody's answer until it is changed or kept, and what
somebody else saved meanwhile. Refuses to overwrite what nobody saw.
"""

from dataclasses import replace

from deadair.adapters.slack.blocks import section
from deadair.adapters.slack.card_over import answered
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.cleaning import Mention
from deadair.adapters.slack.grammar import Command
from deadair.adapters.slack.inputs import View
from deadair.adapters.slack.mrkdwn import Mrkdwn, link
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.views.questions import KEEP, OFFERED, PUBLISH, REVIEWER, questions_modal
from deadair.domain.incident import Incident
from deadair.domain.merging import FIELDS, answers_in, bare, extras_in, fields_of, marks, marks_in, marks_text
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.usecases.answer_postmortem import drafted
from deadair.usecases.edit_postmortem import Edited, edit_postmortem
from deadair.usecases.publish_postmortem import publish_postmortem
from slack_commands.context import Context, Reply
from slack_commands.modals.sent import Again, Sent, Wrong, tidy
from slack_commands.running import after_answers
from slack_commands.verbs import review


def questions(context: Context, incident: Incident, carried: Carried) -> View:
    """The form with what is known. Raises NotFound before the postmortem is drafted."""
    postmortem = drafted(context.store, incident.number)
    return questions_modal(incident, postmortem, context.links, _carrying(carried, postmortem))


def _carrying(carried: Carried, postmortem: Postmortem) -> Carried:
    return replace(carried, edit=postmortem.edit, seen=marks_text(marks(fields_of(postmortem))))


def take_questions(context: Context, sent: Sent) -> Reply:
    """Save what was said; have it read or publish it when that was chosen and nothing is missing."""
    known = drafted(context.store, sent.number)
    texts = {name: _said(sent, name, known) for name in (*QUESTIONS, *OFFERED) if name in sent.fields}
    publish, reviewer = sent.text(PUBLISH) == PUBLISH, sent.text(REVIEWER)
    missing = [name for name in QUESTIONS if not texts.get(name, known.answers.get(name, ""))]
    if (publish or reviewer) and missing:
        raise Wrong({name: _lacking(sent, name) for name in missing})
    incident, edited = context.store.get(sent.number), _saved(context, sent, known, texts)
    if edited.merged.met:
        raise Again(_once_more(context, sent, edited, texts))
    if publish:
        return _published(context, sent.number)
    if reviewer:
        return _asked(context, sent.number, reviewer)
    return after_answers(context, (incident, known), edited.postmortem, _draft(context, sent.number, edited.postmortem))


def _said(sent: Sent, name: str, known: Postmortem) -> str:
    """What somebody says: a suggestion that they neither changed nor kept is no answer."""
    text, guess = sent.text(name), known.suggested.get(name, "")
    untouched = name in known.unanswered and bool(guess) and bare(text) == bare(tidy(guess))
    return "" if untouched and sent.text(KEEP) != KEEP else text


def _lacking(sent: Sent, name: str) -> str:
    return plain("modals.pm.not_kept" if sent.text(name) else "modals.pm.missing")


def _saved(context: Context, sent: Sent, known: Postmortem, texts: dict[str, str]) -> Edited:
    """A form from before forms said what they showed has seen the edit that it names."""
    carried = sent.carried or Carried()
    seen_now = carried.edit is None or carried.edit == known.edit
    seen = marks_in(carried.seen) or (marks(fields_of(known)) if seen_now else {})
    return edit_postmortem(context.store, sent.number, context.actor, texts, seen, now=context.now)


def _once_more(context: Context, sent: Sent, edited: Edited, texts: dict[str, str]) -> View:
    """The form with what this person typed, and above it what others saved meanwhile in the same places."""
    known, met = edited.postmortem, edited.merged.met
    mine = {name: texts[name] for name in met}
    typed = replace(known, answers=_over(known.answers, answers_in(mine)), extras=_over(known.extras, extras_in(mine)))
    incident = context.store.get(sent.number)
    view = questions_modal(incident, typed, context.links, _carrying(sent.carried or Carried(), known))
    lines = [say("modals.pm.theirs", question=FIELDS[name], answer=text[:1000] or "—") for name, text in met.items()]
    told = [section(text) for text in (say("modals.pm.stale"), *lines)]
    blocks = view["blocks"]
    return view | {"blocks": [*told, *blocks]} if isinstance(blocks, list) else view


def _over(known: dict[str, str], mine: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in (known | mine).items() if text}


def _asked(context: Context, number: int, who: str) -> Reply:
    """It is saved; now somebody reads it."""
    command = Command("review", str(number), f"@{who}", {}, (Mention(who, ""),), said="review")
    return review.run(replace(context, command=command))


def _published(context: Context, number: int) -> Reply:
    done = publish_postmortem(context.store, number, context.actor, now=context.now)
    page = link(context.links.document(done.incident), plain("answers.pm.read"))
    return Reply(say("answers.pm.publish_done", id=done.incident, version=done.version, page=page))


def _draft(context: Context, number: int, saved: Postmortem) -> Mrkdwn:
    if not saved.unanswered:
        return say("modals.pm.saved_all", command=context.typed("pm", number, "publish"))
    missing = " · ".join(QUESTIONS[name] for name in saved.unanswered)
    return say("modals.pm.saved", answered=answered(saved), total=len(QUESTIONS), missing=missing)
