"""Direct messages: what a person is told of an incident, the questions to whoever has it, the postmortem's prompt.

Knows what each says, now and when it is over. Refuses to know to whom and whether it was sent already.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from deadair.adapters.slack import card_facts
from deadair.adapters.slack.actions import ACKNOWLEDGE, ADD_NOTE, OPEN_PAGE, RESOLVE, value_of
from deadair.adapters.slack.blocks import Block, actions, button, context, fallback, fields, header, section
from deadair.adapters.slack.card import first_step, status_of, title_of
from deadair.adapters.slack.card_buttons import card_buttons, page_button
from deadair.adapters.slack.card_cause import cause_paragraph
from deadair.adapters.slack.card_facts import NARROW, PARAGRAPH, VALUE
from deadair.adapters.slack.card_over import answered, ended
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.mrkdwn import Mrkdwn, instant, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.questions import as_read
from deadair.adapters.slack.review_stage import prompt_buttons, review_stage
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.incident import Incident
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.domain.stages import Milestone, Status

# Why a person hears of an incident: what stands first in their message.
YOURS, HANDED, AGAIN, HOLD_OVER, TOLD = "yours", "handed", "again", "hold_over", "told"


@dataclass(frozen=True, slots=True)
class Opening:
    """How a message begins. `by` handed it over; `rung` and `why` are of somebody who is told beside the owner."""

    kind: str = YOURS
    by: str = ""
    rung: str = ""
    why: str = ""


IS_YOURS = Opening()


def person_notice(
    incident: Incident, links: Links, opening: Opening = IS_YOURS, diagnosed: Diagnosed | None = None
) -> Message:
    """What somebody reads first: why they, what broke, what to do. Short when there is nothing left to do."""
    told = opening.kind == TOLD
    text = say("owner.text_told" if told else "owner.text", id=incident.id, title=one_line(incident.title, VALUE))
    if not incident.is_open:
        return Message(fallback(text), (header(title_of(incident)), section(ended(incident, links), VALUE * 2)))
    blocks = [
        header(title_of(incident)),
        section(_opening(incident, opening)),
        *([section(_note(incident))] if incident.owner_note and not told else []),
        fields(_facts(incident), NARROW),
        section(first_step(incident, diagnosed)),
        actions(*card_buttons(incident, links)),
        *(section(fact, PARAGRAPH) for fact in _found(incident, diagnosed) if fact),
        context(say(f"owner.next.{'open' if incident.status is Status.OPEN else 'held'}", number=incident.number)),
    ]
    return Message(fallback(text), tuple(blocks))


def handed_on(incident: Incident, links: Links, former: str, by: str) -> Message:
    """What is left of a message whose reader, `former`, has it no more. `by` handed it over; empty: nobody did."""
    if not by:
        return has_it_now(incident, links, incident.owner.name)
    owner = one_line(incident.owner.name, VALUE)
    how = "you" if by == former else "taken" if by == incident.owner.name else "other"
    return _left(incident, links, say(f"owner.handed_on.{how}", id=incident.id, owner=owner, by=one_line(by, VALUE)))


def has_it_now(incident: Incident, links: Links, name: str) -> Message:
    """What is left of a question that somebody else is asked now."""
    return _left(incident, links, say("owner.handed_on.now", id=incident.id, name=one_line(name, VALUE)))


def _left(incident: Incident, links: Links, text: Mrkdwn) -> Message:
    return Message(fallback(text), (header(title_of(incident)), section(text), actions(page_button(incident, links))))


def question(incident: Incident, links: Links, name: str, *, asks: bool) -> Message:
    """A question to whoever has the incident (`asked`, `recovered`, `stopped`), and what is left of it later."""
    title = one_line(incident.title, VALUE)
    text = fallback(say(f"owner.{name}.text", id=incident.id, title=title))
    if not incident.is_open:
        return Message(text, (section(lines_of([f"{incident.id} · {title}", ended(incident, links)])),))
    if not asks:
        return Message(text, (section(say(f"owner.{name}.back", id=incident.id, title=title)),))
    over = name == "asked" and (incident.status is Status.MITIGATED or incident.recovered_at is not None)
    asked = say(
        f"owner.{name}.{'over' if over else 'ask'}",
        id=incident.id,
        title=title,
        at=instant(_asked_since(incident, name)),
        number=incident.number,
    )
    calm = name == "recovered" or over
    note = button(plain("card.buttons.note"), ADD_NOTE, value_of(incident), primary=not calm)
    resolve = button(plain("card.buttons.resolve"), RESOLVE, value_of(incident), primary=calm)
    steps = (resolve, note) if calm else (note, resolve)
    return Message(text, (section(asked), actions(*steps, page_button(incident, links))))


def crowd_notice(incidents: Sequence[Incident], links: Links, others: Collection[int] = ()) -> Message:
    """Several incidents that became one person's within a minute, each with its own button.

    `others` are the numbers of those that belong to somebody else now.
    """
    count, one = {"count": len(incidents)}, "_one" if len(incidents) == 1 else ""
    names = ", ".join(incident.id for incident in incidents)
    blocks: list[Block] = [header(plain(f"owner.crowd.title{one}", **count)), context(say(f"owner.crowd.opening{one}"))]
    for incident in incidents:
        press = button(plain("card.buttons.ack"), ACKNOWLEDGE, value_of(incident))
        is_theirs = incident.number not in others
        waits = {"accessory": press} if incident.status is Status.OPEN and is_theirs else {}
        blocks.append(section(_crowd_line(incident, links, is_theirs=is_theirs), NARROW) | waits)
    return Message(fallback(say(f"owner.crowd.text{one}", names=names, **count)), tuple(blocks))


def postmortem_prompt(incident: Incident, postmortem: Postmortem, links: Links) -> Message:
    """The five questions, how many are answered, and the two ways to answer."""
    if postmortem.is_published and not postmortem.amending:
        page = link(links.document(incident.id), incident.id)
        done = say("postmortem.prompt_published", id=incident.id, page=page)
        return Message(fallback(done), (section(done),))
    progress = {"answered": answered(postmortem), "total": len(QUESTIONS)}
    form = button(plain("card.buttons.open"), OPEN_PAGE, value_of(incident), url=links.postmortem_form(incident.number))
    blocks = [
        header(plain("postmortem.prompt_title", id=incident.id, title=incident.title)),
        section(say("postmortem.progress", **progress)),
        section(lines_of(questions(postmortem))),
        *([section(stage)] if (stage := review_stage(incident, postmortem)) else []),
        actions(*prompt_buttons(incident, postmortem), form),
        context(say(f"postmortem.prompt_{'waits' if incident.is_open else 'next'}", number=incident.number)),
    ]
    return Message(fallback(say("postmortem.prompt_text", id=incident.id, **progress)), tuple(blocks))


def questions(postmortem: Postmortem) -> list[Mrkdwn]:
    """One line per question: its answer, or that it is missing."""
    shown = []
    for key, asked in QUESTIONS.items():
        text, guess = postmortem.answers.get(key, "").strip(), postmortem.suggested.get(key, "").strip()
        shape = "answered" if text else "suggested" if guess else "missing"
        shown.append(say(f"postmortem.{shape}_line", question=asked, answer=one_line(as_read(text or guess), 160)))
    return shown


def _asked_since(incident: Incident, name: str) -> datetime:
    """Since when it is as the question says."""
    if name == "recovered" and incident.recovered_at is not None:
        return incident.recovered_at
    return incident.touched_at or incident.when(Milestone.ACKNOWLEDGED) or incident.opened_at


def _opening(incident: Incident, opening: Opening) -> Mrkdwn:
    if opening.kind == YOURS and incident.status is not Status.OPEN:
        return say("owner.taken", by=one_line(incident.acknowledged_by, VALUE) or "?")
    if opening.kind == YOURS and incident.by_hand and not incident.alarms:
        return say("owner.said", by=one_line(incident.by_hand.by, VALUE), name=one_line(incident.owner.name, VALUE))
    silent = opening.kind == TOLD and incident.status is not Status.OPEN
    by = incident.acknowledged_by if silent else opening.by
    return say(
        "owner.told_silent" if silent else f"owner.{opening.kind}",
        name=one_line(incident.owner.name, VALUE),
        id=incident.id,
        by=one_line(by, VALUE),
        rung=opening.rung,
        why=one_line(opening.why, VALUE),
    )


def _note(incident: Incident) -> Mrkdwn:
    return say("card.owner_note", note=one_line(incident.owner_note, VALUE))


def _found(incident: Incident, diagnosed: Diagnosed | None) -> tuple[str, ...]:
    return cause_paragraph(incident, diagnosed), card_facts.affected(incident, diagnosed)


def _facts(incident: Incident) -> list[tuple[str, str]]:
    facts = [
        (plain("card.labels.status"), status_of(incident)),
        (plain("card.labels.started"), card_facts.since(incident)),
    ]
    return [(label, text) for label, text in facts if text]


def _crowd_line(incident: Incident, links: Links, *, is_theirs: bool) -> Mrkdwn:
    owner = one_line(incident.owner.name, 80)
    return say(
        "owner.crowd.line",
        severity=incident.severity.value,
        words=plain(f"words.severity_word.{incident.severity.value}"),
        page=link(links.incident(incident.number), incident.id),
        title=one_line(incident.title, 100),
        status=status_of(incident) if is_theirs else say("owner.crowd.handed", owner=owner),
    )
