"""The reading side of the index: the current base, kept in a cache folder under its name, and the delta over it.

Knows when to look again and that an old answer is better than none. Refuses to know SQL.
"""

import logging
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import apsw

from deadair.adapters.s3.objects import Objects
from deadair.adapters.search.delta import Delta
from deadair.adapters.search.finding import Beside, Finder
from deadair.adapters.search.manifest import KEY, File, Manifest
from deadair.adapters.search.results import Hit, SearchResult
from deadair.domain.errors import NotFound, Unavailable

logger = logging.getLogger(__name__)
LOOK_AGAIN_S = 2.0
NO_FILTERS: Mapping[str, str] = MappingProxyType({})
LIMIT_AT_MOST = 100
# What a snapshot that is broken, half there or of another make leads to.
UNREADABLE = (OSError, ValueError, KeyError, TypeError, apsw.Error)
# How often files that vanish while they are fetched are looked up again.
GONE_TIMES = 3


class KnowledgeIndex:
    """Searches published postmortems. One per process; safe to call from several threads."""

    def __init__(
        self,
        s3_client: Any,
        bucket: str,
        cache_dir: str = "/tmp",  # noqa: S108 - the one place that Lambda lets a function write
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.objects = Objects(s3_client, bucket)
        self.cache = Path(cache_dir)
        self.clock = clock
        self.lock = threading.Lock()
        self.looked_at = float("-inf")
        self.etag = ""
        self.manifest: Manifest | None = None
        self.finder: Finder | None = None
        self.stale = False

    def search(
        self, query: str = "", *, filters: Mapping[str, str] = NO_FILTERS, limit: int = 20, offset: int = 0
    ) -> SearchResult:
        """Documents that fit, best first; the newest for an empty query.

        `filters` are exact values by the names of domain/filters.py; empty ones do not count. Raises Invalid that
        names another name, a day or a yes that is none; Unavailable when there is not even an old snapshot, or
        none that can be read.
        """
        with self._current() as finder:
            if finder is None or self.manifest is None:
                return SearchResult()
            found = finder.search(query, filters, max(0, min(limit, LIMIT_AT_MOST)), max(0, min(offset, 2**31)))
            return replace(found, snapshot_at=self.manifest.written_at, stale=self.stale)

    def related(
        self, *, integration: str, failure_class: str, exclude: str = "", limit: int = 3, afresh: bool = False
    ) -> list[Hit]:
        """What was seen before: same integration and class first, then same class, then same integration.

        `afresh` looks whether there is a newer index even if that was asked a moment ago. Raises Unavailable.
        """
        with self._current(afresh=afresh) as finder:
            return finder.related(integration, failure_class, exclude, limit) if finder else []

    def beside(self, doc_id: str) -> tuple[Beside, Beside]:
        """Id and title of the next newer and the next older document. Raises Unavailable."""
        with self._current() as finder:
            return finder.beside(doc_id) if finder else (None, None)

    @contextmanager
    def _current(self, *, afresh: bool = False) -> Iterator[Finder | None]:
        """The finder of the current snapshot for one caller at a time; None when nothing was published yet."""
        with self.lock:
            try:
                self._refresh(afresh=afresh)
                yield self.finder
            except UNREADABLE as error:
                raise Unavailable("The search index cannot be read.") from error

    def _refresh(self, *, afresh: bool = False) -> None:
        if not afresh and self.clock() - self.looked_at < LOOK_AGAIN_S:
            return
        try:
            self._load()
            self.stale = False
        except (Unavailable, *UNREADABLE):
            if self.finder is None:
                raise
            self.stale = True
            logger.warning("the index could not be refreshed; serving the old snapshot", exc_info=True)
        self.looked_at = self.clock()

    def _load(self) -> None:
        for _ in range(GONE_TIMES):
            found = self.objects.changed(KEY, self.etag)
            if found is None:
                return
            if not found.etag:
                self._switch(None, None)
                self.etag = ""
                return
            try:
                self._take(Manifest.from_json(found.body))
                self.etag = found.etag
            except NotFound as gone:
                # Superseded and removed between the two reads: the next look finds its successor.
                missing = gone
                continue
            return
        raise Unavailable("the files of the index are gone") from missing

    def _take(self, manifest: Manifest) -> None:
        delta = Delta.of_file(self.objects.get(manifest.delta.key).body) if manifest.delta else Delta()
        if self.finder is None or self.manifest is None or self.manifest.base.key != manifest.base.key:
            self._make_room()
            finder = Finder(self._file(manifest.base))
            if len(delta):
                finder.apply(delta.entries.values())
            self._switch(manifest, finder)
        else:
            self.finder.apply(delta.entries.values())
            self.manifest = manifest

    def _make_room(self) -> None:
        """Lambda's disk is small: the base that a finder has its own copy of goes before its successor is fetched."""
        if self.manifest and self.finder and self.finder.own:
            self._place(self.manifest.base).unlink(missing_ok=True)

    def _switch(self, manifest: Manifest | None, finder: Finder | None) -> None:
        old, self.finder = self.finder, finder
        before, self.manifest = self.manifest, manifest
        if old:
            old.close()
        if before and (manifest is None or before.base.key != manifest.base.key):
            self._place(before.base).unlink(missing_ok=True)

    def _file(self, base: File) -> Path:
        """The base in the cache folder; its name never holds other content, so one that is there is right."""
        place = self._place(base)
        if not place.exists() or place.stat().st_size != base.size:
            body = self.objects.get(base.key).body
            with tempfile.NamedTemporaryFile(dir=self.cache, delete=False) as part:
                part.write(body)
            Path(part.name).replace(place)
        return place

    def _place(self, base: File) -> Path:
        return self.cache / f"deadair-{Path(base.key).name}"
