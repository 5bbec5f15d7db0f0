# ruff: noqa: S608 - SQL is put together from names that stand in this file; values are always bound
"""Documents into one SQLite file, and out of it again: the writing side of the index.

Knows the tables. Refuses to know S3 and queries. A file is made in memory and never changed once stored.

    documents    one row per document: what hits show and filters ask
    tags         one row per document and tag
    words        FTS5, stemmed: what MATCH looks in; its columns are weighted in the stored rank
    spelling     FTS5 without stems and without content: whose vocabulary is what a typo is corrected to
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC

import apsw

from deadair.adapters.search.text import aliases, clean, facet_words, plain
from deadair.domain.filters import NO, YES
from deadair.domain.postmortem import Document

# Readers load only the format that they know; a writer of a newer one rebuilds from the documents.
FORMAT = 2
UNICODE = "unicode61 remove_diacritics 2"
SCHEMA = f"""
CREATE TABLE documents(
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT, date TEXT, company TEXT, integration TEXT,
    integration_name TEXT, owner TEXT, severity TEXT, failure_class TEXT, vendor TEXT, detected_by TEXT, consent TEXT,
    fix TEXT, tags TEXT, imported INTEGER, version INTEGER, digest TEXT);
CREATE INDEX newest ON documents(date DESC, id);
CREATE TABLE tags(document INTEGER, tag TEXT, PRIMARY KEY(document, tag)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(id, title, facets, fix, body, aliases, tokenize = 'porter {UNICODE}');
CREATE VIRTUAL TABLE spelling USING fts5(text, content = '', contentless_delete = 1, tokenize = '{UNICODE}');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(spelling, row);
INSERT INTO words(words, rank) VALUES('rank', 'bm25(12.0, 6.0, 3.0, 2.0, 1.0, 0.4)');
"""
# From this many changed documents on it pays to merge the index's segments at once.
MANY = 50


class Snapshot:
    """A snapshot that is being made. Start from an earlier file's bytes or from nothing."""

    def __init__(self, earlier: bytes = b"") -> None:
        self.db = apsw.Connection(":memory:")
        if earlier:
            self.db.deserialize("main", earlier)
        else:
            self.db.execute(SCHEMA)

    def apply(self, documents: Iterable[Document]) -> int:
        """Take in documents; returns how many changed anything.

        A document replaces the one with its id unless that one is of a later version: so the order in which
        writers come does not matter.
        """
        with self.db:
            changed = sum(self._put(document) for document in documents)
        if changed >= MANY:
            self.db.execute(
                "INSERT INTO words(words) VALUES('optimize'); INSERT INTO spelling(spelling) VALUES('optimize')"
            )
        return changed

    @property
    def count(self) -> int:
        """How many documents there are."""
        return int(self.db.execute("SELECT count(*) FROM documents").get)

    def file(self) -> bytes:
        """The snapshot as the bytes of an SQLite file."""
        return self.db.serialize("main")

    def close(self) -> None:
        """Free its memory."""
        self.db.close()

    def _put(self, document: Document) -> bool:
        sql = "SELECT number, version, digest FROM documents WHERE id = ?"
        known = self.db.execute(sql, (clean(document.id),)).fetchone()
        digest = digest_of(document)
        if known and (known[1] > document.version or known[2] == digest):
            return False
        if known:
            self._drop(known[0])
        row = _row(document) | {"digest": digest}
        columns = ", ".join(row)
        self.db.execute(f"INSERT INTO documents({columns}) VALUES(:{', :'.join(row)})", row)
        self._index(self.db.last_insert_rowid(), document)
        return True

    def _index(self, number: int, document: Document) -> None:
        body = plain(document.body)
        head = (clean(document.id), clean(document.title), facet_words(document), clean(document.fix))
        texts = (*head, body, aliases(document, body))
        columns = "rowid, id, title, facets, fix, body, aliases"
        self.db.execute(f"INSERT INTO words({columns}) VALUES(?,?,?,?,?,?,?)", (number, *texts))
        self.db.execute("INSERT INTO spelling(rowid, text) VALUES(?, ?)", (number, " ".join(texts)))
        tags = [(number, clean(tag)) for tag in document.tags]
        self.db.executemany("INSERT OR IGNORE INTO tags(document, tag) VALUES(?, ?)", tags)

    def _drop(self, number: int) -> None:
        for table, column in (("documents", "number"), ("tags", "document"), ("words", "rowid"), ("spelling", "rowid")):
            self.db.execute(f"DELETE FROM {table} WHERE {column} = ?", (number,))


def digest_of(document: Document) -> str:
    """What tells whether a document differs from the indexed one."""
    told = json.dumps(asdict(document), default=str, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(f"{FORMAT}{told}".encode()).hexdigest()


def _row(document: Document) -> dict[str, str | int]:
    names = ("id", "title", "company", "integration", "integration_name", "owner", "severity", "failure_class")
    texts = (*names, "vendor", "detected_by", "fix")
    row: dict[str, str | int] = {name: clean(str(getattr(document, name))) for name in texts}
    return row | {
        "consent": YES if document.consent else NO,
        "date": document.date.astimezone(UTC).isoformat(),
        "tags": json.dumps([clean(tag) for tag in document.tags]),
        "imported": int(document.imported),
        "version": document.version,
    }
