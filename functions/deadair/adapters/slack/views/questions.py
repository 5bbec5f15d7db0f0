"""The modal of the five questions: what is answered, what the data suggest, and whether to publish.

Knows that Slack edits only so much text: a longer answer stays as it is. Refuses to save.
"""

from deadair.adapters.slack.blocks import Block, section
from deadair.adapters.slack.card_over import answered
from deadair.adapters.slack.carried import Carried
from deadair.adapters.slack.inputs import TYPED, View, modal, ticked, typed
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.mrkdwn import link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.incident import Incident
from deadair.domain.postmortem import QUESTIONS, Postmortem, PostmortemStatus

QUESTIONS_MODAL = "pm"
PUBLISH = "publish"
SHOWN = 300


def questions_modal(incident: Incident, postmortem: Postmortem, links: Links, carried: Carried) -> View:
    """Each question with its answer, or with what the data suggest."""
    key = "modals.pm.about_known" if postmortem.answers else "modals.pm.about"
    intro = say(key, id=incident.id, answered=answered(postmortem), total=len(QUESTIONS))
    page = link(links.postmortem_form(incident.number), plain("modals.pm.page"))
    blocks = [section(intro), *(_question(name, postmortem, page) for name in QUESTIONS)]
    if postmortem.status is not PostmortemStatus.PUBLISHED:
        ready = not postmortem.unanswered
        words = plain("modals.pm.publish_box")
        blocks.append(ticked(PUBLISH, plain("modals.pm.publish"), PUBLISH, words, first=ready))
    title = plain("modals.pm.title", id=incident.id)
    return modal(QUESTIONS_MODAL, title, plain("modals.pm.submit"), blocks, carried)


def can_be_edited(text: str) -> bool:
    """Whether all of an answer fits into a field of Slack's."""
    return len(text) <= TYPED


def _question(name: str, postmortem: Postmortem, page: str) -> Block:
    known = postmortem.answers.get(name, "").strip() or postmortem.suggested.get(name, "").strip()
    if not can_be_edited(known):
        shown = one_line(known, SHOWN)
        return section(say("modals.pm.too_long", question=QUESTIONS[name], answer=shown, page=page))
    hint = plain(f"modals.pm.{name}")
    if not postmortem.answers.get(name, "").strip() and known:
        hint = plain("modals.pm.suggested", hint=hint)
    return typed(name, QUESTIONS[name], hint=hint, first=known, lines=True, optional=True)
