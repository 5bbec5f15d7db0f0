# ruff: noqa: S608 - SQL is put together from names that stand in this file; values are always bound
"""Terms into SQL, rows into hits: the reading side of one index.

Knows the tables that snapshot.py makes. Refuses to know S3. A stored file is read as it is and shared with others; once
a delta is to be taken in, that happens in a copy of this finder's own: one set of tables gives one set of frequencies,
so that base and delta rank just as one whole file does. One finder serves one thread at a time.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from heapq import nsmallest
from pathlib import Path
from typing import Any, cast

import apsw

from deadair.adapters.search.comparing import COMPARED, Comparer, LookedFor, Ranked
from deadair.adapters.search.entry import COLUMNS, Entry
from deadair.adapters.search.facets import Facets
from deadair.adapters.search.query import Term, match, read, wanted
from deadair.adapters.search.results import MARK, UNMARK, Hit, Runs, SearchResult, runs
from deadair.adapters.search.snapshot import UNICODE, Snapshot
from deadair.adapters.search.spelling import Vocabulary
from deadair.domain.filters import YES, checked

# Which column a snippet is cut from, and of how many words.
# From so many letters on a word may be short for another.
SHORT_FOR = 3
BODY, SNIPPET_WORDS = COLUMNS.index("body"), 28
TEXTS = (
    *("id", "title", "date", "company", "integration", "integration_name", "owner", "severity", "failure_class"),
    *("vendor", "detected_by", "fix"),
)
HIT = ", ".join(f"d.{name}" for name in (*TEXTS, "consent", "tags", "imported", "version"))
Beside = tuple[str, str] | None


class Finder:
    """Searches one snapshot file, which must not change while it is open, and what was published since."""

    def __init__(self, file: Path) -> None:
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        self.file = file
        self.db = _tuned(apsw.Connection(f"{file.absolute().as_uri()}?immutable=1", flags))
        self.own = False
        self._tokens = apsw.Connection(":memory:").fts5_tokenizer("porter", list(UNICODE))
        self._words: Vocabulary | None = None
        self._held: Facets | None = None
        self._compares: Comparer | None = None

    def close(self) -> None:
        """Let the file go."""
        self.db.close()

    def apply(self, entries: Iterable[Entry]) -> None:
        """Take in what was published since; entries that were taken in before change nothing. All, or none."""
        if not self.own:
            shared, self.db, self.own = self.db, _copy(self.file), True
            self._compares = None
            shared.close()
        changed, words = Snapshot(db=self.db).apply(entries)
        if changed:
            self._held = self._compares = None
        if self._words:
            self._words.change(words)

    def search(self, query: str, filters: Mapping[str, str], limit: int, offset: int) -> SearchResult:
        """The best documents first; for a query without words the newest. Raises Invalid for an unknown filter."""
        chosen = checked(filters)
        terms, searched_for = self._corrected(query, read(query))
        phrases = wanted(terms, self._vocabulary.completions, self._vocabulary.counts.__contains__)
        looked_for = self._comparer.looked_for(phrases) if phrases else None
        facets, expression = self._facets, looked_for.expression if looked_for else ""
        ranked = self._ranked(expression) if looked_for else []
        found = (
            facets.of(map(facets.places.__getitem__, (number for _, number in ranked))) if looked_for else facets.all
        )
        left = found & facets.chosen(chosen) if chosen else found
        if looked_for:
            best = self._best(ranked if left == found else self._passed(ranked, left), looked_for, offset, limit)
        else:
            best = [(0.0, facets.numbers[place]) for place in facets.page(left, offset, limit)]
        return SearchResult(
            hits=self._hits(best, expression),
            total=left.bit_count(),
            searched_for=searched_for,
            facets=facets.counts(found, chosen),
        )

    def related(self, integration: str, failure_class: str, exclude: str, limit: int) -> list[Hit]:
        """Same integration and class first, then same class, then same integration; newest first within each."""
        values = {"integration": integration, "class": failure_class, "exclude": exclude, "limit": limit}
        rows = self._rows(
            f"""SELECT {HIT}, (d.failure_class = :class AND :class NOT IN ('', 'unknown')) AS same_class,
                    (d.integration = :integration AND :integration != '') AS same_integration
                FROM documents d WHERE d.id != :exclude AND (same_class OR same_integration)
                ORDER BY same_class AND same_integration DESC, same_class DESC, d.date DESC, d.id LIMIT :limit""",
            values,
        )
        return [_hit(row[:-2], 0.0, ()) for row in rows]

    def beside(self, doc_id: str) -> tuple[Beside, Beside]:
        """Id and title of the next newer and the next older document; None where there is none."""
        found = self._rows("SELECT number FROM documents WHERE id = ?", (doc_id,))
        if not found:
            return None, None
        numbers, place = self._facets.numbers, self._facets.places[found[0][0]]
        near = [numbers[at] if 0 <= at < len(numbers) else -1 for at in (place - 1, place + 1)]
        rows = self._rows("SELECT number, id, title FROM documents WHERE number IN (?, ?)", tuple(near))
        told: dict[int, Beside] = {number: (name, title) for number, name, title in rows}
        return told.get(near[0]), told.get(near[1])

    def _rows(self, sql: str, values: Mapping[str, Any] | tuple[Any, ...]) -> list[Any]:
        return self.db.execute(sql, values).fetchall()

    def _ranked(self, expression: str) -> Ranked:
        """SQLite's score (the least is best) and number of every document that has a word of the query."""
        return self._rows("SELECT rank, rowid FROM words WHERE words MATCH ?", (expression,))

    def _passed(self, ranked: Ranked, left: int) -> Ranked:
        """The ranked documents that passed the filters."""
        places = self._facets.places
        passed = bin(left)[:1:-1].ljust(len(places), "0")
        return [pair for pair in ranked if passed[places[pair[1]]] == "1"]

    def _best(self, ranked: Ranked, looked_for: LookedFor, offset: int, limit: int) -> Ranked:
        """A page of the ranked documents, the first of them compared; of two with one score the newer goes first."""
        places, most = self._facets.places, max(COMPARED, offset + limit)
        worst = max(nsmallest(most, (score for score, _ in ranked)), default=0.0)
        best = sorted((pair for pair in ranked if pair[0] <= worst), key=lambda pair: (pair[0], places[pair[1]]))
        first = best[:COMPARED]
        scores = self._comparer.again([number for _, number in first], looked_for) if first else {}
        told = sorted(((score, number) for number, score in scores.items()), key=lambda p: (-p[0], places[p[1]]))
        # Who is not compared comes after all who are, in SQLite's order.
        lower = told[-1][0] + best[len(first)][0] if len(best) > len(first) else 0.0
        return [*told, *((lower - score, number) for score, number in best[len(first) :])][offset : offset + limit]

    @property
    def _comparer(self) -> Comparer:
        if self._compares is None:
            self._compares = Comparer(self.db)
        return self._compares

    @property
    def _vocabulary(self) -> Vocabulary:
        if self._words is None:
            self._words = Vocabulary(dict(self._rows("SELECT word, documents FROM vocabulary", ())))
        return self._words

    @property
    def _facets(self) -> Facets:
        if self._held is None:
            self._held = Facets(self.db)
        return self._held

    def _seen(self, term: Term) -> bool:
        if term.word in self._vocabulary.counts or (term.prefix and self._vocabulary.completions(term.word, 1)):
            return True
        expression = match(wanted([replace(term, prefix=False)], lambda _: [], lambda _: False))
        return self.db.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (expression,)).get is not None

    def _corrected(self, query: str, terms: list[Term]) -> tuple[list[Term], str]:
        told, shown = [], query
        for term in terms:
            seen = self._seen(term)
            right = "" if seen or self._begins(term.word) else self._vocabulary.correct(term.word)
            if right:
                told.append(replace(term, word=right.replace(" ", ""), forms=(right,), parts=(), prefix=False))
            elif not seen:
                told.append(replace(term, prefix=self._begins(term.word)))
            else:
                whole = term.prefix and len(term.word) > 1 and self._vocabulary.finished(term.word, self._stem)
                told.append(replace(term, prefix=False) if whole else term)
            shown = shown.replace(term.written, right, 1) if right else shown
        return told, " ".join(shown.split()) if shown != query else ""

    def _begins(self, word: str) -> bool:
        """Whether a word that nobody wrote is the beginning of one that somebody did: `cert`, `env`."""
        return len(word) >= SHORT_FOR and word.isalpha() and bool(self._vocabulary.completions(word, 1))

    def _stem(self, word: str) -> str:
        """The form in which the index has a word."""
        why, plain = apsw.FTS5_TOKENIZE_QUERY, {"include_offsets": False, "include_colocated": False}
        return " ".join(cast("list[str]", self._tokens(word.encode(), why, None, **plain)))

    def _hits(self, best: Ranked, expression: str) -> tuple[Hit, ...]:
        numbers = [number for _, number in best]
        sql = f"SELECT d.number, {HIT} FROM documents d WHERE d.number IN (SELECT value FROM json_each(?))"
        rows = {row[0]: row[1:] for row in self._rows(sql, (json.dumps(numbers),))}
        snippets = self._snippets(numbers, expression)
        return tuple(_hit(rows[number], score, snippets.get(number, ())) for score, number in best)

    def _snippets(self, numbers: list[int], expression: str) -> dict[int, Runs]:
        wanted = json.dumps(numbers)
        if not expression:
            sql = "SELECT rowid, substr(body, 1, 240) FROM words WHERE rowid IN (SELECT value FROM json_each(?))"
            return {number: _beginning(body) for number, body in self._rows(sql, (wanted,))}
        # The `+` keeps SQLite from asking FTS5 once for each row: one pass over the matches costs a third.
        sql = f"""SELECT rowid, snippet(words, {BODY}, ?, ?, '…', {SNIPPET_WORDS}) FROM words
            WHERE words MATCH ? AND +rowid IN (SELECT value FROM json_each(?))"""
        return {number: runs(text) for number, text in self._rows(sql, (MARK, UNMARK, expression, wanted))}


def _tuned(db: apsw.Connection) -> apsw.Connection:
    db.execute("PRAGMA temp_store = memory; PRAGMA mmap_size = 268435456; PRAGMA cache_size = -16000")
    return db


def _copy(file: Path) -> apsw.Connection:
    """A copy that may be written and that nobody else sees: its name goes at once, and so does the file at the end."""
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f"{file.stem}-", suffix=".own") as named:
        shutil.copyfile(file, named.name)
        db = _tuned(apsw.Connection(named.name, apsw.SQLITE_OPEN_READWRITE))
        # It is made again from the bucket after any crash, so nothing of it needs to be safe on the disk.
        db.execute("PRAGMA journal_mode = memory; PRAGMA synchronous = off; PRAGMA locking_mode = exclusive")
    return db


def _beginning(body: str) -> Runs:
    words = body.split(" ")
    return runs(" ".join(words[:SNIPPET_WORDS]) + ("…" if len(words) > SNIPPET_WORDS else ""))


def _hit(row: tuple[Any, ...], score: float, snippet: Runs) -> Hit:
    fields = dict(zip(TEXTS, row, strict=False))
    consent, tags, imported, version = row[len(TEXTS) : len(TEXTS) + 4]
    told = {"consent": consent == YES, "tags": tuple(json.loads(tags)), "imported": bool(imported)}
    told |= {"version": version, "score": score, "snippet": snippet}
    return Hit(**fields | told | {"date": datetime.fromisoformat(fields["date"])})
