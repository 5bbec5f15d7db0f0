# ruff: noqa: S608 - SQL is put together from names that stand in this file; values are always bound
"""Entries into the tables of one SQLite file, and out of them again: the writing side of the index.

Knows the tables. Refuses to know S3 and queries. A stored file never changes; a writer makes the next one from it, and
a reader brings a copy of its own up to date with the same hand.

    documents    one row per document: what hits show and filters ask
    words        FTS5, stemmed: what MATCH looks in; its columns are weighted in the stored rank
    vocabulary   every word without stems and the number of documents that hold it: what a typo is corrected to
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import cast

import apsw

from deadair.adapters.search.entry import COLUMNS, Entry, replaces

# Readers load only the format that they know; a writer of a newer one rebuilds from the documents.
FORMAT = 2
UNICODE = ("unicode61", "remove_diacritics", "2")
SCHEMA = f"""
CREATE TABLE documents(
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT, date TEXT, company TEXT, integration TEXT,
    integration_name TEXT, owner TEXT, severity TEXT, failure_class TEXT, vendor TEXT, detected_by TEXT, consent TEXT,
    fix TEXT, tags TEXT, imported INTEGER, version INTEGER, digest TEXT);
CREATE VIRTUAL TABLE words USING fts5({", ".join(COLUMNS)}, tokenize = 'porter {" ".join(UNICODE)}');
CREATE TABLE vocabulary(word TEXT PRIMARY KEY, documents INTEGER) WITHOUT ROWID;
INSERT INTO words(words, rank) VALUES('rank', 'bm25(12.0, 6.0, 3.0, 2.0, 1.0, 0.4)');
"""
# From this many changed documents on it pays to merge the index's segments at once.
MANY = 50
COUNT = """INSERT INTO vocabulary(word, documents) VALUES(?, ?)
    ON CONFLICT(word) DO UPDATE SET documents = documents + excluded.documents"""
TEXTS = f"SELECT {', '.join(COLUMNS)} FROM words WHERE rowid = ?"
FACTS = (
    *("title", "date", "company", "integration", "integration_name", "owner", "severity", "failure_class"),
    *("vendor", "detected_by", "consent", "fix", "tags", "imported"),
)


class Snapshot:
    """The tables in a connection that may be written. Start from nothing, an earlier file's bytes, or a connection."""

    def __init__(self, earlier: bytes = b"", *, db: apsw.Connection | None = None) -> None:
        self.db = db or apsw.Connection(":memory:")
        self.tokens = self.db.fts5_tokenizer(UNICODE[0], list(UNICODE[1:]))
        if earlier:
            self.db.deserialize("main", earlier)
        elif db is None:
            self.db.execute(SCHEMA)

    def apply(self, entries: Iterable[Entry]) -> tuple[int, Counter[str]]:
        """Take in entries; returns how many changed anything, and by how much each word's count of documents changed.

        An entry replaces the one with its id unless that one is of a later version; all are taken in, or none.
        """
        words: Counter[str] = Counter()
        with self.db:
            changed = sum(self._put(entry, words) for entry in entries)
            self.db.executemany(COUNT, ((word, by) for word, by in words.items() if by))
            self.db.executemany("DELETE FROM vocabulary WHERE word = ? AND documents <= 0", ((w,) for w in words))
        return changed, words

    def optimize(self) -> None:
        """Merge all segments of the word index: pays after many changes, costs as long as reading it all."""
        self.db.execute("INSERT INTO words(words) VALUES('optimize')")

    @property
    def count(self) -> int:
        """How many documents there are."""
        return int(self.db.execute("SELECT count(*) FROM documents").get)

    def stamps(self) -> dict[str, tuple[int, str]]:
        """Version and digest of every document, by its id."""
        rows = self.db.execute("SELECT id, version, digest FROM documents")
        return {str(doc_id): (int(version), str(digest)) for doc_id, version, digest in rows}

    def entries(self, ids: Iterable[str]) -> Iterator[Entry]:
        """The entries of these documents, as they were taken in."""
        sql = f"SELECT {', '.join(FACTS)}, number, version, digest FROM documents WHERE id = ?"
        for doc_id in ids:
            row = self.db.execute(sql, (doc_id,)).fetchone()
            if row:
                *facts, number, version, digest = row
                told = dict(zip(FACTS, facts, strict=True))
                yield Entry(id=doc_id, version=version, digest=digest, row=told, texts=self._texts(number))

    def file(self) -> bytes:
        """The snapshot as the bytes of an SQLite file."""
        return self.db.serialize("main")

    def close(self) -> None:
        """Free its memory."""
        self.db.close()

    def _put(self, entry: Entry, words: "Counter[str]") -> bool:
        sql = "SELECT number, version, digest FROM documents WHERE id = ?"
        known = self.db.execute(sql, (entry.id,)).fetchone()
        if known and not entry.gone and not replaces(entry.stamp, known[1:]):
            return False
        if known:
            words.subtract(self._words(self._texts(known[0])))
            self.db.execute("DELETE FROM documents WHERE number = ?", known[:1])
            self.db.execute("DELETE FROM words WHERE rowid = ?", known[:1])
        if entry.gone:
            return known is not None
        self._insert(entry)
        words.update(self._words(entry.texts))
        return True

    def _insert(self, entry: Entry) -> None:
        row = {"id": entry.id, **entry.row, "version": entry.version, "digest": entry.digest}
        self.db.execute(f"INSERT INTO documents({', '.join(row)}) VALUES(:{', :'.join(row)})", row)
        texts = (self.db.last_insert_rowid(), *entry.texts)
        self.db.execute(f"INSERT INTO words(rowid, {', '.join(COLUMNS)}) VALUES(?{',?' * len(COLUMNS)})", texts)

    def _texts(self, number: int) -> tuple[str, ...]:
        return tuple(map(str, self.db.execute(TEXTS, (number,)).fetchone() or ()))

    def _words(self, texts: Iterable[str]) -> set[str]:
        """The words of the texts just as MATCH will see them, but for their stems."""
        told = " \n ".join(texts).encode("utf-8", "ignore")
        why, plain = apsw.FTS5_TOKENIZE_DOCUMENT, {"include_offsets": False, "include_colocated": False}
        return set(cast("list[str]", self.tokens(told, why, None, **plain)))
