"""What the card of an open incident says of the past: that it comes back, which fix did not hold, what helped before.

Knows the lines, and what was to be done against it and is not. Refuses to look anything up: what cannot be had is left
out by whoever draws. Everything follows from its arguments, never from a clock: how long ago something was counts from
when the incident began.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from deadair.adapters.slack.card_facts import LINE, NARROW
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.mrkdwn import Mrkdwn, cut_markup, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.action_item import ActionItem
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.history import Failed, History
from deadair.domain.incident import Incident
from deadair.domain.lengths import started

SEEN_BEFORE, OTHERS, FAILED, OVERDUE = 3, 3, 2, 2
ID, WHERE = 40, 60
# Up to so many days they are counted as days, up to so many as weeks, up to so many as months.
AS_DAYS, AS_WEEKS, AS_MONTHS = 13, 59, 729
WEEK, MONTH, YEAR = 7, 30, 365


@dataclass(frozen=True, slots=True)
class Earlier:
    """A past postmortem: where to read it, what fixed it, when it was; `where` names another integration than this."""

    id: str
    url: str
    fix: str
    at: datetime | None = None
    where: str = ""


def seen_before(earlier: Iterable[Earlier], incident: Incident) -> Mrkdwn | str:
    """Past postmortems of the same kind, each with what fixed it in one line."""
    lines = [cut_markup(_line(one, incident), NARROW) for one in list(earlier)[:SEEN_BEFORE]]
    return lines_of([say("card.seen.title"), *lines]) if lines else ""


def repeats(incident: Incident, diagnosed: Diagnosed | None, links: Links) -> Mrkdwn | str:
    """That it is a pattern, and the fixes that did not hold; nothing of another class than the incident's now."""
    history = diagnosed.history if diagnosed else None
    if history is None or history.failure_class is not incident.failure_class:
        return ""
    failed = [one for one in history.failed if one.shown_by == incident.number][:FAILED]
    lines = [_pattern(history, links), *(_failed(one, links) for one in failed)]
    return lines_of(cut_markup(line, NARROW) for line in lines if line)


def overdue(items: Sequence[ActionItem], links: Links) -> Mrkdwn | str:
    """What was to be done by now so that it does not come again, and is not done."""
    lines = [_overdue(one, links) for one in items[:OVERDUE]]
    if len(items) > OVERDUE:
        lines.append(say("card.overdue.more", count=len(items) - OVERDUE))
    return lines_of([say("card.overdue.title"), *(cut_markup(line, NARROW) for line in lines)]) if lines else ""


def _overdue(one: ActionItem, links: Links) -> Mrkdwn:
    return say(
        "card.overdue.line",
        text=one_line(one.text, LINE),
        id=link(links.incident(one.incident), one.id),
        owner=one_line(one.owner.name, WHERE),
        due=f"{one.due_on:%Y-%m-%d}",
    )


def earlier_by(days: int) -> str:
    """How many days before it began, in words."""
    if days < 0:
        return plain("card.seen.when.later")
    if days <= 1:
        return plain("card.seen.when.day" if days else "card.seen.when.today")
    for unit, most, length in (("days", AS_DAYS, 1), ("weeks", AS_WEEKS, WEEK), ("months", AS_MONTHS, MONTH)):
        if days <= most:
            return plain(f"card.seen.when.{unit}", count=days // length)
    return plain("card.seen.when.years", count=days // YEAR)


def _line(one: Earlier, incident: Incident) -> Mrkdwn:
    told = {
        "id": link(one.url, one_line(one.id, ID)),
        "when": earlier_by((started(incident) - one.at).days) if one.at else "",
        "fix": one_line(one.fix, LINE) or plain("card.seen.no_fix"),
    }
    if one.where:
        return say("card.seen.elsewhere", where=one_line(one.where, WHERE), **told)
    return say("card.seen.line", **told)


def _pattern(history: History, links: Links) -> Mrkdwn | str:
    if not history.is_pattern:
        return ""
    return say("card.repeats.pattern", count=history.count, days=history.days, others=_listed(history.numbers, links))


def _listed(numbers: Sequence[int], links: Links) -> Mrkdwn:
    """The latest ones, the latest first."""
    latest = [link(links.incident(number), f"INC-{number}") for number in reversed(numbers[-OTHERS:])]
    told = Mrkdwn(", ".join(latest))
    left = len(numbers) - len(latest)
    return say("card.repeats.more", others=told, count=left) if left > 0 else told


def _failed(one: Failed, links: Links) -> Mrkdwn:
    fix = one_line(one.fix, LINE)
    if one.is_reopened:
        return say("card.repeats.opened_again", fix=fix)
    return say("card.repeats.did_not_hold", id=link(links.incident(one.number), f"INC-{one.number}"), fix=fix)
