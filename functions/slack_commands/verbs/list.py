"""`list`: what is open."""

from deadair.adapters.dynamodb.incidents import MOST_OPEN
from deadair.adapters.slack.card import status_of
from deadair.adapters.slack.mrkdwn import Mrkdwn, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.flags import flags
from deadair.domain.incident import Incident
from slack_commands.choosing import is_mine
from slack_commands.context import Context, Reply

SHOWN = 10


def run(context: Context) -> Reply:
    """Open incidents, newest first; `mine` keeps the person's own."""
    only_mine = context.command.text.casefold().split()[:1] in (["mine"], ["my"], ["me"])
    listed = context.store.open_page()
    incidents = listed.items
    found = [incident for incident in incidents if is_mine(incident, context)] if only_mine else incidents
    page = link(context.links.incidents(), plain("answers.list.page"))
    if not found:
        key = "answers.list.none_mine" if only_mine else "answers.list.none"
        return Reply(say(key, page=page, command=context.typed("list")))
    title = say("answers.list.title_mine" if only_mine else "answers.list.title", count=_count(len(incidents), found))
    more = [say("answers.list.more", count=len(found) - SHOWN, page=page)] if len(found) > SHOWN else []
    odd = [say("answers.list.unread", count=listed.unread)] if listed.unread else []
    return Reply(lines_of([title, *(line(context, incident) for incident in found[:SHOWN]), *more, *odd]))


def line(context: Context, incident: Incident) -> Mrkdwn:
    """One incident in two lines."""
    return say(
        "answers.list.line",
        link=link(context.links.incident(incident.number), incident.id),
        severity=incident.severity.value,
        title=one_line(incident.title, 120),
        status=status_of(incident),
        owner=one_line(incident.owner.name, 60),
        marks="".join(f" · {plain(f'answers.list.marks.{name}')}" for name in flags(incident, context.now)),
    )


def _count(read: int, found: list[Incident]) -> str:
    """How many; with a plus when there may be more than were read."""
    return f"{len(found)}+" if read >= MOST_OPEN else str(len(found))
