"""The modal of the five questions: what is answered, what the data suggest, and whether to publish.

Knows that Slack edits only so much text: a longer answer stays as it is. Refuses to save.
"""

from deadair.adapters.slack.blocks import Block, section
from deadair.adapters.slack.card_over import answered
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.inputs import TYPED, View, modal, optional, somebody, ticked, typed
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.mrkdwn import Mrkdwn, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.incident import Incident
from deadair.domain.postmortem import EXTRAS, QUESTIONS, Postmortem
from deadair.domain.review import REVIEWED

QUESTIONS_MODAL = "pm"
PUBLISH, KEEP, REVIEWER = "publish", "keep", "reviewer"
# What of the rest is offered here: the page has all of it.
OFFERED = ("summary", "impact")
SHOWN = 300


def questions_modal(incident: Incident, postmortem: Postmortem, links: Links, carried: Carried) -> View:
    """Each question with its answer, or with what the data suggest."""
    key = "modals.pm.about_known" if postmortem.answers else "modals.pm.about"
    intro = say(key, id=incident.id, answered=answered(postmortem), total=len(QUESTIONS))
    page = link(links.postmortem_form(incident.number), plain("modals.pm.page"))
    blocks = [section(intro), *(_question(name, postmortem, page) for name in QUESTIONS)]
    if any(postmortem.suggested.get(name, "").strip() for name in postmortem.unanswered):
        blocks.append(ticked(KEEP, plain("modals.pm.keep"), KEEP, plain("modals.pm.keep_box")))
    blocks += [_extra(name, postmortem, page) for name in OFFERED]
    blocks += _last(incident, postmortem)
    title = plain("modals.pm.title", id=incident.id)
    return modal(QUESTIONS_MODAL, title, plain("modals.pm.submit"), blocks, carried)


def _last(incident: Incident, postmortem: Postmortem) -> list[Block]:
    """Publishing; before that, where it is needed, that somebody else reads it."""
    if postmortem.is_published and not postmortem.amending:
        return []
    if incident.severity in REVIEWED and not postmortem.approved:
        words = say("modals.pm.review_first", severity=incident.severity.value)
        hint, example = plain("modals.review.who_hint"), plain("modals.review.who_example")
        return [section(words), optional(somebody(REVIEWER, plain("modals.pm.reviewer"), hint=hint, example=example))]
    ready = not postmortem.unanswered
    return [ticked(PUBLISH, plain("modals.pm.publish"), PUBLISH, plain("modals.pm.publish_box"), first=ready)]


def can_be_edited(text: str) -> bool:
    """Whether all of an answer fits into a field of Slack's."""
    return len(text) <= TYPED


def _extra(name: str, postmortem: Postmortem, page: Mrkdwn) -> Block:
    known = postmortem.extras.get(name, "").strip()
    if not can_be_edited(known):
        shown = one_line(known, SHOWN)
        return section(say("modals.pm.too_long", question=EXTRAS[name], answer=shown, page=page))
    return typed(name, EXTRAS[name], hint=plain(f"modals.pm.{name}"), first=known, lines=True, optional=True)


def _question(name: str, postmortem: Postmortem, page: Mrkdwn) -> Block:
    known = postmortem.answers.get(name, "").strip() or postmortem.suggested.get(name, "").strip()
    if not can_be_edited(known):
        shown = one_line(known, SHOWN)
        return section(say("modals.pm.too_long", question=QUESTIONS[name], answer=shown, page=page))
    hint = plain(f"modals.pm.{name}")
    if not postmortem.answers.get(name, "").strip() and known:
        hint = plain("modals.pm.suggested", hint=hint)
    return typed(name, QUESTIONS[name], hint=hint, first=known, lines=True, optional=True)
