"""The index is made anew from the documents, which are the truth."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from deadair.adapters.s3.documents import DocumentStore, as_document
from deadair.adapters.search import IndexPublisher

AT_ONCE = 8


def reindex_documents(documents: DocumentStore, index: IndexPublisher, *, now: datetime) -> int:
    """Returns how many documents the new index holds.

    Raises Unavailable when the bucket does not answer, or somebody publishes meanwhile: try again.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = [as_document(stored) for stored in pool.map(documents.current, documents.ids())]
    index.rebuild(told, now=now)
    return len(told)
