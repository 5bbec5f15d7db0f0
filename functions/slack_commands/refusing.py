"""A refusal in words: what was understood, that nothing changed, and what to type next.

Knows the tree of errors. Refuses to decide what is refused.
"""

from deadair.adapters.slack.mrkdwn import lines_of
from deadair.adapters.slack.phrases import plain, say
from deadair.adapters.slack.vocabulary import VERBS
from deadair.domain.errors import NotAllowed, Refusal, Stale
from deadair.domain.incident import Incident
from slack_commands.context import Context, Reply
from slack_commands.running import offering, show


def refused(context: Context, refusal: Refusal) -> Reply:
    """The refusal's own words and its remedy: a command where it names a verb."""
    if isinstance(refusal, Stale):
        return _lost_race(context)
    if isinstance(refusal, NotAllowed) and refusal.incident is not None:
        return _somebody_elses(context, refusal.incident)
    first = refusal.remedy.split(maxsplit=1)[0] if refusal.remedy else ""
    remedy = context.typed(refusal.remedy) if first in VERBS else refusal.remedy
    following = [say("answers.error.next", command=remedy)] if remedy else []
    return Reply(lines_of([say("answers.error.refused", message=refusal.message), *following]), refused=True)


def _lost_race(context: Context) -> Reply:
    """Somebody was faster, again and again."""
    number = context.command.number
    name = f"INC-{number}" if number else plain("answers.error.it")
    text = say("answers.error.lost_race", id=name, command=context.typed("show", context.command.ref))
    return offering(text, *([show(number)] if number else []), refused=True)


def _somebody_elses(context: Context, incident: Incident) -> Reply:
    """Whose it is, and the two things that everybody may do."""
    if incident.inactive_since is not None:
        told = say(
            "answers.people.inactive",
            integration=incident.integration_name,
            since=f"{incident.inactive_since:%d %b}".lstrip("0"),
            owner=incident.owner.name,
            who=context.typed("who", incident.integration),
        )
        return Reply(told, refused=True)
    told = say(
        "answers.people.belongs",
        id=incident.id,
        owner=incident.owner.name,
        integration=incident.integration_name,
        take=context.typed("assign", incident.number, "me", "<reason>"),
    )
    return Reply(told, refused=True)
