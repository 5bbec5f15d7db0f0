"""`timeline`: what happened when."""

from deadair.adapters.slack.mrkdwn import instant, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply

SHOWN = 10
TEXT = 160


def run(context: Context) -> Reply:
    """The newest entries, oldest of them first."""
    return on_incident(context, _timeline)


def _timeline(context: Context, number: int) -> Reply:
    incident = context.store.get(number)
    entries = context.store.timeline(number)
    lines = [
        say(
            "answers.timeline.line",
            at=instant(entry.occurred_at),
            author=one_line(entry.author, 60) or entry.source.value,
            text=one_line(entry.text, TEXT),
        )
        for entry in entries[-SHOWN:]
    ]
    page = link(context.links.incident(number), plain("answers.timeline.page"))
    title = say("answers.timeline.title", id=incident.id, title=one_line(incident.title, TEXT))
    more = [say("answers.timeline.more", count=len(entries) - SHOWN, page=page)] if len(entries) > SHOWN else [page]
    return Reply(lines_of([title, *lines, *more]))
