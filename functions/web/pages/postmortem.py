"""One postmortem: its current version, those before it, what changed between two, and one that is not published yet.

Reads the document, and of ours how far the next version has come. Changes nothing.
"""

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response
from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.action_item import ActionItem
from deadair.domain.errors import NotFound, Unavailable
from deadair.domain.incident import Incident, parse_number
from deadair.domain.postmortem import Postmortem, PostmortemStatus
from web import addresses, responses
from web.call import Call
from web.pages import its_past, postmortem_preview
from web.reading_room import Reading
from web.views.difference import difference
from web.views.document import VERSIONS_SHOWN, Version, document, version
from web.views.reviewing import review_view

if TYPE_CHECKING:
    from deadair.adapters.search import Hit
    from deadair.adapters.search.finding import Beside

RELATED = 4
# A number longer than this is no version that we wrote.
DIGITS = 6


def read(call: Call, doc: str) -> Response[Any]:
    """The current version as a page, as JSON or as Markdown."""
    doc_id = addresses.doc_id(doc)
    try:
        newest = call.web.reading_room.newest(doc_id)
        reading = call.web.reading_room.version(doc_id, newest)
    except NotFound:
        return _not_published(call, doc_id)
    return _shown(call, reading, newest)


def read_version(call: Call, doc: str, number: str) -> Response[Any]:
    """One version, for as long as there are versions."""
    doc_id = addresses.doc_id(doc)
    newest = call.web.reading_room.newest(doc_id)
    return _shown(call, call.web.reading_room.version(doc_id, _number(number, newest)), newest)


def changes(call: Call, doc: str) -> Response[Any]:
    """What differs between two versions, by default between the last two; and the list of all."""
    doc_id, query = addresses.doc_id(doc), call.request.query
    newest = call.web.reading_room.newest(doc_id)
    after = _number(query.get("to") or str(newest), newest)
    before = _number(query.get("from") or str(max(after - 1, 1)), newest)
    one, other = (call.web.reading_room.version(doc_id, number) for number in (before, after))
    values = {
        "doc_id": doc_id,
        "title": str(other.told.get("title") or doc_id),
        "before": version(doc_id, one.told),
        "after": version(doc_id, other.told),
        "stretches": difference(_body(one), _body(other)),
        "versions": _versions(call, doc_id),
        "newest": newest,
    }
    return call.page("postmortem_changes.html", values)


def _shown(call: Call, reading: Reading, newest: int) -> Response[Any]:
    if call.request.form == "md":
        return responses.plain(reading.markdown, content_type=responses.MARKDOWN)
    if call.wants_json:
        return responses.data({**reading.told, "html": None, "url": addresses.postmortem(reading.id)})
    values = document(reading, newest)
    number = values["number"]
    values |= {
        "state": call.web.incidents.postmortem(number) if number is not None else None,
        "related": _related(call, reading),
        "beside": _beside(call, reading.id),
        "actions": _actions(call, number) if number is not None and reading.version == newest else [],
        "failed": its_past.failed(call, number) if number is not None else [],
    }
    return _page(call, values)


def _actions(call: Call, number: int) -> list[ActionItem]:
    """What is to be done, as it is now; none while it cannot be read: the text says what it was."""
    try:
        return call.web.actions.of_incident(number)
    except (BotoCoreError, ClientError):
        return []


def _page(call: Call, values: dict[str, Any]) -> Response[Any]:
    return call.page("postmortem.html", {**values, "base": call.web.settings.web_url.rstrip("/")})


def _related(call: Call, reading: Reading) -> "list[Hit]":
    """Others of the same kind; none while they cannot be looked up: this page is about one."""
    told = reading.told
    try:
        return call.web.knowledge.related(
            integration=str(told.get("integration") or ""),
            failure_class=str(told.get("failure_class") or ""),
            exclude=reading.id,
            limit=RELATED,
        )
    except Unavailable:
        return []


def _beside(call: Call, doc_id: str) -> "tuple[Beside, Beside]":
    """The next newer and the next older one."""
    try:
        return call.web.knowledge.beside(doc_id)
    except Unavailable:
        return None, None


def _not_published(call: Call, doc_id: str) -> Response[Any]:
    """No document: the incident goes on elsewhere, its postmortem is being written or reviewed, or there is none."""
    number = parse_number(doc_id)
    postmortem = call.web.incidents.postmortem(number) if number is not None else None
    if number is None:
        raise NotFound("There is no such postmortem.", field="postmortem", remedy="/postmortems")
    incident = call.web.incidents.get(number)
    if incident.merged_into is not None:
        return responses.see_other(addresses.postmortem(f"INC-{incident.merged_into}"))
    if postmortem is None:
        raise NotFound(f"{incident.id} has no postmortem yet.", field="postmortem", remedy="/postmortems")
    if postmortem.status is PostmortemStatus.PUBLISHED and postmortem.version:
        return _on_its_way(call, number)
    return _draft(call, incident, postmortem)


def _on_its_way(call: Call, number: int) -> Response[Any]:
    """It was published a moment ago, and its document is being written."""
    if call.request.form != "html":
        return responses.data({"id": f"INC-{number}", "status": PostmortemStatus.PUBLISHED.value}, 404)
    return call.page("on_its_way.html", {"number": number, "published": True}, 404)


def _draft(call: Call, incident: Incident, postmortem: Postmortem) -> Response[Any]:
    """What it would say if it were published now, for those who write it and those who are asked to read it."""
    reading = Reading(postmortem_preview.document(call, incident, postmortem))
    if call.request.form == "md":
        return responses.plain(reading.markdown, content_type=responses.MARKDOWN)
    if call.wants_json:
        return responses.data({**reading.told, "html": None, "status": postmortem.status.value})
    values = document(reading, 0) | {"state": postmortem, "related": _related(call, reading)}
    values |= {"incident": incident, "review": review_view(incident, postmortem, call.actor, ())}
    return _page(call, {**values, "beside": (None, None), "actions": []})


def _versions(call: Call, doc_id: str) -> list[Version]:
    """The latest versions, newest first."""
    return [version(doc_id, told) for told in reversed(call.web.documents.versions(doc_id)[-VERSIONS_SHOWN:])]


def _body(reading: Reading) -> str:
    from deadair.adapters.jinja.sections import without_front_matter

    return without_front_matter(reading.markdown)


def _number(text: str, newest: int) -> int:
    """The number of a version that there may be. Raises NotFound."""
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS and 1 <= int(text) <= newest):
        raise NotFound("There is no such version.", field="version", remedy="/postmortems")
    return int(text)
