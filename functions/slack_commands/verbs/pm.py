"""`pm`: the postmortem in Slack. Shows how far it is, takes answers, publishes."""

from deadair.adapters.slack.card_over import answered
from deadair.adapters.slack.mrkdwn import Mrkdwn, lines_of, link, one_line
from deadair.adapters.slack.notices import questions
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.questions import QUESTION_WORDS, as_read, question
from deadair.domain.postmortem import QUESTIONS, Postmortem, missing
from deadair.domain.redaction import redact
from deadair.usecases.answer_postmortem import answer_postmortem
from deadair.usecases.publish_postmortem import publish_postmortem
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.running import Offer, after_answers, offering

# The word to type for each question.
WORDS = {key: next(word for word, named in QUESTION_WORDS.items() if named == key) for key in QUESTIONS}
AGAIN = 1000
SHOW, PUBLISH, ACCEPT = {"", "show", "link", "draft"}, {"publish", "published"}, {"accept", "ok", "yes"}


def run(context: Context) -> Reply:
    """`pm 42`, `pm 42 broke …`, `pm 42 accept`, `pm 42 publish`."""
    return on_incident(context, _pm, past=True)


def _pm(context: Context, number: int) -> Reply:
    said = context.command.text
    postmortem = context.store.postmortem(number)
    if postmortem is None:
        return _not_yet(context, number)
    if said.casefold().strip() in SHOW:
        return _show(context, number, postmortem)
    if said.casefold().strip(" .!") in PUBLISH:
        return _publish(context, number, postmortem)
    if said.casefold().strip(" .!") in ACCEPT:
        return _accept(context, number, postmortem)
    key, text = question(said)
    if not key:
        command = context.typed("pm", number)
        return Reply(say("answers.pm.unknown", command=command, said=one_line(said, 60)))
    return _answer(context, number, postmortem, key, text) if text else _empty(context, number, postmortem, key)


def _show(context: Context, number: int, postmortem: Postmortem) -> Reply:
    if postmortem.amending:
        told = {"page": _document(context, postmortem), "publish": context.typed("publish", number)}
        return Reply(say("answers.pm.amended", id=postmortem.incident, **told))
    if postmortem.is_published:
        return Reply(say("answers.pm.published", id=postmortem.incident, page=_document(context, postmortem)))
    progress = {"answered": answered(postmortem), "total": len(QUESTIONS)}
    title = say(
        f"answers.pm.{'incomplete' if postmortem.unanswered else 'complete'}", id=postmortem.incident, **progress
    )
    accept = say("answers.pm.accept", command=context.typed("pm", number, "accept"))
    offer = [accept] if _guesses(postmortem) else []
    text = lines_of([title, *questions(postmortem), *offer, _rest(context, number, postmortem)])
    publish = Offer(plain("answers.pm.publish_button"), f"pm {number} publish", primary=True)
    take = Offer(plain("answers.pm.accept_button"), f"pm {number} accept")
    ready = not missing(postmortem, context.store.get(number).severity)
    return offering(text, *([publish] if ready else []), *([take] if offer else []))


def _guesses(postmortem: Postmortem) -> dict[str, str]:
    """What the data suggest for questions without an answer."""
    found = {key: postmortem.suggested.get(key, "").strip() for key in postmortem.unanswered}
    return {key: text for key, text in found.items() if text}


def _accept(context: Context, number: int, postmortem: Postmortem) -> Reply:
    """Take over every suggestion for a question without an answer."""
    guesses = _guesses(postmortem)
    if not guesses:
        return Reply(say("answers.pm.nothing_to_accept", rest=_rest(context, number, postmortem)))
    incident = context.store.get(number)
    saved = steadily(lambda: answer_postmortem(context.store, number, context.actor, guesses, now=context.now))
    progress = {"answered": answered(saved), "total": len(QUESTIONS)}
    text = say("answers.pm.accepted", rest=_rest(context, number, saved), **progress)
    return after_answers(context, (incident, postmortem), saved, text)


def _answer(context: Context, number: int, postmortem: Postmortem, key: str, text: str) -> Reply:
    incident = context.store.get(number)
    saved = steadily(lambda: answer_postmortem(context.store, number, context.actor, {key: text}, now=context.now))
    told = say(
        "answers.pm.answered",
        question=QUESTIONS[key],
        answer=one_line(redact(text), 200),
        answered=answered(saved),
        total=len(QUESTIONS),
        rest=_rest(context, number, saved),
    )
    return after_answers(context, (incident, postmortem), saved, told)


def _empty(context: Context, number: int, postmortem: Postmortem, key: str) -> Reply:
    """No answer after the question's word: the command to type, with what the data suggest."""
    guess = one_line(as_read(postmortem.suggested.get(key, "")), 200) or plain("answers.pm.example")
    return Reply(say("answers.pm.empty", word=WORDS[key], command=context.typed("pm", number, WORDS[key], guess)))


def _publish(context: Context, number: int, postmortem: Postmortem) -> Reply:
    if postmortem.unanswered:
        return _show(context, number, postmortem)
    if _waits_for_review(context, number, postmortem):
        return Reply(_review_first(context, number, postmortem), refused=True)
    done = steadily(lambda: publish_postmortem(context.store, number, context.actor, now=context.now))
    page = _document(context, done)
    return Reply(say("answers.pm.publish_done", id=done.incident, version=done.version, page=page))


def _rest(context: Context, number: int, postmortem: Postmortem) -> Mrkdwn:
    """What is missing and the next command; or that it can be published."""
    page = link(context.links.postmortem_form(number), plain("answers.pm.page"))
    if not postmortem.unanswered and _waits_for_review(context, number, postmortem):
        return _review_first(context, number, postmortem)
    if not postmortem.unanswered:
        return say("answers.pm.ready", publish=context.typed("pm", number, "publish"), page=page)
    missing = " · ".join(QUESTIONS[key] for key in postmortem.unanswered)
    command = context.typed("pm", number, WORDS[postmortem.unanswered[0]], "…")
    return lines_of([say("answers.pm.missing", missing=missing), say("answers.pm.next", command=command, page=page)])


def _waits_for_review(context: Context, number: int, postmortem: Postmortem) -> bool:
    """Whether somebody has to approve it who has not; a published one that nobody changed has been."""
    settled = postmortem.is_published and not postmortem.amending
    return not settled and "review" in missing(postmortem, context.store.get(number).severity)


def _review_first(context: Context, number: int, postmortem: Postmortem) -> Mrkdwn:
    """Who is to read it, or who was asked to."""
    told = {"id": postmortem.incident, "ask": context.typed("review", number, "@…")}
    told |= {"page": link(context.links.postmortem_preview(number), plain("answers.pm.read"))}
    if postmortem.waits_for:
        return say("answers.review.waits", name=postmortem.waits_for.name, **told)
    return say("answers.review.needed", **told)


def _not_yet(context: Context, number: int) -> Reply:
    incident = context.store.get(number)
    if incident.is_open:
        return Reply(say("answers.pm.no_draft", id=incident.id, resolve=context.typed("resolve", number, "…")))
    # What was said with it is said back, so that nobody types it twice.
    again = context.typed("pm", number, *filter(None, [one_line(context.command.text, AGAIN)]))
    return Reply(say("answers.pm.drafting", id=incident.id, command=again))


def _document(context: Context, postmortem: Postmortem) -> Mrkdwn:
    return link(context.links.document(postmortem.incident), plain("answers.pm.read"))
