"""How far the review of a postmortem is, in one line: on the card, and in the message to the owner with its button.

Knows that what was bad is read by somebody else first. Refuses to know who may do what.
"""

from deadair.adapters.slack.actions import APPROVE, ASK_REVIEW, OPEN_PAGE, SEND_BACK, value_of, words_value
from deadair.adapters.slack.blocks import Block, actions, button
from deadair.adapters.slack.card_buttons import answer_button
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.mrkdwn import Mrkdwn, instant, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.incident import Incident
from deadair.domain.postmortem import QUESTIONS, Postmortem, missing

NAME, SAID, LINE = 80, 600, 120


def review_line(incident: Incident, postmortem: Postmortem) -> Mrkdwn | str:
    """For the card; empty where its review is nothing to tell of."""
    review = postmortem.review
    if postmortem.waits_for:
        return say("postmortem.in_review_line", name=one_line(postmortem.waits_for.name, NAME))
    if postmortem.approved and review and review.approved_by:
        return say("postmortem.approved_line", name=one_line(review.approved_by.name, NAME))
    if review and review.returned_by:
        said = one_line(review.said, LINE)
        return say("postmortem.returned_line", name=one_line(review.returned_by.name, NAME), said=said)
    return say("postmortem.needs_review_line", total=len(QUESTIONS)) if needs_asking(incident, postmortem) else ""


def review_stage(incident: Incident, postmortem: Postmortem) -> Mrkdwn | str:
    """For the owner; empty where its review is nothing to tell of."""
    review = postmortem.review
    if review and postmortem.waits_for:
        told = {"name": one_line(postmortem.waits_for.name, NAME), "at": instant(review.asked_at)}
        return say("postmortem.prompt_in_review", **told)
    if postmortem.approved and review and review.approved_by:
        return say("postmortem.prompt_approved", name=one_line(review.approved_by.name, NAME))
    if review and review.returned_by:
        said = one_line(review.said, SAID)
        return say("postmortem.prompt_returned", name=one_line(review.returned_by.name, NAME), said=said)
    needed = needs_asking(incident, postmortem)
    return say("postmortem.prompt_needs_review", severity=incident.severity.value) if needed else ""


def needs_asking(incident: Incident, postmortem: Postmortem) -> bool:
    """Whether all is answered, and the next step is to ask a person to read it."""
    return missing(postmortem, incident.severity) == ("review",) and postmortem.waits_for is None


def prompt_buttons(incident: Incident, postmortem: Postmortem) -> list[Block]:
    """The owner's next step first."""
    answer = answer_button(incident, postmortem)
    if not needs_asking(incident, postmortem):
        return [answer]
    ask = button(plain("postmortem.ask_button"), ASK_REVIEW, value_of(incident), primary=True)
    return [ask, {name: value for name, value in answer.items() if name != "style"}]


def reader_buttons(incident: Incident, postmortem: Postmortem, links: Links) -> Block:
    """Of whoever is asked to read it: an answer is to exactly these words.

    The row is named after them, so that a message is edited when they change, although it looks the same.
    """
    value = words_value(incident.number, postmortem.words)
    row = actions(
        read_button(incident, links, primary=True),
        button(plain("postmortem.asked.approve_button"), APPROVE, value),
        button(plain("postmortem.asked.return_button"), SEND_BACK, value),
    )
    return row | {"block_id": f"words:{value}"}


def read_button(incident: Incident, links: Links, *, primary: bool = False) -> Block:
    """Opens it as it will be published."""
    address = links.postmortem_preview(incident.number)
    return button(plain("postmortem.read_button"), OPEN_PAGE, value_of(incident), url=address, primary=primary)
