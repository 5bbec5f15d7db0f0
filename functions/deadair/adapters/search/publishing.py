"""Several writers, one index, nothing lost.

Knows the order: new file → manifest if nobody wrote it meanwhile → old files away. A lost race means: read again, apply
again. Knows when a publication writes the whole file, when a delta, and when delta and base become one.
Refuses to know what is in a document and who calls.
"""

import logging
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import apsw

from deadair.adapters.search.delta import Stamps
from deadair.adapters.search.entry import Entry, entry_of
from deadair.adapters.search.files import IndexFiles, Seen
from deadair.adapters.search.manifest import File, Manifest, OldFormat
from deadair.adapters.search.snapshot import MANY, Snapshot
from deadair.domain.document import Document
from deadair.domain.errors import NotFound, Unavailable

logger = logging.getLogger(__name__)
TRIES = 60
PAUSE_AT_MOST_S = 1.0
# Up to so many documents the whole file is written at each publication; beyond, a delta over a base.
WHOLE_AT_MOST = 2000
# Base and delta become one when the delta holds more than this share, which bounds what a cold reader takes in.
DELTA_AT_LEAST, DELTA_SHARE = 100, 50
# What a file that is gone, broken or half there leads to.
UNREADABLE = (NotFound, ValueError, KeyError, TypeError, apsw.Error)


@dataclass(frozen=True, slots=True)
class Published:
    """How many documents changed the index, in which file that ended, and how many tries it took."""

    changed: int
    snapshot: str
    tries: int = 1


class IndexPublisher:
    """Writes the index. Any number of these may work on one bucket at the same time."""

    def __init__(
        self,
        client: Any,
        bucket: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        whole_at_most: int = WHOLE_AT_MOST,
        delta_at_least: int = DELTA_AT_LEAST,
    ) -> None:
        self.files = IndexFiles(client, bucket)
        self.sleep = sleep
        self.whole_at_most = whole_at_most
        self.delta_at_least = delta_at_least

    def publish(self, documents: Iterable[Document], *, now: datetime) -> Published:
        """Bring documents into the index, all at once; the same again changes nothing.

        Raises OldFormat when the index is to be made anew first; Unavailable when S3 does not answer, or too many
        others write at once: try again later.
        """
        entries = [entry_of(document) for document in documents]
        return self._steadily(lambda: self._once(entries, now))

    def remove(self, stamps: Stamps, *, now: datetime) -> Published:
        """Take documents out, each only while the index has it with just this stamp (see `stamps`)."""
        gone = [Entry(id=doc_id, version=at[0], digest=at[1], gone=True) for doc_id, at in stamps.items()]
        return self._steadily(lambda: self._once(gone, now))

    def rebuild(self, documents: Iterable[Document], *, now: datetime) -> Published:
        """Make the index anew from all documents, which are read after the index was looked at.

        What somebody publishes meanwhile is taken over. Raises Unavailable as `publish` does.
        """
        started = self.files.seen()
        known = self._readable_stamps(started)
        snapshot = Snapshot()
        try:
            snapshot.apply(entry_of(document) for document in documents)
            snapshot.optimize()
            return self._steadily(lambda: self._once_anew(snapshot, known, now))
        finally:
            snapshot.close()

    def stamps(self) -> dict[str, tuple[int, str]]:
        """Version and digest of every document in the index. Raises OldFormat, Unavailable, NotFound."""
        seen = self.files.seen()
        if seen.old_format:
            raise OldFormat("the index is of another make")
        return self._stamps(seen.manifest) if seen.manifest else {}

    def _steadily(self, once: Callable[[], Published | None]) -> Published:
        for tries in range(1, TRIES + 1):
            done = once()
            if done is not None:
                return Published(done.changed, done.snapshot, tries)
            self._pause(tries)
        raise Unavailable(f"lost {TRIES} races for the index")

    def _pause(self, tries: int) -> None:
        # Full jitter: the more races are lost, the wider the writers spread.
        self.sleep(random.uniform(0, min(PAUSE_AT_MOST_S, 0.02 * 2**tries)))  # noqa: S311 - no secret

    def _once(self, entries: list[Entry], now: datetime) -> Published | None:
        seen = self.files.seen()
        if seen.old_format:
            raise OldFormat("the index is of another make")
        told = seen.manifest
        if told is None or (told.delta is None and told.documents < self.whole_at_most):
            return self._whole(seen, entries, now)
        stamps, delta = self.files.stamps(told.base), self.files.delta(told.delta)
        made, changed = delta.with_entries(entries, stamps)
        if not changed:
            return Published(0, (told.delta or told.base).key)
        if changed > self._limit(told):
            return self._whole(seen, entries, now)
        file = self.files.put_delta(made, now)
        done = self._swapped(seen, told.base, file, made.documents(stamps), now)
        if done and len(made) > self._limit(told):
            self._compact(now)
        return Published(changed, file.key if file else "") if done else None

    def _limit(self, told: Manifest) -> int:
        return max(self.delta_at_least, told.base.documents // DELTA_SHARE)

    def _whole(self, seen: Seen, entries: list[Entry], now: datetime) -> Published | None:
        """Base, delta and these entries in one new base. None when the race was lost."""
        told = seen.manifest
        snapshot = Snapshot(self.files.base(told.base)) if told else Snapshot()
        try:
            if told:
                snapshot.apply(self.files.delta(told.delta).entries.values())
            changed, _ = snapshot.apply(_still(entries, snapshot))
            if told and not changed and told.delta is None:
                return Published(0, told.base.key)
            if changed >= MANY:
                snapshot.optimize()
            base = self._replace_base(snapshot, seen, now)
            return Published(changed, base.key) if base else None
        finally:
            snapshot.close()

    def _compact(self, now: datetime) -> None:
        """Make base and delta one. Nothing is lost by a failure: the next publication tries again."""
        try:
            seen = self.files.seen()
            if seen.manifest and seen.manifest.delta:
                self._whole(seen, [], now)
        except Unavailable:
            logger.warning("base and delta stay apart", exc_info=True)

    def _once_anew(self, snapshot: Snapshot, known: Stamps, now: datetime) -> Published | None:
        """`snapshot` as the new base, with what was published since the index had the `known` stamps."""
        seen = self.files.seen()
        try:
            snapshot.apply(self._published_since(seen.manifest, known) if seen.manifest else [])
        except UNREADABLE:
            logger.warning("nothing is taken over from an index that cannot be read", exc_info=True)
        base = self._replace_base(snapshot, seen, now)
        return Published(snapshot.count, base.key) if base else None

    def _published_since(self, told: Manifest, known: Stamps) -> list[Entry]:
        delta = self.files.delta(told.delta)
        base = self.files.stamps(told.base)
        new = [doc_id for doc_id, stamp in base.items() if doc_id not in delta.entries and known.get(doc_id) != stamp]
        entries = [e for e in delta.entries.values() if not e.gone and known.get(e.id) != e.stamp]
        if new:
            earlier = Snapshot(self.files.base(told.base))
            entries += earlier.entries(new)
            earlier.close()
        return entries

    def _replace_base(self, snapshot: Snapshot, seen: Seen, now: datetime) -> File | None:
        """A new base made from what was seen; what others added to the delta meanwhile stays over it."""
        base = self.files.put_base(snapshot, now, keep=snapshot.count < self.whole_at_most)
        if self._swapped(seen, base, None, base.documents, now, made=False):
            return base
        stamps, built_on = snapshot.stamps(), seen.manifest
        for tries in range(1, TRIES + 1):
            newer = self.files.seen()
            if not (built_on and newer.manifest and newer.manifest.base == built_on.base):
                break
            rest = self.files.delta(newer.manifest.delta).beyond(stamps, self.files.delta(built_on.delta))
            file = self.files.put_delta(rest, now)
            if self._swapped(newer, base, file, rest.documents(stamps), now):
                return base
            self._pause(tries)
        self.files.remove((base.key,))
        return None

    def _swapped(
        self, seen: Seen, base: File, delta: File | None, documents: int, now: datetime, *, made: bool = True
    ) -> bool:
        done = self.files.swap(seen, base, delta, documents, now)
        if not done and made and delta:
            self.files.remove((delta.key,))
        return done

    def _readable_stamps(self, seen: Seen) -> Stamps:
        """What the index holds; nothing where it cannot be read, for that is why it is made anew."""
        try:
            return self._stamps(seen.manifest) if seen.manifest else {}
        except UNREADABLE:
            logger.warning("the index that is made anew cannot be read", exc_info=True)
            return {}

    def _stamps(self, told: Manifest) -> dict[str, tuple[int, str]]:
        return self.files.delta(told.delta).stamps(self.files.stamps(told.base))


def _still(entries: list[Entry], snapshot: Snapshot) -> list[Entry]:
    """The entries without those that take out what has changed since."""
    stamps = snapshot.stamps() if any(entry.gone for entry in entries) else {}
    return [entry for entry in entries if not entry.gone or stamps.get(entry.id) == entry.stamp]
