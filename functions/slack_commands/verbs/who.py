"""`who`: who owns an integration."""

from deadair.adapters.slack.mrkdwn import Mrkdwn, escape, is_web_address, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.incident import parse_number
from deadair.domain.ownership import Integration, Person
from slack_commands.choosing import rows_of
from slack_commands.context import Context, Reply

SHOWN = 5


def run(context: Context) -> Reply:
    """Owner, deputy and runbook of the integration that the text means; alone, the person's own."""
    said = context.command.text
    rows = context.registry.rows()
    if not said:
        return _mine(context, rows)
    number = parse_number(said)
    wanted = context.store.get(number).integration if number is not None else said
    found = matching(wanted, rows)
    if len(found) == 1:
        return Reply(lines_of([*_gone(context, found[0]), described(found[0])]))
    page = link(context.links.integrations(), plain("answers.who.page"))
    if not found:
        return Reply(say("answers.who.none", said=one_line(said, 60), page=page))
    return Reply(
        lines_of([say("answers.who.close", said=one_line(said, 60)), *(line_of(row) for row in found[:SHOWN])])
    )


def matching(said: str, rows: list[Integration]) -> list[Integration]:
    """The row of that slug or name; else every row in which all words occur."""
    wanted = said.casefold().strip()
    exact = [row for row in rows if wanted in (row.slug.casefold(), row.name.casefold())]
    words = wanted.replace("→", " ").replace("->", " ").replace(">", " ").split()
    return exact or [row for row in rows if words and all(word in _searched(row) for word in words)]


def described(row: Integration) -> Mrkdwn:
    """One integration and its people."""
    unset = plain("answers.who.unset")
    escalation = row.row.get("escalation") or ""
    named = escalation.get("name", "") if isinstance(escalation, dict) else str(escalation)
    runbook = link(row.runbook, row.runbook) if is_web_address(row.runbook) else escape(one_line(row.runbook, 500))
    return say(
        "answers.who.row",
        name=row.name,
        slug=row.slug,
        owner=_person(row.owner),
        deputy=_person(row.deputy) if row.deputy else unset,
        escalation=named or unset,
        runbook=runbook or unset,
    )


def _gone(context: Context, row: Integration) -> list[Mrkdwn]:
    """That its owner has left, where Slack says so."""
    since = context.directory.workspace.gone_since(row.owner, context.now) if row.owner.name else None
    if since is None:
        return []
    day = f"{since.day} {since:%b}"
    return [say("answers.who.gone", name=row.name, since=day, owner=row.owner.name)]


def _mine(context: Context, rows: list[Integration]) -> Reply:
    mine = rows_of(context.actor.person, rows)
    ask = say("answers.who.ask", command=context.typed("who", "hubspot"))
    return Reply(lines_of([say("answers.who.mine"), *(line_of(row) for row in mine), ask]) if mine else ask)


def line_of(row: Integration) -> Mrkdwn:
    """An integration and its owner in one line."""
    return say("answers.who.line", name=row.name, slug=row.slug, owner=row.owner.name)


def _person(person: Person) -> str:
    return f"{person.name} ({person.email})" if person.email else person.name


def _searched(row: Integration) -> str:
    return f"{row.slug} {row.name} {row.source} {row.destination}".casefold()
