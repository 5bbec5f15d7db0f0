"""A published postmortem reaches the knowledge base: its documents first, then the index.

Knows the order. Refuses to apply a fact as a delta: it reads the current state and converges on it, so that a second
delivery, or one after a crash, ends the same.
"""

from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.s3.documents import DocumentStore, as_document
from deadair.adapters.search import IndexPublisher
from deadair.domain.postmortem import PostmortemStatus
from deadair.usecases.render_postmortem import render


def publish_documents(
    store: IncidentStore, documents: DocumentStore, index: IndexPublisher, number: int, *, now: datetime
) -> int:
    """Bring the latest published version into the bucket and the index. Returns its number, 0 when there is none.

    Raises NotFound, and Unavailable when the bucket does not take it: try again.
    """
    postmortem = store.postmortem(number)
    if postmortem is None or postmortem.status is not PostmortemStatus.PUBLISHED:
        return 0
    pointer = documents.pointer(postmortem.incident)
    if pointer is not None and pointer["version"] >= postmortem.version:
        stored = documents.current(postmortem.incident)
    else:
        stored = documents.write(render(store.get(number), postmortem, store.timeline(number)))
    index.publish([as_document(stored)], now=now)
    return int(stored["version"])
