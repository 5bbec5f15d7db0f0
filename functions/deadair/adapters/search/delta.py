"""What was published since the base: a few entries in one small file, a line each.

Pure. Knows the file's form and which of two entries of an id stands. Refuses to know tables and buckets.
"""

from collections.abc import Iterable, Mapping
from typing import Self

from deadair.adapters.search.entry import Entry, replaces

Stamps = Mapping[str, tuple[int, str]]


class Delta:
    """Entries by id, over a base of which only the stamps are known. A delta that was stored is never changed."""

    def __init__(self, entries: Iterable[Entry] = (), lines: Mapping[str, bytes] | None = None) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self.lines = dict(lines or {})

    def __len__(self) -> int:
        return len(self.entries)

    def with_entries(self, entries: Iterable[Entry], base: Stamps) -> tuple[Self, int]:
        """This delta with those of the entries that change anything over the base, and how many these are."""
        made, changed = type(self)(self.entries.values(), self.lines), 0
        for entry in entries:
            if made.changes(entry, base):
                made.entries[entry.id] = entry
                made.lines.pop(entry.id, None)
                changed += 1
        return made, changed

    def changes(self, entry: Entry, base: Stamps) -> bool:
        """Whether an entry says anything new; one that takes a document out, only while it is still the same."""
        known = self.entries.get(entry.id)
        there = base.get(entry.id) if known is None else None if known.gone else known.stamp
        return there == entry.stamp if entry.gone else replaces(entry.stamp, there)

    def beyond(self, base: Stamps, earlier: Self) -> Self:
        """What it holds that neither a base nor the delta that the base was made with did."""
        new = [entry for entry in self.entries.values() if entry != earlier.entries.get(entry.id)]
        kept = [
            entry for entry in new if (entry.id in base if entry.gone else replaces(entry.stamp, base.get(entry.id)))
        ]
        return type(self)(kept, {entry.id: self.lines[entry.id] for entry in kept})

    def stamps(self, base: Stamps) -> dict[str, tuple[int, str]]:
        """Version and digest of every document of base and delta together."""
        gone = {entry.id for entry in self.entries.values() if entry.gone}
        own = {entry.id: entry.stamp for entry in self.entries.values() if not entry.gone}
        return {doc_id: stamp for doc_id, stamp in base.items() if doc_id not in gone} | own

    def documents(self, base: Stamps) -> int:
        """How many documents base and delta hold together."""
        new = sum(1 for entry in self.entries.values() if not entry.gone and entry.id not in base)
        return len(base) + new - sum(1 for entry in self.entries.values() if entry.gone and entry.id in base)

    def file(self) -> bytes:
        """All of it as bytes. A line that was written before is not written again."""
        for doc_id, entry in self.entries.items():
            if doc_id not in self.lines:
                self.lines[doc_id] = entry.line()
        return b"\n".join(self.lines[doc_id] for doc_id in self.entries)

    @classmethod
    def of_file(cls, file: bytes) -> Self:
        """Read it. Raises ValueError, KeyError, TypeError."""
        lines = [line for line in file.split(b"\n") if line]
        entries = [Entry.of_line(line) for line in lines]
        return cls(entries, {entry.id: line for entry, line in zip(entries, lines, strict=True)})
