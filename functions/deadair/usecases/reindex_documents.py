"""The index is made anew from the documents, which are the truth."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from deadair.adapters.s3.documents import DocumentStore, as_document
from deadair.adapters.search import IndexPublisher
from deadair.domain.document import Document

AT_ONCE = 8


def reindex_documents(
    documents: DocumentStore,
    index: IndexPublisher,
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Returns how many documents the new index holds. `progress(done, total)` is called after each.

    What somebody publishes meanwhile is in it. Raises Unavailable when the bucket does not answer: try again.
    """
    return index.rebuild(_all(documents, progress), now=now).changed


def _all(documents: DocumentStore, progress: Callable[[int, int], None] | None) -> Iterator[Document]:
    places = documents.folders()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done, stored in enumerate(pool.map(documents.current, documents.ids()), 1):
            yield as_document(stored)
            if progress:
                progress(done, len(places))
