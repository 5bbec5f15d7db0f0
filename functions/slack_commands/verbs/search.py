"""`search`: past postmortems, by words and by filters such as `integration:hubspot-salesforce class:auth`."""

from typing import TYPE_CHECKING

from deadair.adapters.slack import blocks
from deadair.adapters.slack.blocks import actions, section
from deadair.adapters.slack.mrkdwn import Mrkdwn, cut_markup, escape, lines_of, link, one_line
from deadair.adapters.slack.phrases import plain, say
from deadair.domain.errors import Unavailable
from deadair.domain.searching import Search, as_meant, read_search
from slack_commands.context import Context, Reply
from slack_commands.running import Offer, offer_buttons

if TYPE_CHECKING:
    from deadair.adapters.search import Hit, SearchResult

SHOWN = 5
NEAR = 4
TITLE, TEXT, SAID = 120, 220, 80


def run(context: Context) -> Reply:
    """The best five, and the next five by a button. A search that fails is said, and loses nothing."""
    asked = read_search(context.command.text)
    if asked.is_empty:
        return Reply(say("answers.search.ask", command=context.typed("search", "hubspot 401 class:auth")))
    try:
        asked, result = _found(context, asked)
    except Unavailable:
        return Reply(say("answers.search.no_index", page=_page(context, asked)))
    if not result.hits:
        return _nothing(context, asked, result)
    return _hits(context, asked, result)


def _found(context: Context, asked: Search) -> "tuple[Search, SearchResult]":
    """What is found; where a filter's value does not occur, by the one that was probably meant. Raises Refusals."""
    index, place = context.knowledge(), (asked.page - 1) * SHOWN
    result = index.search(asked.words, filters=asked.filters, limit=SHOWN, offset=place)
    if result.hits or not asked.filters:
        return asked, result
    meant = as_meant(asked, result.facets)
    if meant == asked:
        return asked, result
    return meant, index.search(meant.words, filters=meant.filters, limit=SHOWN, offset=place)


def _hits(context: Context, asked: Search, result: "SearchResult") -> Reply:
    key = "answers.search.corrected" if result.searched_for else "answers.search.title"
    said = one_line(asked.words, SAID) or plain("answers.search.everything")
    title = say(key, total=_counted(result.total), said=said, searched=one_line(result.searched_for, SAID))
    title = lines_of(filter(None, [title, _narrowed(asked)]))
    lines = [_line(context, hit) for hit in result.hits]
    page = blocks.context(_page(context, asked))
    left = result.total - asked.page * SHOWN
    more = Offer(plain("answers.search.more"), f"search {asked.typed} page:{asked.page + 1}")
    buttons = offer_buttons(more) if left > 0 else []
    drawn = [section(title), *map(section, lines), page, *([actions(*buttons)] if buttons else [])]
    return Reply(lines_of([title, *lines]), tuple(drawn))


def _counted(total: int) -> str:
    """So many postmortems, in words."""
    return plain("answers.search.one" if total == 1 else "answers.search.many", total=f"{total:,}")


def _line(context: Context, hit: "Hit") -> Mrkdwn:
    head = say(
        "answers.search.line",
        title=link(context.links.document(hit.id), one_line(hit.title, TITLE)),
        id=one_line(hit.id, SAID),
        when=f"{hit.date:%-d %b %Y}",
    )
    fix = say("answers.search.fix", fix=one_line(hit.fix, TEXT)) if hit.fix else ""
    return lines_of(filter(None, [head, fix, _snippet(hit)]))


def _snippet(hit: "Hit") -> Mrkdwn:
    """The found place, its marked words bold."""
    runs = [f"*{escape(text)}*" if marked and text.strip() else escape(text) for text, marked in hit.snippet]
    return cut_markup(" ".join("".join(runs).split()), 2 * TEXT)


def _nothing(context: Context, asked: Search, result: "SearchResult") -> Reply:
    """What to try: fewer words, or a value that a filter has."""
    said = one_line(asked.words, SAID) or plain("answers.search.everything")
    lines = [say("answers.search.none", said=said, page=_page(context, asked)), _narrowed(asked)]
    for name in asked.filters:
        near = [value for value, _ in result.facets.get(name, ())[:NEAR]]
        if near:
            lines.append(say("answers.search.values", name=name, values=", ".join(one_line(v, SAID) for v in near)))
    if asked.filters and asked.words:
        lines.append(say("answers.search.without", command=context.typed("search", one_line(asked.words, SAID))))
    return Reply(lines_of(line for line in lines if line))


def _narrowed(asked: Search) -> Mrkdwn | str:
    """Which filters count."""
    told = ", ".join(f"{name} {one_line(value, SAID)}" for name, value in asked.filters.items())
    return say("answers.search.narrowed", filters=told) if told else ""


def _page(context: Context, asked: Search) -> Mrkdwn:
    return link(context.links.search(asked.words, asked.filters), plain("answers.search.page"))
