"""The best documents of one index ranked again: FTS5 tells where words stand, ranking.py what that is worth.

Knows which words choose the documents and which only tell them apart. Refuses to know filters and hits.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import apsw

from deadair.adapters.search.entry import COLUMNS
from deadair.adapters.search.query import match
from deadair.adapters.search.ranking import Occurrences, Places, score, worth

# So many of the best are compared. Beyond, the order is SQLite's own.
COMPARED = 60
# With so many documents, a word that more than half of them have finds none by itself; it still tells them apart.
MANY = 1000
# For how many terms it is remembered how many documents hold them.
REMEMBERED = 5000
Ranked = list[tuple[float, int]]
Phrases = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class LookedFor:
    """Per term its phrases and how many documents hold it. `telling` are the terms that find documents."""

    terms: Phrases
    telling: Phrases
    holding: Sequence[int]

    @property
    def expression(self) -> str:
        """What finds a document."""
        return match(self.telling)

    @property
    def everything(self) -> tuple[str, int]:
        """What finds the same documents and knows all terms, and how many phrases precede these."""
        if len(self.telling) == len(self.terms):
            return self.expression, 0
        return f"({self.expression}) AND ({match(self.terms)})", sum(map(len, self.telling))


class Comparer:
    """Ranks documents of one connection, whose tables must not change meanwhile."""

    def __init__(self, db: apsw.Connection) -> None:
        self.db = db
        self.documents = int(db.execute("SELECT count(*) FROM documents").get)
        self._holding: dict[str, int] = {}
        self._terms: tuple[range, ...] = ()
        self._worth: list[float] = []
        self._average: tuple[float, ...] = ()
        self._scores: dict[int, float] = {}
        db.register_fts5_function("occurrences", self._occurrences)

    def looked_for(self, terms: Phrases) -> LookedFor:
        """The terms with what the index knows of them."""
        holding = [self._held_by(match([forms])) for forms in terms]
        telling = [forms for forms, held in zip(terms, holding, strict=True) if held * 2 <= self.documents]
        return LookedFor(terms, telling if telling and self.documents >= MANY else terms, holding)

    def again(self, numbers: Sequence[int], looked_for: LookedFor) -> dict[int, float]:
        """How well each of these documents fits, by its number; the more, the better."""
        expression, at = looked_for.everything
        ends = [at := at + len(forms) for forms in looked_for.terms]
        self._terms = tuple(range(e - len(forms), e) for e, forms in zip(ends, looked_for.terms, strict=True))
        self._worth, self._scores = worth(self.documents, looked_for.holding), {}
        sql = "SELECT occurrences(words) FROM words WHERE words MATCH ? AND +rowid IN (SELECT value FROM json_each(?))"
        self.db.execute(sql, (expression, json.dumps(numbers))).fetchall()
        return self._scores

    def _held_by(self, expression: str) -> int:
        if expression not in self._holding:
            if len(self._holding) >= REMEMBERED:
                self._holding.clear()
            held = self.db.execute("SELECT count(*) FROM words WHERE words MATCH ?", (expression,)).get
            self._holding[expression] = int(held)
        return self._holding[expression]

    def _occurrences(self, api: apsw.FTS5ExtensionApi, /, *_: Any) -> int:
        """Called by SQLite for each document. Nothing of it is kept but the score: there are thousands of places."""
        columns = range(len(COLUMNS))
        if not self._average:
            self._average = tuple(api.column_total_size(column) / api.row_count or 1.0 for column in columns)
        terms = [_places([api.phrase_locations(at) for at in phrases]) for phrases in self._terms]
        sizes = [api.column_size(column) for column in columns]
        self._scores[api.rowid] = score(Occurrences(terms, sizes), self._worth, self._average)
        return 0


def _places(of_phrases: list[list[list[int]]]) -> Places:
    """The places of a term by column, from those of its phrases."""
    if len(of_phrases) == 1:
        return of_phrases[0]
    return [sorted({place for places in column for place in places}) for column in zip(*of_phrases, strict=True)]
