"""`search`: past postmortems."""

from typing import TYPE_CHECKING

from deadair.adapters.slack.mrkdwn import Mrkdwn, escape, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.errors import Unavailable
from slack_commands.context import Context, Reply

if TYPE_CHECKING:
    from deadair.adapters.search import Hit

SHOWN = 5


def run(context: Context) -> Reply:
    """The best five, and where the rest is. A search that fails is said, and loses nothing."""
    said = context.command.text
    if not said:
        return Reply(say("answers.search.ask", command=context.typed("search", "hubspot 401")))
    page = link(context.links.search(said), plain("answers.search.page"))
    try:
        result = context.knowledge().search(said, limit=SHOWN)
    except Unavailable:
        return Reply(say("answers.search.no_index", page=page))
    shown = one_line(said, 80)
    if not result.hits:
        return Reply(say("answers.search.none", said=shown, page=page))
    key = "answers.search.corrected" if result.searched_for else "answers.search.title"
    title = say(key, total=result.total, said=shown, searched=result.searched_for)
    return Reply(lines_of([title, *(_line(context, hit) for hit in result.hits[:SHOWN]), page]))


def _line(context: Context, hit: "Hit") -> Mrkdwn:
    return say(
        "answers.search.line",
        title=link(context.links.document(hit.id), one_line(hit.title, 120)),
        when=f"{hit.date:%Y-%m-%d}",
        text=escape(one_line(hit.fix, 200)) or _snippet(hit),
    )


def _snippet(hit: "Hit") -> Mrkdwn:
    """The found place, its marked words bold."""
    runs = [f"*{escape(text)}*" if marked and text.strip() else escape(text) for text, marked in hit.snippet]
    return Mrkdwn(" ".join("".join(runs).split()))
