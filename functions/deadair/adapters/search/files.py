"""The files of the index in the bucket: manifest, base, the base's stamps, delta.

Knows names, caches and how the manifest is swapped. Refuses to know when a file is to be made and who asks.
A base that was there before anybody needed its stamps gets them from the first writer that does.
"""

import json
import logging
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deadair.adapters.s3.objects import Conflict, Objects
from deadair.adapters.search.delta import Delta, Stamps
from deadair.adapters.search.manifest import KEY, File, Manifest, OldFormat
from deadair.adapters.search.snapshot import Snapshot
from deadair.domain.errors import NotFound, Unavailable

logger = logging.getLogger(__name__)
SQLITE, JSON, LINES = "application/vnd.sqlite3", "application/json", "application/x-ndjson"
FOLDER = "index/"
STAMPS = ".stamps.json"


@dataclass(frozen=True, slots=True)
class Seen:
    """The manifest as it was read: None when there is none, or with an ETag one that this code cannot read."""

    manifest: Manifest | None
    etag: str

    @property
    def old_format(self) -> bool:
        """Whether there is an index that this code cannot read."""
        return self.manifest is None and bool(self.etag)


class IndexFiles:
    """Reads and writes them. Keeps the latest of each kind in memory: one writer works for long on the same base."""

    def __init__(self, client: Any, bucket: str) -> None:
        self.objects = Objects(client, bucket)
        self._base: tuple[str, bytes] = ("", b"")
        self._delta: tuple[str, Delta] = ("", Delta())
        self._stamps: tuple[str, Stamps] = ("", {})

    def seen(self) -> Seen:
        """The manifest as it is now."""
        found = self.objects.changed(KEY, "")
        if not found or not found.etag:
            return Seen(None, "")
        try:
            return Seen(Manifest.from_json(found.body), found.etag)
        except OldFormat:
            return Seen(None, found.etag)

    def base(self, file: File) -> bytes:
        """The bytes of a snapshot. Raises NotFound, Unavailable."""
        return self._base[1] if self._base[0] == file.key else self.objects.get(file.key).body

    def delta(self, file: File | None) -> Delta:
        """The entries of a delta; an empty one for None."""
        if file is None:
            return Delta()
        if self._delta[0] != file.key:
            self._delta = (file.key, Delta.of_file(self.objects.get(file.key).body))
        return self._delta[1]

    def stamps(self, file: File) -> Stamps:
        """Version and digest of every document of a base."""
        if self._stamps[0] != file.key:
            self._stamps = (file.key, self._stored_stamps(file))
        return self._stamps[1]

    def put_base(self, snapshot: Snapshot, now: datetime, *, keep: bool) -> File:
        """Store a snapshot. `keep` its bytes in memory, for the next publication begins with them; else its stamps."""
        key, body = _name(now, "sqlite"), snapshot.file()
        self.objects.put(key, body, SQLITE)
        if keep:
            self._base = (key, body)
        else:
            self._base = ("", b"")
            self._put_stamps(key, snapshot.stamps())
        return File(key=key, size=len(body), documents=snapshot.count)

    def put_delta(self, delta: Delta, now: datetime) -> File | None:
        """Store a delta; None, and nothing stored, for an empty one."""
        if not len(delta):
            return None
        key, body = _name(now, "delta"), delta.file()
        self.objects.put(key, body, LINES)
        self._delta = (key, delta)
        return File(key=key, size=len(body), documents=len(delta))

    def swap(self, seen: Seen, base: File, delta: File | None, documents: int, now: datetime) -> bool:
        """Make files the current ones, unless the manifest is no more what was seen: then False."""
        unneeded: tuple[str, ...] = ()
        made = Manifest(base=base, delta=delta, documents=documents, written_at=now)
        if seen.manifest:
            made, unneeded = seen.manifest.next(base=base, delta=delta, documents=documents, now=now)
        try:
            self.objects.replace(KEY, made.to_json(), JSON, seen.etag)
        except Conflict:
            if not self._won_after_all((delta or base).key):
                return False
        self.remove(unneeded)
        return True

    def remove(self, keys: tuple[str, ...]) -> None:
        """Take files away that nobody needs; what cannot be removed now is found by the next reconcile."""
        try:
            self.objects.delete(list(keys))
        except Unavailable:
            logger.warning("superseded files of the index stay", extra={"count": len(keys)})

    def complete(self) -> bool:
        """Whether every file that the manifest names is there; so it is where there is no index yet."""
        told = self.seen().manifest
        there = {listed.key for listed in self.objects.listed(FOLDER)} if told else set()
        return told is None or {told.base.key, *([told.delta.key] if told.delta else [])} <= there

    def sweep(self, *, before: datetime) -> int:
        """Remove files that were written before an instant and that no manifest names. Returns how many."""
        listed = [one.key for one in self.objects.listed(FOLDER) if one.written_at < before and one.key != KEY]
        told = self.seen().manifest
        unnamed = [key for key in listed if told and not told.names(key.removesuffix(STAMPS))]
        self.remove(tuple(unnamed))
        return len(unnamed)

    def _won_after_all(self, key: str) -> bool:
        """A write whose answer was lost is repeated by the client, and then meets itself."""
        now = self.seen().manifest
        return now is not None and now.names(key)

    def _stored_stamps(self, file: File) -> Stamps:
        try:
            told = json.loads(self.objects.get(file.key + STAMPS).body)
        except NotFound:
            snapshot = Snapshot(self.base(file))
            told = snapshot.stamps()
            snapshot.close()
            self._put_stamps(file.key, told)
        return {doc_id: (version, digest) for doc_id, (version, digest) in told.items()}

    def _put_stamps(self, base: str, stamps: Stamps) -> None:
        self._stamps = (base, stamps)
        self.objects.put(base + STAMPS, json.dumps(stamps, separators=(",", ":")).encode(), JSON)


def _name(now: datetime, ending: str) -> str:
    return f"{FOLDER}{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex}.{ending}"
