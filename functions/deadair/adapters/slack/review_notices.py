"""Direct messages of a review: to whoever is asked to read a postmortem, and to whoever wrote it.

Knows what each says, now and when it is over. Refuses to know to whom and whether it was sent already.
"""

from deadair.adapters.slack.blocks import Block, actions, context, fallback, header, section
from deadair.adapters.slack.card_buttons import answer_button
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.mrkdwn import Mrkdwn, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.review_stage import read_button, reader_buttons
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person, same_person
from deadair.domain.postmortem import Postmortem

TITLE, NAME, SAID = 150, 80, 1000


def review_request(incident: Incident, postmortem: Postmortem, links: Links, reader: Person) -> Message:
    """What `reader` is asked, and what is left of it once it is answered, or nobody waits for them any more."""
    review, asked_of = postmortem.review, postmortem.waits_for
    if review is None or asked_of is None or not same_person(asked_of, reader):
        text = _over(incident, postmortem, links, reader)
        return Message(fallback(text), (section(text),))
    told = {"id": incident.id, "title": one_line(incident.title, TITLE), "by": one_line(review.asked_by.name, NAME)}
    blocks = (
        header(plain("postmortem.asked.title", id=incident.id)),
        section(say("postmortem.asked.ask", **told)),
        reader_buttons(incident, postmortem, links),
        context(say("postmortem.asked.next", number=incident.number)),
    )
    return Message(fallback(say("postmortem.asked.text", **told)), blocks)


def review_answer(incident: Incident, postmortem: Postmortem, links: Links) -> Message:
    """What came of a review, for whoever wrote the postmortem: the next step, while it is theirs to take."""
    review = postmortem.review
    by = (review.approved_by or review.returned_by) if review else None
    if review is None or by is None:
        text = _since(incident, postmortem, links)
        return Message(fallback(text), (section(text),))
    what = "approved" if review.approved_by else "returned"
    said = one_line(review.said, SAID)
    told = {"id": incident.id, "title": one_line(incident.title, TITLE), "by": one_line(by.name, NAME), "said": said}
    if not _is_current(postmortem, what):
        text = say(
            "postmortem.answered.over",
            what=plain(f"postmortem.answered.what_{what}"),
            page=_page(incident, links),
            **told,
        )
        return Message(fallback(text), (section(text),))
    blocks: list[Block] = [section(say(f"postmortem.answered.{what}", **told))]
    if said and what == "approved":
        blocks.append(section(say("postmortem.answered.said", said=said)))
    blocks.append(actions(answer_button(incident, postmortem), read_button(incident, links)))
    return Message(fallback(say(f"postmortem.answered.text_{what}", **told)), tuple(blocks))


def _since(incident: Incident, postmortem: Postmortem, links: Links) -> Mrkdwn:
    """What is left of an answer once somebody is asked anew, or nobody is asked any more."""
    told = {"id": incident.id, "title": one_line(incident.title, TITLE), "page": _page(incident, links)}
    if postmortem.waits_for:
        return say("postmortem.answered.asked_since", by=one_line(postmortem.waits_for.name, NAME), **told)
    return say("postmortem.answered.not_now", **told)


def _is_current(postmortem: Postmortem, what: str) -> bool:
    """Whether it is still for the writer to act on."""
    settled = postmortem.is_published and not postmortem.amending
    return not settled and (postmortem.approved if what == "approved" else True)


def _over(incident: Incident, postmortem: Postmortem, links: Links, reader: Person) -> Mrkdwn:
    review = postmortem.review
    by = (review.approved_by or review.returned_by) if review else None
    told: dict[str, object] = {
        "id": incident.id,
        "title": one_line(incident.title, TITLE),
        "page": _page(incident, links),
    }
    if postmortem.is_published and not postmortem.amending:
        return say("postmortem.asked.published", **told)
    if review and by and same_person(by, reader):
        key = "you_approved" if review.approved_by else "you_returned"
        return say(f"postmortem.asked.{key}", said=one_line(review.said, SAID), **told)
    if by:
        return say("postmortem.asked.done_by", by=one_line(by.name, NAME), **told)
    if postmortem.waits_for:
        return say("postmortem.asked.instead", by=one_line(postmortem.waits_for.name, NAME), **told)
    return say("postmortem.asked.not_now", **told)


def _page(incident: Incident, links: Links) -> Mrkdwn:
    return link(links.postmortem_preview(incident.number), plain("postmortem.read"))
