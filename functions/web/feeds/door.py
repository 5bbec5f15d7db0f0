"""A feed's answer: who reads it is asked first, then whether it changed since they last did.

Knows ETags: what has not changed is said without reading a document. Refuses to let a key open anything else.
"""

import hashlib
import json
import re
from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.adapters.search import SearchResult
from deadair.domain.errors import NotFound
from web import responses
from web.call import Call, render
from web.feeds.capability import KEY, whose
from web.feeds.entries import Asked, feed

ATOM = "application/atom+xml; charset=utf-8"
# Kept by the reader alone, and asked about each time.
PRIVATE = "private, no-cache"
MOST = 20
INTEGRATION = re.compile(r"/integrations/([^/]+)\.atom")
TAG = re.compile(r'"[0-9a-f]+"')


def respond(call: Call) -> Response[Any]:
    """The feed, or that it is the same, or that this address does not count."""
    if not _may_read(call):
        return responses.plain(render("feed_refused.txt", {}), 401)
    found = INTEGRATION.fullmatch(call.request.path)
    slug = found[1] if found else ""
    result = call.web.knowledge.search("", filters={"integration": slug} if slug else {}, limit=MOST)
    name = _name(call, slug, result)
    tag = _tag(call, name, result)
    if tag in TAG.findall(call.request.headers.get("if-none-match", "")):
        return responses.answer(304, "", ATOM, etag=tag, cache_control=PRIVATE)
    asked = Asked(call.web.settings.web_url.rstrip("/"), slug, name, call.request.query.get(KEY, ""))
    made = feed(asked, result.hits, call.web.reading_room, result.snapshot_at or call.now)
    body = render("feed.xml", {"feed": made})
    return responses.answer(200, body, ATOM, etag=tag, cache_control=PRIVATE)


def _may_read(call: Call) -> bool:
    """Whether a key or a session says so; a key that does not count is not helped by a session."""
    key = call.request.query.get(KEY, "")
    if not key:
        return call.session is not None
    reader = whose(key, call.signer, call.now)
    return reader is not None and call.web.entry.doorman.lets_in(reader, call.now)


def _name(call: Call, slug: str, result: SearchResult) -> str:
    """What an integration is called, in the registry or where postmortems remember it. Raises NotFound."""
    if not slug:
        return ""
    row = call.web.registry.get(slug)
    if row is None and not result.hits:
        raise NotFound("There is no such integration.", field="integration", remedy="/integrations")
    return row.name if row else result.hits[0].integration_name or slug


def _tag(call: Call, name: str, result: SearchResult) -> str:
    told = [call.request.path, name, [(found.id, found.version, found.title) for found in result.hits]]
    return f'"{hashlib.sha256(json.dumps(told).encode("utf-8", "surrogatepass")).hexdigest()[:24]}"'
