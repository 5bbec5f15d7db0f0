"""What happens when two people are at the same incident.

Knows a step that no longer applies. Refuses to take one again: see `usecases/steadily.py`.
"""

from deadair.adapters.slack.mrkdwn import Mrkdwn, duration, lines_of
from deadair.adapters.slack.phrases import say
from deadair.domain.errors import IllegalTransition
from deadair.domain.incident import Incident
from deadair.domain.stages import Milestone, Status
from deadair.domain.timeline import Fact
from slack_commands.context import Context, Reply
from slack_commands.running import offering, show


def as_it_is(context: Context, number: int, refusal: IllegalTransition) -> Incident:
    """The incident to which a step no longer applies. What was merged goes on elsewhere: the refusal says where."""
    incident = context.store.get(number)
    if incident.merged_into is not None:
        raise refusal
    return incident


def meanwhile(context: Context, incident: Incident) -> Reply:
    """Who did what, and the next command: the answer to a step that no longer applies."""
    words = context.command.text or "…"
    following = {
        Status.OPEN: ("ack", incident.number),
        Status.ACKNOWLEDGED: ("note", incident.number, words),
        Status.MITIGATED: ("resolve", incident.number, words),
        Status.RESOLVED: ("reopen", incident.number, "…"),
    }[incident.status]
    next_line = say("answers.stale.next", command=context.typed(*following))
    text = lines_of([what_happened(context, incident), next_line])
    return offering(text, show(incident.number), refused=True)


def what_happened(context: Context, incident: Incident) -> Mrkdwn:
    """The last change of state, in one sentence."""
    by, at = {
        Status.OPEN: ("", incident.opened_at),
        Status.ACKNOWLEDGED: (incident.acknowledged_by, incident.when(Milestone.ACKNOWLEDGED)),
        Status.MITIGATED: ("", incident.when(Milestone.MITIGATED)),
        Status.RESOLVED: (incident.resolved_by, incident.when(Milestone.RESOLVED)),
    }[incident.status]
    by = by or _whoever_mitigated(context, incident)
    ago = duration((context.now - (at or context.now)).total_seconds())
    return say(f"answers.stale.{incident.status.value}", by=by or "?", id=incident.id, ago=ago)


def _whoever_mitigated(context: Context, incident: Incident) -> str:
    """Only the timeline knows."""
    if incident.status is not Status.MITIGATED:
        return ""
    entries = context.store.timeline(incident.number)
    return next((entry.author for entry in reversed(entries) if entry.fact is Fact.MITIGATED), "")
