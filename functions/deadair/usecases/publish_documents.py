"""Published postmortems reach the knowledge base: each version's document first, then the index.

Knows the order. Refuses to apply a fact as a delta: it reads the current state and converges on it, so that a second
delivery, or one after a crash, ends the same.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.versions import read_versions
from deadair.adapters.s3.documents import DocumentStore, as_document
from deadair.adapters.search import IndexPublisher
from deadair.domain.errors import NotFound
from deadair.domain.postmortem import Postmortem
from deadair.domain.published import Published
from deadair.usecases.beside import NOWHERE, Around
from deadair.usecases.render_postmortem import Told, render


def publish_documents(
    store: IncidentStore,
    documents: DocumentStore,
    index: IndexPublisher,
    number: int,
    *,
    now: datetime,
    around: Around = NOWHERE,
) -> int:
    """Bring every published version into the bucket, and the latest into the index. Returns its number, 0 for none.

    Raises NotFound, and Unavailable when the bucket does not take it: try again.
    """
    postmortem = store.postmortem(number)
    if postmortem is None or not postmortem.is_published:
        return 0
    stored = _stored(documents, postmortem.incident)
    if stored is None or stored["version"] < postmortem.version:
        for told in _renderings(store, postmortem, stored, around, now):
            stored = documents.write(told)
    if stored is None:
        return 0
    index.publish([as_document(stored)], now=now)
    return int(stored["version"])


def _stored(documents: DocumentStore, doc_id: str) -> dict[str, Any] | None:
    try:
        return documents.current(doc_id)
    except NotFound:
        return None


def _renderings(
    store: IncidentStore, postmortem: Postmortem, stored: Mapping[str, Any] | None, around: Around, now: datetime
) -> Iterator[Told]:
    """The versions after the stored one, with the facts of now: what they were before is not known any more."""
    number = number_of(postmortem)
    incident, timeline = store.get(number), store.timeline(number)
    beside = around.beside(store, incident, now)
    # What CloudWatch forgot, the version before may still show.
    chart = around.chart(incident, beside.row, now) or (stored or {}).get("chart")
    for version in _after(store, postmortem, int(stored["version"]) if stored else 0):
        yield render(
            incident,
            version.as_postmortem(postmortem),
            timeline,
            beside,
            why=version.why,
            reviewed_by=version.reviewed_by,
            chart=chart,
            templates=around.templates,
        )


def _after(store: IncidentStore, postmortem: Postmortem, since: int) -> list[Published]:
    """The published versions after `since`, in their order.

    Of one from before words were kept, they are those of the state, unless somebody changed them since.
    """
    kept = read_versions(store, number_of(postmortem), since)
    known = any(version.version == postmortem.version for version in kept)
    at = postmortem.published_at or postmortem.drafted_at
    return kept if known or postmortem.amending or at is None else [*kept, Published.of(postmortem, at)]


def number_of(postmortem: Postmortem) -> int:
    """The number of its incident."""
    return int(postmortem.incident.removeprefix("INC-"))
