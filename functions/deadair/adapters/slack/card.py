"""The incident card: one message per incident, drawn from its current state.

Knows the order in which a person under stress needs things, and that an incident that is over needs few words.
Refuses to know how it is sent and where it was drawn before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from deadair.adapters.slack import card_checks, card_facts, card_past
from deadair.adapters.slack.blocks import Block, actions, context, fallback, fields, header, section
from deadair.adapters.slack.card_buttons import card_buttons
from deadair.adapters.slack.card_cause import cause_paragraph
from deadair.adapters.slack.card_facts import LINE, NARROW, PARAGRAPH, VALUE, Upcoming
from deadair.adapters.slack.card_over import ended, how_it_ended, postmortem_line
from deadair.adapters.slack.card_past import Earlier
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.mrkdwn import Mrkdwn, instant, is_web_address, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.action_item import ActionItem
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.holding import Hold
from deadair.domain.incident import Incident
from deadair.domain.postmortem import Postmortem
from deadair.domain.severity import why_severity
from deadair.domain.stages import Milestone, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the card shows beside the incident.

    `hold` keeps notices back now; `following` are told if nobody answers; `overdue` are action items of earlier
    incidents of its integration.
    """

    earlier: tuple[Earlier, ...] = ()
    postmortem: Postmortem | None = None
    diagnosed: Diagnosed | None = None
    hold: Hold | None = None
    following: Sequence[Upcoming] = ()
    overdue: Sequence[ActionItem] = ()


NOTHING_MORE = Known()


def incident_card(incident: Incident, links: Links, known: Known = NOTHING_MORE) -> Message:
    """The whole card. Everything in it follows from its arguments, so an unchanged card compares equal."""
    parts = _open(incident, links, known) if incident.is_open else _over(incident, links, known.postmortem)
    return Message(fallback(summary(incident)), (header(title_of(incident)), *parts))


def title_of(incident: Incident) -> str:
    """Severity in words, number, what is wrong; plain text."""
    kind = "title" if incident.is_open else f"title_of.{how_it_ended(incident)}"
    words = plain(f"words.severity_word.{incident.severity.value}")
    severity = incident.severity.value
    title = plain(f"card.{kind}", severity=severity, words=words, id=incident.id, title=incident.title)
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
    # Of what was recorded afterwards nobody may know who ended it.
    words = "over" if incident.status is Status.RESOLVED and not by else incident.status.value
    return say(f"card.status.{words}", by=one_line(by, VALUE) or "?", at=instant(at or incident.opened_at))


def first_step(incident: Incident, diagnosed: Diagnosed | None = None) -> Mrkdwn:
    """What to do first: the runbook when there is one, else the first check that nobody has made."""
    if is_web_address(incident.runbook):
        return say("card.first.runbook", runbook=link(incident.runbook, plain("card.runbook")))
    if incident.runbook:
        return say("card.first.text", text=one_line(incident.runbook, VALUE))
    checks = card_checks.checks_for(incident, diagnosed)
    left = [check for check in checks if check.id not in incident.checks]
    return say("card.first.text", text=(left or checks)[0].text)


def _open(incident: Incident, links: Links, known: Known) -> list[Block]:
    """What broke, since when, what changed, who; then what to do: what helped before, and the first checks."""
    above = [
        card_facts.held_back(known.hold),
        _warning(incident),
        card_past.repeats(incident, known.diagnosed, links),
        _recovery(incident),
    ]
    found = [
        cause_paragraph(incident, known.diagnosed),
        card_facts.affected(incident, known.diagnosed),
        card_facts.changes(incident, known.diagnosed),
    ]
    past = card_past.seen_before(known.earlier, incident)
    below = [card_past.overdue(known.overdue, links), card_facts.links_of(incident)]
    rings = card_facts.alarms(incident)
    return [
        context(say("card.why", why=one_line(why_severity(incident), 2 * LINE)), *_kind(incident)),
        *(section(text, PARAGRAPH) for text in above if text),
        fields([(label, text) for label, text in _facts(incident, known) if text], NARROW),
        *(section(text, PARAGRAPH) for text in found if text),
        actions(*card_buttons(incident, links)),
        *([section(past, PARAGRAPH)] if past else []),
        *card_checks.checklist(incident, known.diagnosed),
        *(section(text, PARAGRAPH) for text in below if text),
        *([context(rings)] if rings else []),
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
    kind = _kind(incident)
    return [
        *([context(*kind)] if kind else []),
        section(text, 2 * PARAGRAPH),
        actions(*card_buttons(incident, links, postmortem)),
    ]


def _kind(incident: Incident) -> list[str]:
    """What makes it different from others."""
    consent = say("card.consent") if incident.consent else ""
    drill = say("card.drill") if incident.drill else ""
    return [text for text in (consent, drill) if text]
