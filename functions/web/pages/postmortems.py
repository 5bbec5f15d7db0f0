"""The knowledge base: search, browse, read one.

Reads the index and the documents, and nothing else unless a document is still on its way.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from deadair.domain.errors import NotFound
from deadair.domain.incident import parse_number
from deadair.domain.postmortem import PostmortemStatus
from web import addresses, responses
from web.call import Call
from web.views import shapes
from web.views.incidents import in_short
from web.views.postmortems import (
    PER_PAGE,
    chips,
    choices,
    filters_of,
    page_of,
    search_address,
    sections,
    when,
)

if TYPE_CHECKING:
    from deadair.adapters.search import SearchResult

QUERY_LIMIT = 300


def search(call: Call) -> Response[Any]:
    """The search page; with an empty query, the newest first."""
    query, filters, page, result = _found(call)
    offset = (page - 1) * PER_PAGE
    if call.wants_json:
        return responses.data(shapes.search(result, query, filters, offset))
    values = {
        "result": result,
        "names": {row.slug: row.name for row in call.web.registry.rows()},
        "filters": filters,
        "chips": chips(query, filters),
        "choices": choices(result.facets, query, filters),
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


def read(call: Call, doc: str) -> Response[Any]:
    """One document as a page, as JSON or as Markdown."""
    doc_id = addresses.doc_id(doc)
    try:
        if call.request.form == "md":
            return responses.plain(call.web.documents.raw(doc_id, "md"), content_type=responses.MARKDOWN)
        document = call.web.documents.current(doc_id)
    except NotFound:
        return _on_its_way(call, doc_id)
    if call.wants_json:
        return responses.data({**document, "html": None, "url": addresses.postmortem(doc_id)})
    return call.page("postmortem.html", _values(document, doc_id))


def _found(call: Call) -> "tuple[str, dict[str, str], int, SearchResult]":
    """What the address asks for (query, filters, page), and what is found."""
    query = call.request.query.get("q", "").strip()[:QUERY_LIMIT]
    filters, page = filters_of(call.request.query), page_of(call.request.query)
    result = call.web.knowledge.search(query, filters=filters, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return query, filters, page, result


def _values(document: Mapping[str, Any], doc_id: str) -> dict[str, Any]:
    timeline, gap = in_short([t for t in _list(document.get("timeline")) if isinstance(t, Mapping)])
    return {
        "doc": document,
        "doc_id": doc_id,
        "date": when(document.get("date")),
        "published_at": when(document.get("published_at")),
        "sections": sections(document),
        "number": parse_number(doc_id) if doc_id.startswith("INC-") else None,
        "here_href": addresses.postmortem(doc_id),
        "milestones": [m for m in _list(document.get("milestones")) if isinstance(m, Mapping)],
        "timeline": timeline,
        "gap": gap,
        "when": when,
    }


def _on_its_way(call: Call, doc_id: str) -> Response[Any]:
    """No document: it was just published and is being written, or it is a draft, or there is none."""
    number = parse_number(doc_id)
    postmortem = call.web.incidents.postmortem(number) if number is not None else None
    if number is None or postmortem is None:
        raise NotFound("There is no such postmortem.", field="postmortem", remedy="/postmortems")
    published = postmortem.status is PostmortemStatus.PUBLISHED
    if call.request.form != "html":
        return responses.data({"id": doc_id, "status": postmortem.status.value}, 404)
    return call.page("on_its_way.html", {"number": number, "published": published}, 404)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
