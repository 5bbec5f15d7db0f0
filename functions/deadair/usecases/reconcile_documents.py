"""The knowledge base is made whole: what publishing left half done is finished, what nobody needs any more goes.

Knows every half-way state and its repair. Each repair is what publishing itself would have done, so that it is safe
beside people who publish at the same moment, and a second run finds nothing to do.

    published, without the document     the document is written, as after the fact
    a version that is not current       the pointer is set to the newest version
    current, not in the index           indexed
    in the index, without a document    taken out of the index
    an index that cannot be read        made anew from the documents
    files of the index that no manifest names, a day old    removed
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.s3.documents import DocumentStore, as_document, folder
from deadair.adapters.s3.standing import Standing, newest, standing
from deadair.adapters.search import IndexPublisher
from deadair.adapters.search.manifest import OldFormat
from deadair.adapters.search.publishing import UNREADABLE
from deadair.adapters.search.text import clean
from deadair.domain.document import Document
from deadair.domain.errors import Refusal, Unavailable
from deadair.domain.postmortem import Postmortem
from deadair.usecases.reindex_documents import reindex_documents

logger = logging.getLogger(__name__)
# A file that was written just now may belong to a manifest that is just being written.
LEFT_ALONE = timedelta(days=1)
AT_ONCE, PAGE = 8, 100
ODD = (Refusal, Unavailable, ValueError, KeyError, TypeError)
Stamps = dict[str, tuple[int, str]]
Standings = dict[str, Standing]


@dataclass(slots=True)
class Reconciled:
    """What was found and repaired, as ids. `failed` are ids or folders whose repair went wrong, each with why."""

    documents: int = 0
    published: list[str] = field(default_factory=list)
    pointed: list[str] = field(default_factory=list)
    indexed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    rebuilt: bool = False
    files: int = 0
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def repairs(self) -> int:
        """How many there were."""
        done = (self.published, self.pointed, self.indexed, self.removed)
        return sum(map(len, done)) + self.files + self.rebuilt


class Reconciler:
    """`publish` brings an incident's published postmortem into the bucket and the index (see publish_documents)."""

    def __init__(
        self,
        store: IncidentStore,
        documents: DocumentStore,
        index: IndexPublisher,
        publish: Callable[[int], object],
    ) -> None:
        self.store, self.documents, self.index, self.publish = store, documents, index, publish

    def run(self, *, now: datetime) -> Reconciled:
        """Look at everything once, and repair. Raises Unavailable when the bucket or the table does not answer."""
        done = Reconciled()
        # The index first: what is indexed had its document before, so that nothing that comes meanwhile seems lost.
        stamps = self._stamps()
        found = standing(self.documents.objects)
        if stamps is None:
            # First: below, only what differs from the index is read, and to read all of them once is enough.
            done.rebuilt = True
            reindex_documents(self.documents, self.index, now=now)
            stamps = self.index.stamps()
        there = self._finish(found, stamps, done)
        self._index(there, stamps, done, now)
        self._remove(found, there, stamps, done, now)
        self._publish(found, done)
        done.documents = len(found)
        done.files = self.index.files.sweep(before=now - LEFT_ALONE)
        return done

    def _stamps(self) -> Stamps | None:
        """What is indexed; None when the index is to be made anew."""
        try:
            return self.index.stamps() if self.index.files.complete() else None
        except (OldFormat, *UNREADABLE):
            logger.warning("the index cannot be read", exc_info=True)
            return None

    def _finish(self, found: Standings, stamps: Stamps, done: Reconciled) -> dict[str, Document]:
        """By indexed id, the documents that the index may not know; the newest version of each is now current."""
        # A version that is indexed was current before: only the others need to be read.
        indexed = {folder(doc_id): stamp[0] for doc_id, stamp in stamps.items()}
        doubtful = [place for place, at in found.items() if not at.pointed or indexed.get(place) != at.newest]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            read = [one for some in pool.map(lambda p: self._finished(p, found[p], done), doubtful) for one in some]
        return {clean(document.id): document for document in read}

    def _finished(self, place: str, at: Standing, done: Reconciled) -> list[Document]:
        finished: list[Document] = []
        with _noted(done, place):
            told, current = newest(self.documents.objects, place, at)
            if not current:
                self.documents.write(told)
                done.pointed.append(told["id"])
            finished.append(as_document(told))
        return finished

    def _index(self, there: dict[str, Document], stamps: Stamps, done: Reconciled, now: datetime) -> None:
        new = {i: one for i, one in there.items() if i not in stamps or stamps[i][0] < one.version}
        if new:
            self.index.publish(new.values(), now=now)
            done.indexed += new

    def _remove(
        self, found: Standings, there: Mapping[str, Document], stamps: Stamps, done: Reconciled, now: datetime
    ) -> None:
        lost = {i: at for i, at in stamps.items() if folder(i) not in found and i not in there}
        lost = {doc_id: at for doc_id, at in lost.items() if self.documents.pointer(doc_id) is None}
        if lost:
            self.index.remove(lost, now=now)
            done.removed += lost

    def _publish(self, found: Standings, done: Reconciled) -> None:
        for number, postmortem in self._published():
            at = found.get(folder(postmortem.incident), Standing())
            if at.newest < postmortem.version:
                with _noted(done, postmortem.incident):
                    self.publish(number)
                    done.published.append(postmortem.incident)

    def _published(self) -> Iterator[tuple[int, Postmortem]]:
        """Every published postmortem with the number of its incident: of the open incidents, then of the past ones."""
        yield from self._of([incident.number for incident in self.store.open_incidents()])
        before, page = "", None
        while page is None or before:
            page = self.store.past_incidents(PAGE, before)
            yield from self._of([incident.number for incident in page.items])
            before = page.next

    def _of(self, numbers: list[int]) -> Iterator[tuple[int, Postmortem]]:
        told = self.store.postmortems(numbers)
        yield from ((number, one) for number, one in told.items() if one.version)


@contextmanager
def _noted(done: Reconciled, what: str) -> Iterator[None]:
    """One that cannot be repaired is noted, and leaves the others alone."""
    try:
        yield
    except ODD as odd:
        logger.warning("a document could not be repaired", extra={"document": what}, exc_info=True)
        done.failed[what] = str(odd)
