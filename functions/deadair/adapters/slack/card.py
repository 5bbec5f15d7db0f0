"""The incident card: one message per incident, drawn from its current state.

Knows what a person under stress needs first. Refuses to know how it is sent and where it was drawn before.
"""

from dataclasses import dataclass

from deadair.adapters.slack.blocks import Block, actions, button, context, fallback, fields, header, section
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.mrkdwn import Mrkdwn, duration, escape, instant, is_web_address, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.incident import Incident, Milestone, Status
from deadair.domain.lengths import detected, lasted, started
from deadair.domain.ownership import Integration
from deadair.domain.postmortem import QUESTIONS, Postmortem, PostmortemStatus
from deadair.domain.severity import FailureClass

VALUE = 500  # characters of one value; the longest names and fixes still leave the card readable
# Slack takes 12,000 characters in all blocks of a message together, and an escaped & counts five.
FIELD, PARAGRAPH = 400, 1200
SEEN_BEFORE = 3

ACKNOWLEDGE, RESOLVE, OPEN_PAGE = "ack", "resolve", "open"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A past postmortem of the same kind: where to read it and what fixed it."""

    title: str
    url: str
    fix: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: plain text for notifications and screen readers, and blocks."""

    text: str
    blocks: tuple[Block, ...]


def incident_card(
    incident: Incident,
    links: Links,
    *,
    row: Integration | None = None,
    earlier: tuple[Earlier, ...] = (),
    postmortem: Postmortem | None = None,
) -> Message:
    """The whole card. Everything in it follows from its arguments, so an unchanged card compares equal."""
    blocks = [
        header(title_of(incident)),
        fields(_facts(incident), FIELD),
        *_paragraphs(incident, row, earlier, postmortem, links),
        context(link(links.incident(incident.number), incident.id), _alarms(incident), _consent(incident)),
        actions(*card_buttons(incident, links)),
    ]
    return Message(fallback(summary(incident)), tuple(blocks))


def title_of(incident: Incident) -> str:
    """Severity in words, number, title; plain text."""
    key = "card.title_resolved" if incident.status is Status.RESOLVED else "card.title"
    return plain(key, severity=incident.severity, id=incident.id, title=incident.title)


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
    value = f"{incident.number}:{incident.version}:{incident.status.value}"
    buttons = []
    if incident.status is Status.OPEN:
        buttons.append(button(plain("card.buttons.ack"), ACKNOWLEDGE, value, primary=True))
    if incident.is_open:
        buttons.append(button(plain("card.buttons.resolve"), RESOLVE, value))
    page = links.incident(incident.number)
    return [*buttons, button(plain("card.buttons.open"), OPEN_PAGE, value, url=page)]


def first_step(incident: Incident) -> Mrkdwn:
    """What to do first: the runbook when there is one, else where to look."""
    if is_web_address(incident.runbook):
        return say("card.first.runbook", runbook=link(incident.runbook, plain("card.runbook")))
    if incident.runbook:
        return say("card.first.text", text=one_line(incident.runbook, VALUE))
    return say(f"card.first.{incident.failure_class.value}")


def _facts(incident: Incident) -> list[tuple[str, str]]:
    pairs = [
        ("owner", escape(one_line(incident.owner.name, VALUE))),
        ("status", status_of(incident)),
        ("severity", say(f"card.severity.{incident.severity.value}")),
        ("integration", escape(one_line(incident.integration_name, VALUE))),
        ("started", instant(started(incident))),
        ("detected", instant(detected(incident))),
    ]
    if incident.failure_class is not FailureClass.UNKNOWN:
        pairs.append(("likely", say(f"card.class.{incident.failure_class.value}")))
    if incident.finding is not None:
        pairs.append(("finding", escape(one_line(incident.finding.text, VALUE))))
    if incident.recovered_at is not None:
        pairs.append(("recovered", instant(incident.recovered_at)))
    if (resolved := incident.when(Milestone.RESOLVED)) is not None:
        pairs.append(("lasted", escape(duration(lasted(incident, resolved).total_seconds()))))
    return [(plain(f"card.labels.{name}"), value) for name, value in pairs]


def _paragraphs(
    incident: Incident,
    row: Integration | None,
    earlier: tuple[Earlier, ...],
    postmortem: Postmortem | None,
    links: Links,
) -> list[Block]:
    texts = [
        say("card.owner_note", note=one_line(incident.owner_note, VALUE)) if incident.owner_note else "",
        say("card.fix", fix=one_line(incident.fix, VALUE)) if incident.fix else "",
        "" if not incident.is_open else first_step(incident),
        _still_to_check(incident),
        _escalation(incident, row),
        _seen_before(earlier),
        postmortem_line(incident, postmortem, links),
    ]
    return [section(text, PARAGRAPH) for text in texts if text]


def _still_to_check(incident: Incident) -> str:
    if incident.is_open and incident.recovered_at is not None:
        return say("card.recovered_but_open", number=incident.number)
    return ""


def _escalation(incident: Incident, row: Integration | None) -> str:
    """Who is next when the owner does not answer; only while nobody has it."""
    if incident.status is not Status.OPEN or row is None:
        return ""
    named = row.row.get("escalation") or ""
    following = [
        row.deputy.name if row.deputy else "",
        named.get("name", "") if isinstance(named, dict) else str(named),
    ]
    names = " → ".join(one_line(name, VALUE) for name in dict.fromkeys(following) if name)
    return say("card.escalation", names=names) if names else ""


def _seen_before(earlier: tuple[Earlier, ...]) -> str:
    if not earlier:
        return ""
    lines = [
        say(
            "card.seen.line",
            title=link(item.url, one_line(item.title, 120)),
            fix=one_line(item.fix, 200) or plain("card.seen.no_fix"),
        )
        for item in earlier[:SEEN_BEFORE]
    ]
    return lines_of([say("card.seen.title"), *lines])


def postmortem_line(incident: Incident, postmortem: Postmortem | None, links: Links) -> str:
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


def _alarms(incident: Incident) -> str:
    names = sorted({alarm.name for alarm in incident.alarms.values()})
    if not names:
        return ""
    more = say("card.more_alarms", count=len(names) - 1) if len(names) > 1 else ""
    return say("card.alarm", name=one_line(names[0], 200), more=more)


def _consent(incident: Incident) -> str:
    return say("card.consent") if incident.consent else ""
