"""The card of an incident that is over: how it ended, what fixed it, and what its postmortem still lacks.

Knows that this is one paragraph. Refuses to repeat what the page holds.
"""

from deadair.adapters.slack.card_facts import VALUE
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.mrkdwn import Mrkdwn, duration, instant, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.review_stage import review_line
from deadair.domain.incident import Incident
from deadair.domain.postmortem import QUESTIONS, Postmortem, PostmortemStatus
from deadair.domain.stages import NOTHING_TO_TELL, Ending, Milestone


def ended(incident: Incident, links: Links) -> Mrkdwn:
    """How it ended: one line, and the fix or the reason below it."""
    resolved = incident.when(Milestone.RESOLVED) or incident.opened_at
    started = incident.when(Milestone.STARTED) or incident.started_at
    into = incident.merged_into
    how = how_it_ended(incident)
    # Of what was recorded afterwards nobody may know who ended it.
    words = "by_nobody" if how == "resolved" and not incident.resolved_by else how
    line = say(
        f"card.ended.{words}",
        by=one_line(incident.resolved_by, VALUE) or "?",
        at=instant(resolved),
        lasted=duration((resolved - started).total_seconds()),
        into=link(links.incident(into), f"INC-{into}") if into else "?",
    )
    if not incident.fix:
        return line
    said = "reason" if incident.ending is Ending.FALSE_ALARM else "fix"
    return lines_of([line, say(f"card.ended.{said}", fix=one_line(incident.fix, VALUE))])


def how_it_ended(incident: Incident) -> str:
    """The name of its words."""
    if incident.merged_into is not None:
        return "merged"
    known = {Ending.BY_ITSELF: "by_itself", Ending.FALSE_ALARM: "false_alarm"}
    return known.get(incident.ending, "resolved") if incident.ending else "resolved"


def postmortem_line(incident: Incident, postmortem: Postmortem | None, links: Links) -> Mrkdwn | str:
    """How far the postmortem is; empty before there is one, and where none is wanted."""
    if postmortem is None:
        return ""
    if postmortem.status is PostmortemStatus.PUBLISHED:
        page = link(links.document(incident.id), plain("postmortem.read"))
        return say("postmortem.published_line", page=page)
    if incident.is_open or incident.ending in NOTHING_TO_TELL:
        return ""
    told = {"answered": answered(postmortem), "total": len(QUESTIONS)}
    if stage := review_line(incident, postmortem):
        return stage
    if not postmortem.unanswered:
        return say("postmortem.complete_line", **told)
    missing = " · ".join(QUESTIONS[key] for key in postmortem.unanswered)
    return say("postmortem.incomplete_line", missing=missing, **told)


def answered(postmortem: Postmortem) -> int:
    """How many of the questions have an answer."""
    return len(QUESTIONS) - len(postmortem.unanswered)
