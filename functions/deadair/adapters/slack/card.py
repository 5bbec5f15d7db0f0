"""The incident card: one message per incident, drawn from its current state.

Knows the order in which a person under stress needs things, and that an incident that is over needs few words.
Refuses to know how it is sent and where it was drawn before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from deadair.adapters.slack import card_checks, card_facts
from deadair.adapters.slack.blocks import Block, actions, button, context, fallback, fields, header, section
from deadair.adapters.slack.card_facts import LINE, NARROW, PARAGRAPH, VALUE, Earlier, Upcoming
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.mrkdwn import Mrkdwn, duration, instant, is_web_address, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.holding import Hold
from deadair.domain.incident import Incident
from deadair.domain.postmortem import QUESTIONS, Postmortem, PostmortemStatus
from deadair.domain.severity import why_severity
from deadair.domain.stages import Ending, Milestone, Status

ACKNOWLEDGE, RESOLVE, OPEN_PAGE = "ack", "resolve", "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the card shows beside the incident.

    `hold` keeps notices back now; `following` are told if nobody answers.
    """

    earlier: tuple[Earlier, ...] = ()
    postmortem: Postmortem | None = None
    diagnosed: Diagnosed | None = None
    hold: Hold | None = None
    following: Sequence[Upcoming] = ()


NOTHING_MORE = Known()


def incident_card(incident: Incident, links: Links, known: Known = NOTHING_MORE) -> Message:
    """The whole card. Everything in it follows from its arguments, so an unchanged card compares equal."""
    parts = _open(incident, links, known) if incident.is_open else _over(incident, links, known.postmortem)
    small = [text for text in _small_print(incident) if text]
    blocks = [header(title_of(incident)), *parts, *([context(*small)] if small else [])]
    return Message(fallback(summary(incident)), tuple(blocks))


def title_of(incident: Incident) -> str:
    """Severity in words, number, what is wrong; plain text."""
    kind = "title" if incident.is_open else f"title_of.{_ending(incident)}"
    words = plain(f"card.words.{incident.severity.value}")
    title = plain(f"card.{kind}", severity=words, id=incident.id, title=incident.title)
    return plain("card.title_of.drill", title=title) if incident.drill else title


def summary(incident: Incident) -> Mrkdwn:
    """The card in one line."""
    return say(
        "card.summary",
        severity=incident.severity.value,
        id=incident.id,
        title=one_line(incident.title, VALUE),
        status=status_of(incident),
        owner=incident.owner.name,
    )


def status_of(incident: Incident) -> Mrkdwn:
    """Where the people are with it, and who."""
    at = {
        Status.OPEN: incident.opened_at,
        Status.ACKNOWLEDGED: incident.when(Milestone.ACKNOWLEDGED),
        Status.MITIGATED: incident.when(Milestone.MITIGATED),
        Status.RESOLVED: incident.when(Milestone.RESOLVED),
    }[incident.status]
    by = incident.resolved_by if incident.status is Status.RESOLVED else incident.acknowledged_by
    return say(
        f"card.status.{incident.status.value}", by=one_line(by, VALUE) or "?", at=instant(at or incident.opened_at)
    )


def card_buttons(incident: Incident, links: Links) -> list[Block]:
    """The steps that make sense now. Values carry number, version and status as they were drawn."""
    value = value_of(incident)
    buttons = []
    if incident.status is Status.OPEN:
        buttons.append(button(plain("card.buttons.ack"), ACKNOWLEDGE, value, primary=True))
    if incident.is_open:
        quiet = incident.recovered_at is not None and incident.status is not Status.OPEN
        buttons.append(button(plain("card.buttons.resolve"), RESOLVE, value, primary=quiet))
    return [*buttons, page_button(incident, links)]


def page_button(incident: Incident, links: Links) -> Block:
    """Opens the incident's page."""
    return button(plain("card.buttons.open"), OPEN_PAGE, value_of(incident), url=links.incident(incident.number))


def value_of(incident: Incident) -> str:
    """What a button sends back: number, version and status as they were drawn."""
    return f"{incident.number}:{incident.version}:{incident.status.value}"


def first_step(incident: Incident, diagnosed: Diagnosed | None = None) -> Mrkdwn:
    """What to do first: the runbook when there is one, else the first check that nobody has made."""
    if is_web_address(incident.runbook):
        return say("card.first.runbook", runbook=link(incident.runbook, plain("card.runbook")))
    if incident.runbook:
        return say("card.first.text", text=one_line(incident.runbook, VALUE))
    checks = card_checks.checks_for(incident, diagnosed)
    left = [check for check in checks if check.id not in incident.checks]
    return say("card.first.text", text=(left or checks)[0].text)


def postmortem_line(incident: Incident, postmortem: Postmortem | None, links: Links) -> Mrkdwn | str:
    """How far the postmortem is; empty before there is one."""
    if postmortem is None:
        return ""
    if postmortem.status is PostmortemStatus.PUBLISHED:
        page = link(links.document(incident.id), plain("postmortem.read"))
        return say("postmortem.published_line", page=page)
    if incident.is_open:
        return ""
    page = link(links.postmortem_form(incident.number), plain("postmortem.link"))
    return say("postmortem.draft_line", answered=answered(postmortem), total=len(QUESTIONS), page=page)


def answered(postmortem: Postmortem) -> int:
    """How many of the questions have an answer."""
    return len(QUESTIONS) - len(postmortem.unanswered)


def ended(incident: Incident, links: Links) -> Mrkdwn:
    """How it ended: one line, and the fix or the reason below it."""
    resolved = incident.when(Milestone.RESOLVED) or incident.opened_at
    started = incident.when(Milestone.STARTED) or incident.started_at
    into = incident.merged_into
    line = say(
        f"card.ended.{_ending(incident)}",
        by=one_line(incident.resolved_by, VALUE) or "?",
        at=instant(resolved),
        lasted=duration((resolved - started).total_seconds()),
        into=link(links.incident(into), f"INC-{into}") if into else "?",
    )
    if not incident.fix:
        return line
    said = "reason" if incident.ending is Ending.FALSE_ALARM else "fix"
    return lines_of([line, say(f"card.ended.{said}", fix=one_line(incident.fix, VALUE))])


def _ending(incident: Incident) -> str:
    if incident.merged_into is not None:
        return "merged"
    known = {Ending.BY_ITSELF: "by_itself", Ending.FALSE_ALARM: "false_alarm"}
    return known.get(incident.ending, "resolved") if incident.ending else "resolved"


def _open(incident: Incident, links: Links, known: Known) -> list[Block]:
    """What broke, since when, what changed, who; then what to do."""
    above = [card_facts.held_back(known.hold), _warning(incident), _recovery(incident)]
    cause = card_facts.cause_paragraph(incident, known.diagnosed)
    below = [
        card_facts.affected(known.diagnosed),
        card_facts.logs(known.diagnosed),
        card_facts.changes(incident, known.diagnosed),
        card_facts.seen_before(known.earlier),
    ]
    return [
        context(one_line(why_severity(incident), 2 * LINE)),
        *(section(text, PARAGRAPH) for text in above if text),
        fields([(label, text) for label, text in _facts(incident, known) if text], NARROW),
        *([section(cause, NARROW)] if cause else []),
        *(section(text, PARAGRAPH) for text in below if text),
        actions(*card_buttons(incident, links)),
        *card_checks.checklist(incident, known.diagnosed),
    ]


def _facts(incident: Incident, known: Known) -> list[tuple[str, str]]:
    good = known.diagnosed.last_good_at if known.diagnosed else None
    # Nobody is told while notices are held.
    following = () if known.hold else known.following
    return [
        (plain("card.labels.holder"), card_facts.holder(incident)),
        (card_facts.upcoming_label(following), card_facts.upcoming(incident, following)),
        (plain("card.labels.started"), card_facts.since(incident)),
        (plain("card.labels.good"), instant(good) if good else ""),
    ]


def _warning(incident: Incident) -> Mrkdwn | str:
    lines = [say("card.owner_note", note=one_line(incident.owner_note, VALUE))] if incident.owner_note else []
    if incident.escalation.unreachable is not None and incident.status is Status.OPEN:
        lines.append(say("card.unreachable", at=instant(incident.escalation.unreachable)))
    return lines_of(lines) if lines else ""


def _recovery(incident: Incident) -> Mrkdwn | str:
    """What the alarms say now, where that is not simply that it is broken."""
    if incident.recovered_at is not None:
        return say("card.recovered.ask", at=instant(incident.recovered_at))
    if incident.flapping:
        return say("card.recovered.flapping")
    return say("card.recovered.stopped") if incident.evidence_stopped_at is not None else ""


def _over(incident: Incident, links: Links, postmortem: Postmortem | None) -> list[Block]:
    lines = [ended(incident, links), postmortem_line(incident, postmortem, links)]
    text = lines_of(line for line in lines if line)
    return [section(text, 2 * PARAGRAPH), actions(*card_buttons(incident, links))]


def _small_print(incident: Incident) -> list[str]:
    rings = card_facts.alarms(incident) if incident.is_open else ""
    consent = say("card.consent") if incident.consent else ""
    drill = say("card.drill") if incident.drill else ""
    return [rings, consent, drill]
