"""`link`: an address that belongs to the incident: a ticket, a dashboard, a thread."""

from deadair.adapters.slack.mrkdwn import Mrkdwn, lines_of, one_line
from deadair.adapters.slack.mrkdwn import link as linked
from deadair.adapters.slack.phrases import say
from deadair.adapters.slack.tokens import ADDRESS
from deadair.domain.incident import Incident
from deadair.usecases.add_link import add_link
from deadair.usecases.steadily import steadily
from slack_commands.choosing import on_incident
from slack_commands.context import Context, Reply
from slack_commands.running import after_step

SHOWN = 100


def run(context: Context) -> Reply:
    """`link 42 https://… what it is`; without an address, those that there are."""
    return on_incident(context, _add if context.command.text else _current)


def _add(context: Context, number: int) -> Reply:
    url, label = addressed(context.command.text)
    if not url:
        command = context.typed("link", number, "https://…", one_line(context.command.text, 60))
        return Reply(
            say("answers.link.no_address", said=one_line(context.command.text, 60), command=command), refused=True
        )
    incident = steadily(lambda: add_link(context.store, number, context.actor, url, label, now=context.now))
    shown = linked(url, one_line(label or url, SHOWN))
    return after_step(context, incident, say("answers.link.done", id=incident.id, link=shown))


def addressed(text: str) -> tuple[str, str]:
    """The address in a text, wherever it stands, and the words around it: `Ticket 7 (https://…)`."""
    found = ADDRESS.search(text)
    if not found:
        return "", text
    before, url, after = text[: found.start()], found[0], text[found.end() :]
    if before.endswith("(") and url.endswith(")"):
        before, url = before[:-1], url[:-1]
    return url, " ".join(f"{before} {after}".split())


def _current(context: Context, number: int) -> Reply:
    incident = context.store.get(number)
    command = context.typed("link", number, "https://…", "what it is")
    if not incident.links:
        return Reply(say("answers.link.none", id=incident.id, command=command))
    return Reply(lines_of([say("answers.link.title", id=incident.id), *_lines(incident)]))


def _lines(incident: Incident) -> list[Mrkdwn]:
    return [
        say("answers.link.line", link=linked(one.url, one_line(one.label or one.url, SHOWN))) for one in incident.links
    ]
