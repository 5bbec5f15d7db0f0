"""Several writers, one index, nothing lost.

Knows the order: new snapshot → manifest if nobody wrote it meanwhile → old snapshots away. A lost race means: read
again, apply again. Refuses to know what is in a document and who calls.
"""

import logging
import random
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deadair.adapters.s3.objects import Conflict, Objects, Stored
from deadair.adapters.search.manifest import KEY, Manifest
from deadair.adapters.search.snapshot import Snapshot
from deadair.domain.errors import Unavailable
from deadair.domain.postmortem import Document

logger = logging.getLogger(__name__)
TRIES = 60
PAUSE_AT_MOST_S = 1.0
SQLITE = "application/vnd.sqlite3"


@dataclass(frozen=True, slots=True)
class Published:
    """How many documents changed the index, in which snapshot that ended, and how many tries it took."""

    changed: int
    snapshot: str
    tries: int


class IndexPublisher:
    """Writes the index. Any number of these may work on one bucket at the same time."""

    def __init__(self, client: Any, bucket: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.objects = Objects(client, bucket)
        self.sleep = sleep
        self.latest: tuple[str, bytes] = ("", b"")

    def publish(self, documents: Iterable[Document], *, now: datetime) -> Published:
        """Bring documents into the index, all in one snapshot; the same again changes nothing.

        Raises Unavailable when S3 does not answer, or too many others write at once: try again later.
        """
        wanted = list(documents)
        for tries in range(1, TRIES + 1):
            done = self._once(wanted, now)
            if done is not None:
                return Published(*done, tries)
            # Full jitter: the more races are lost, the wider the writers spread.
            self.sleep(random.uniform(0, min(PAUSE_AT_MOST_S, 0.02 * 2**tries)))  # noqa: S311 - no secret
        raise Unavailable(f"lost {TRIES} races for the index")

    def rebuild(self, documents: Iterable[Document], *, now: datetime) -> Published:
        """Make the index anew from all documents. Raises Unavailable when somebody publishes meanwhile: try again."""
        snapshot = Snapshot()
        snapshot.apply(documents)
        seen = self.objects.changed(KEY, "") or Stored(b"", "")
        done = self._store(snapshot, seen, snapshot.count, now)
        if done is None:
            raise Unavailable("somebody published while the index was rebuilt")
        return Published(*done, 1)

    def _once(self, documents: list[Document], now: datetime) -> tuple[int, str] | None:
        seen = self.objects.changed(KEY, "") or Stored(b"", "")
        snapshot = Snapshot(self._current(seen)) if seen.etag else Snapshot()
        try:
            changed = snapshot.apply(documents)
            if not changed and seen.etag:
                return 0, Manifest.from_json(seen.body).base
            return self._store(snapshot, seen, changed, now)
        finally:
            snapshot.close()

    def _current(self, seen: Stored) -> bytes:
        key = Manifest.from_json(seen.body).base
        if self.latest[0] != key:
            self.latest = (key, self.objects.get(key).body)
        return self.latest[1]

    def _store(self, snapshot: Snapshot, seen: Stored, changed: int, now: datetime) -> tuple[int, str] | None:
        """The key that holds the changes; None when the race was lost."""
        key, file = f"index/{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex}.sqlite", snapshot.file()
        made, unneeded = _after(seen, key, len(file), snapshot.count, now)
        self.objects.put(key, file, SQLITE)
        try:
            self.objects.replace(KEY, made.to_json(), "application/json", seen.etag)
        except Conflict:
            if not self._won_after_all(key):
                self._remove([key])
                return None
        self.latest = (key, file)
        self._remove(list(unneeded))
        return changed, key

    def _won_after_all(self, key: str) -> bool:
        """A write whose answer was lost is repeated by the client, and then meets itself."""
        now = self.objects.changed(KEY, "")
        return bool(now and now.etag and Manifest.from_json(now.body).names(key))

    def _remove(self, keys: list[str]) -> None:
        try:
            self.objects.delete(keys)
        except Unavailable:
            logger.warning("superseded snapshots stay", extra={"count": len(keys)})


def _after(seen: Stored, key: str, size: int, documents: int, now: datetime) -> tuple[Manifest, tuple[str, ...]]:
    if seen.etag:
        return Manifest.from_json(seen.body).next(base=key, size=size, documents=documents, now=now)
    return Manifest(base=key, size=size, documents=documents, generation=1, written_at=now), ()
