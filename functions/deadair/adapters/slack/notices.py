"""Direct messages: the owner's first news of an incident, and the prompt for the postmortem.

Knows what each says. Refuses to know to whom and whether it was sent already.
"""

from deadair.adapters.slack.blocks import actions, button, context, fallback, fields, header, section
from deadair.adapters.slack.card import (
    ACKNOWLEDGE,
    OPEN_PAGE,
    VALUE,
    Message,
    answered,
    first_step,
    status_of,
    title_of,
)
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.mrkdwn import Mrkdwn, instant, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.incident import Incident, Status
from deadair.domain.lengths import started
from deadair.domain.postmortem import QUESTIONS, Postmortem, PostmortemStatus


def owner_notice(incident: Incident, links: Links, *, handed_by: str = "") -> Message:
    """What the owner reads first: that it is theirs, what broke, what to do. `handed_by` gave it to them."""
    opening = say("owner.handed", by=handed_by) if handed_by else say("owner.yours", name=incident.owner.name)
    value = f"{incident.number}:{incident.version}:{incident.status.value}"
    page = button(plain("card.buttons.open"), OPEN_PAGE, value, url=links.incident(incident.number))
    acknowledge = button(plain("card.buttons.ack"), ACKNOWLEDGE, value, primary=True)
    blocks = [
        header(title_of(incident)),
        section(opening),
        fields(
            [
                (plain("card.labels.status"), status_of(incident)),
                (plain("card.labels.started"), instant(started(incident))),
            ]
        ),
        section(first_step(incident)),
        actions(*([acknowledge] if incident.status is Status.OPEN else []), page),
        context(say("owner.next", number=incident.number)),
    ]
    if incident.owner_note:
        blocks.insert(2, section(say("card.owner_note", note=one_line(incident.owner_note, VALUE))))
    text = say("owner.text", id=incident.id, title=one_line(incident.title, VALUE))
    return Message(fallback(text), tuple(blocks))


def postmortem_prompt(incident: Incident, postmortem: Postmortem, links: Links) -> Message:
    """The five questions, how many are answered, and the two ways to answer."""
    if postmortem.status is PostmortemStatus.PUBLISHED:
        page = link(links.document(incident.id), incident.id)
        done = say("postmortem.prompt_published", id=incident.id, page=page)
        return Message(fallback(done), (section(done),))
    progress = {"answered": answered(postmortem), "total": len(QUESTIONS)}
    form = links.postmortem_form(incident.number)
    blocks = [
        header(plain("postmortem.prompt_title", id=incident.id, title=incident.title)),
        section(say("postmortem.progress", **progress)),
        section(lines_of(questions(postmortem))),
        actions(button(plain("postmortem.answer_button"), OPEN_PAGE, f"pm:{incident.number}", url=form, primary=True)),
        context(say("postmortem.prompt_next", number=incident.number)),
    ]
    return Message(fallback(say("postmortem.prompt_text", id=incident.id, **progress)), tuple(blocks))


def questions(postmortem: Postmortem) -> list[Mrkdwn]:
    """One line per question: its answer, or that it is missing."""
    shown = []
    for key, question in QUESTIONS.items():
        text, guess = postmortem.answers.get(key, "").strip(), postmortem.suggested.get(key, "").strip()
        shape = "answered" if text else "suggested" if guess else "missing"
        shown.append(say(f"postmortem.{shape}_line", question=question, answer=one_line(text or guess, 160)))
    return shown
