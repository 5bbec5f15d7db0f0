"""`list`: what is open, and with `all` or `--since` what is over."""

from dataclasses import dataclass, replace
from datetime import timedelta

from deadair.adapters.dynamodb.incidents import MOST_OPEN
from deadair.adapters.slack.card import status_of
from deadair.adapters.slack.mrkdwn import Mrkdwn, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.flags import flags
from deadair.domain.incident import Incident
from deadair.domain.typed_length import parse_length
from slack_commands.choosing import is_mine
from slack_commands.context import Context, Reply
from slack_commands.verbs.who import matching

SHOWN = 10
# So many of those that are over are looked at; the page has all.
PAST = 50
MINE, ALL, OPEN = frozenset({"mine", "my", "me"}), frozenset({"all", "past", "resolved", "closed"}), frozenset({"open"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for. `slugs` empty: every integration."""

    mine: bool = False
    past: bool = False
    slugs: frozenset[str] = frozenset()
    since: timedelta | None = None
    about: str = ""


def run(context: Context) -> Reply:
    """`list`, `list mine`, `list all hubspot --since 7d`: newest first."""
    said = context.command.flags.get("since")
    since = parse_length(said) if said is not None else None
    if said is not None and since is None:
        command = context.typed("list", "all", "--since", "7d")
        return Reply(say("answers.list.how_long", said=one_line(said, 40), command=command), refused=True)
    wanted = replace(_asked(context.command.text), since=since)
    if wanted.about:
        rows = matching(wanted.about, context.registry.rows())
        if not rows:
            return _unknown(context, wanted.about)
        wanted = replace(wanted, slugs=frozenset(row.slug for row in rows))
    return _listed(context, wanted)


def _asked(text: str) -> Wanted:
    words = text.split()
    known = {word.casefold() for word in words}
    rest = [word for word in words if word.casefold() not in MINE | ALL | OPEN]
    return Wanted(mine=bool(known & MINE), past=bool(known & ALL), about=" ".join(rest))


def _unknown(context: Context, said: str) -> Reply:
    page = link(context.links.integrations(), plain("answers.who.page"))
    return Reply(say("answers.who.none", said=one_line(said, 60), page=page), refused=True)


def _listed(context: Context, wanted: Wanted) -> Reply:
    listed = context.store.open_page()
    past = context.store.past_incidents(PAST).items if wanted.past or wanted.since else []
    found = [incident for incident in [*listed.items, *past] if _is_wanted(context, incident, wanted)]
    page = link(context.links.incidents(), plain("answers.list.page"))
    if not found:
        return _none(context, wanted, page)
    more = [say("answers.list.more", count=len(found) - SHOWN, page=page)] if len(found) > SHOWN else []
    odd = [say("answers.list.unread", count=listed.unread)] if listed.unread else []
    title = _title(found, wanted, cut=len(listed.items) >= MOST_OPEN or len(past) >= PAST)
    return Reply(lines_of([title, *(line(context, incident) for incident in found[:SHOWN]), *more, *odd]))


def _is_wanted(context: Context, incident: Incident, wanted: Wanted) -> bool:
    if wanted.mine and not is_mine(incident, context):
        return False
    if wanted.slugs and incident.integration not in wanted.slugs:
        return False
    return wanted.since is None or incident.opened_at >= context.now - wanted.since


def _title(found: list[Incident], wanted: Wanted, *, cut: bool) -> Mrkdwn:
    """How many; with a plus when there may be more than were read."""
    kind = "past" if wanted.past or wanted.since else "open"
    whose = "mine" if wanted.mine else "all"
    return say(f"answers.list.title.{kind}_{whose}", count=f"{len(found)}{'+' if cut else ''}")


def _none(context: Context, wanted: Wanted, page: Mrkdwn) -> Reply:
    whose = "mine" if wanted.mine else "all"
    kind = "past" if wanted.past or wanted.since else "open"
    return Reply(say(f"answers.list.none.{kind}_{whose}", page=page, command=context.typed("list")))


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
