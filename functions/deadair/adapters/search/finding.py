# ruff: noqa: S608 - SQL is put together from names that stand in this file; values are always bound
"""Terms into SQL, rows into hits: the reading side of one snapshot.

Knows the tables that snapshot.py makes. Refuses to know S3. One finder serves one thread at a time.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import apsw

from deadair.adapters.search.query import Term, match, read
from deadair.adapters.search.results import MARK, UNMARK, Hit, Runs, SearchResult, runs
from deadair.adapters.search.spelling import Vocabulary
from deadair.domain.filters import FACETS, YES, checked

VALUES_PER_FACET = 50
# Which column a snippet is cut from, and of how many words.
BODY, SNIPPET_WORDS = 4, 28
TEXTS = (
    "id",
    "title",
    "date",
    "company",
    "integration",
    "integration_name",
    "owner",
    "severity",
    "failure_class",
    "vendor",
    "detected_by",
    "fix",
)
HIT = ", ".join(f"d.{name}" for name in (*TEXTS, "consent", "tags", "imported", "version"))


class Finder:
    """Searches one snapshot file, which must not change while it is open."""

    def __init__(self, file: Path) -> None:
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        self.db = apsw.Connection(f"{file.absolute().as_uri()}?immutable=1", flags)
        self.db.execute("PRAGMA temp_store = memory; PRAGMA mmap_size = 268435456; PRAGMA cache_size = -16000")
        self.db.execute("CREATE TEMP TABLE found(document INTEGER PRIMARY KEY, score REAL)")

    def close(self) -> None:
        """Let the file go."""
        self.db.close()

    def search(self, query: str, filters: Mapping[str, str], limit: int, offset: int) -> SearchResult:
        """The best documents first; for a query without words the newest. Raises Invalid for an unknown filter."""
        chosen = checked(filters)
        terms, searched_for = self._corrected(query, read(query))
        expression = match(terms, self._vocabulary.completions, self._vocabulary.counts.__contains__)
        self._find(expression)
        where, values = _where(chosen)
        order = "f.score, d.date DESC, d.id LIMIT :limit OFFSET :offset"
        page = {**values, "limit": limit, "offset": offset}
        rows = self._rows(f"SELECT {HIT}, f.score, d.number {FROM} WHERE {where} ORDER BY {order}", page)
        snippets = self._snippets([row[-1] for row in rows], expression)
        return SearchResult(
            hits=tuple(_hit(row, snippets.get(row[-1], ())) for row in rows),
            total=self._rows(f"SELECT count(*) {FROM} WHERE {where}", values)[0][0],
            searched_for=searched_for,
            facets=self._facets(chosen),
        )

    def related(self, integration: str, failure_class: str, exclude: str, limit: int) -> list[Hit]:
        """Same integration and class first, then same class, then same integration; newest first within each."""
        values = {"integration": integration, "class": failure_class, "exclude": exclude, "limit": limit}
        rows = self._rows(
            f"""SELECT {HIT}, 0.0, d.number, (d.failure_class = :class AND :class NOT IN ('', 'unknown')) AS same_class,
                    (d.integration = :integration AND :integration != '') AS same_integration
                FROM documents d WHERE d.id != :exclude AND (same_class OR same_integration)
                ORDER BY same_class AND same_integration DESC, same_class DESC, d.date DESC, d.id LIMIT :limit""",
            values,
        )
        return [_hit(row[:-2], ()) for row in rows]

    def _rows(self, sql: str, values: Mapping[str, Any] | tuple[Any, ...]) -> list[Any]:
        return self.db.execute(sql, values).fetchall()

    def _find(self, expression: str) -> None:
        self.db.execute("DELETE FROM found")
        if expression:
            self.db.execute("INSERT INTO found SELECT rowid, rank FROM words WHERE words MATCH ?", (expression,))
        else:
            self.db.execute("INSERT INTO found SELECT number, 0.0 FROM documents")

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        rows = self._rows("SELECT term, doc FROM vocabulary", {})
        return Vocabulary({str(term): int(count) for term, count in rows})

    def _seen(self, term: Term) -> bool:
        if term.word in self._vocabulary.counts:
            return True
        expression = match([replace(term, prefix=False)], lambda _: [], lambda _: False)
        if term.prefix and self._vocabulary.completions(term.word, 1):
            return True
        return self.db.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (expression,)).get is not None

    def _corrected(self, query: str, terms: list[Term]) -> tuple[list[Term], str]:
        told, shown = [], query
        for term in terms:
            right = "" if self._seen(term) else self._vocabulary.correct(term.word)
            told.append(replace(term, word=right.replace(" ", ""), forms=(right,), prefix=False) if right else term)
            shown = shown.replace(term.written, right, 1) if right else shown
        return told, " ".join(shown.split()) if shown != query else ""

    def _snippets(self, numbers: list[int], expression: str) -> dict[int, Runs]:
        wanted = json.dumps(numbers)
        if not expression:
            sql = "SELECT rowid, substr(body, 1, 240) FROM words WHERE rowid IN (SELECT value FROM json_each(?))"
            return {number: _beginning(body) for number, body in self._rows(sql, (wanted,))}
        # The `+` keeps SQLite from asking FTS5 once for each row: one pass over the matches costs a third.
        sql = f"""SELECT rowid, snippet(words, {BODY}, ?, ?, '…', {SNIPPET_WORDS}) FROM words
            WHERE words MATCH ? AND +rowid IN (SELECT value FROM json_each(?))"""
        return {number: runs(text) for number, text in self._rows(sql, (MARK, UNMARK, expression, wanted))}

    def _facets(self, chosen: Mapping[str, str]) -> dict[str, list[tuple[str, int]]]:
        return {name: self._facet(name, {k: v for k, v in chosen.items() if k != name}) for name in FACETS}

    def _facet(self, name: str, others: Mapping[str, str]) -> list[tuple[str, int]]:
        where, values = _where(others)
        tagged = name == "tag"
        joined, column = (f"{FROM} JOIN tags t ON t.document = d.number", "t.tag") if tagged else (FROM, f"d.{name}")
        sql = f"SELECT {column} AS value, count(*) AS n {joined} WHERE {where} AND value != '' GROUP BY value"
        rows = self._rows(f"{sql} ORDER BY n DESC, value LIMIT {VALUES_PER_FACET}", values)
        return [(str(value), int(count)) for value, count in rows]


SPECIAL = {
    "tag": "EXISTS(SELECT 1 FROM tags WHERE document = d.number AND tag = :tag)",
    "since": "substr(d.date, 1, 10) >= :since",
    "until": "substr(d.date, 1, 10) <= :until",
}
FROM = "FROM found f JOIN documents d ON d.number = f.document"


def _beginning(body: str) -> Runs:
    words = body.split(" ")
    return runs(" ".join(words[:SNIPPET_WORDS]) + ("…" if len(words) > SNIPPET_WORDS else ""))


def _where(chosen: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Names come from FILTERS, values only ever as bindings."""
    parts = [SPECIAL.get(name, f"d.{name} = :{name}") for name in chosen]
    return " AND ".join(["1", *parts]), dict(chosen)


def _hit(row: tuple[Any, ...], snippet: Runs) -> Hit:
    fields = dict(zip(TEXTS, row, strict=False))
    consent, tags, imported, version, score = row[len(TEXTS) : len(TEXTS) + 5]
    told = {"consent": consent == YES, "tags": tuple(json.loads(tags)), "imported": bool(imported)}
    told |= {"version": version, "score": -score}
    return Hit(**fields | told | {"date": datetime.fromisoformat(fields["date"]), "snippet": snippet})
