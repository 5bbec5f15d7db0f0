"""The knowledge base: search and browse.

Reads the index, and of the registry what integrations are called. One postmortem is read in `postmortem`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from deadair.domain.errors import Refusal
from web import responses
from web.call import Call
from web.refusals import status_of
from web.views import shapes
from web.views.postmortems import (
    PER_PAGE,
    chips,
    choices,
    filters_of,
    page_of,
    search_address,
    ways_out,
)

if TYPE_CHECKING:
    from deadair.adapters.search import SearchResult

QUERY_LIMIT = 300


def search(call: Call) -> Response[Any]:
    """The search page; with an empty query, the newest first."""
    try:
        query, filters, page, result = _found(call)
    except Refusal as refusal:
        if call.wants_json:
            raise
        return _refused(call, refusal)
    offset = (page - 1) * PER_PAGE
    if call.wants_json:
        return responses.data(shapes.search(result, query, filters, offset))
    values = {
        **_typed(call),
        "result": result,
        "chips": chips(query, filters),
        "choices": choices(result.facets, query, filters),
        "ways_out": [] if result.total else ways_out(query, filters, _counts(call)),
        "first": offset + 1,
        "last": offset + len(result.hits),
        "before": search_address(query, filters, page - 1) if page > 1 else "",
        "after": search_address(query, filters, page + 1) if offset + len(result.hits) < result.total else "",
        "unfiltered": search_address(query, {}),
    }
    return call.page("postmortems.html", values)


def api(call: Call) -> Response[Any]:
    """The same search for programs: always JSON."""
    query, filters, page, result = _found(call)
    return responses.data(shapes.search(result, query, filters, (page - 1) * PER_PAGE))


def _found(call: Call) -> "tuple[str, dict[str, str], int, SearchResult]":
    """What the address asks for (query, filters, page), and what is found."""
    query = call.request.query.get("q", "").strip()[:QUERY_LIMIT]
    filters, page = filters_of(call.request.query), page_of(call.request.query)
    result = call.web.knowledge.search(query, filters=filters, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return query, filters, page, result


def _typed(call: Call) -> dict[str, Any]:
    """What the address says, as the form shows it again."""
    return {
        "query": call.request.query.get("q", "").strip()[:QUERY_LIMIT],
        "filters": filters_of(call.request.query),
        "feed": call.feed("/postmortems.atom"),
        "names": {row.slug: row.name for row in call.web.registry.rows()},
    }


def _refused(call: Call, refusal: Refusal) -> Response[Any]:
    """A filter that cannot be: what was typed stays, and the page says why it finds nothing."""
    typed = _typed(call)
    values = {
        **typed,
        "refusal": refusal,
        "chips": chips(typed["query"], typed["filters"]),
        "unfiltered": search_address(typed["query"], {}),
    }
    return call.page("postmortems.html", values, status_of(refusal))


def _counts(call: Call) -> Callable[[str, dict[str, str]], int]:
    def total(query: str, filters: dict[str, str]) -> int:
        return call.web.knowledge.search(query, filters=filters, limit=0).total

    return total
