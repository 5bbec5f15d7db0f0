"""What filters and facets ask, held in memory: which documents have which value.

Knows sets of documents as the bits of one number: document 0 is the newest, so bits stand in the order of an empty
query. Refuses to know words and ranks. Made once per state of the index, and never changed.
"""

import json
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

import apsw

from deadair.domain.filters import FACETS

SINGLE = tuple(name for name in FACETS if name != "tag")
VALUES_PER_FACET = 50
# A facet with more values than this is counted document by document: a number per value would be too much memory.
BITS_AT_MOST = 256
ROWS = f"SELECT number, substr(date, 1, 10), tags, {', '.join(SINGLE)} FROM documents ORDER BY date DESC, id"  # noqa: S608
ONE = ord("1")
Counted = list[tuple[str, int]]


class Facets:
    """The documents of one state of the index. `numbers` are their rows in their order, `places` the reverse."""

    def __init__(self, db: apsw.Connection) -> None:
        rows: list[Any] = db.execute(ROWS).fetchall()
        self.numbers: list[int] = [row[0] for row in rows]
        self.places = {number: place for place, number in enumerate(self.numbers)}
        self._oldest_first = [row[1] for row in reversed(rows)]
        self._values: dict[str, list[Sequence[str]]] = {"tag": [json.loads(row[2]) for row in rows]}
        for at, name in enumerate(SINGLE, 3):
            one = {row[at]: (row[at],) for row in rows}
            self._values[name] = [one[row[at]] for row in rows]
        self._bits = {name: self._sets(values) for name, values in self._values.items()}

    @cached_property
    def all(self) -> int:
        """Every document."""
        return (1 << len(self.numbers)) - 1

    @cached_property
    def counts_of_all(self) -> dict[str, Counted]:
        """The facets of the empty query."""
        return self._counts(self.all, {})

    def of(self, places: Iterable[int]) -> int:
        """Some documents as a set."""
        digits = bytearray(b"0") * (len(self.numbers) + 1)
        for place in places:
            digits[-1 - place] = ONE
        return int(digits, 2)

    def chosen(self, filters: Mapping[str, str]) -> int:
        """The documents that pass all filters (see domain/filters.py)."""
        found = self.all
        for name, value in filters.items():
            found &= self._with(name, value)
        return found

    def counts(self, found: int, filters: Mapping[str, str]) -> dict[str, Counted]:
        """Per facet, how many of `found` one more choice would leave: its own filter does not count, the others do."""
        return self.counts_of_all if found == self.all and not filters else self._counts(found, filters)

    def page(self, found: int, offset: int, limit: int) -> list[int]:
        """Some of the documents of a set, the newest first."""
        return list(islice(members(found), offset, offset + limit))

    def _counts(self, found: int, filters: Mapping[str, str]) -> dict[str, Counted]:
        return {name: self._count(name, found & self._others(name, filters)) for name in FACETS}

    def _others(self, name: str, filters: Mapping[str, str]) -> int:
        return self.chosen({other: value for other, value in filters.items() if other != name})

    def _count(self, name: str, found: int) -> Counted:
        bits = self._bits[name]
        if bits is None:
            values = self._values[name]
            counted = Counter(value for place in members(found) for value in values[place]).items()
        else:
            counted = {value: (found & having).bit_count() for value, having in bits.items()}.items()
        return sorted(((v, n) for v, n in counted if n and v), key=lambda pair: (-pair[1], pair[0]))[:VALUES_PER_FACET]

    def _with(self, name: str, value: str) -> int:
        if name == "since":
            return (1 << (len(self.numbers) - bisect_left(self._oldest_first, value))) - 1
        if name == "until":
            later = len(self.numbers) - bisect_right(self._oldest_first, value)
            return self.all >> later << later
        bits = self._bits[name]
        if bits is not None:
            return bits.get(value, 0)
        return self.of(place for place, values in enumerate(self._values[name]) if value in values)

    def _sets(self, values: list[Sequence[str]]) -> dict[str, int] | None:
        places: dict[str, list[int]] = defaultdict(list)
        for place, told in enumerate(values):
            for value in told:
                places[value].append(place)
        return {value: self.of(at) for value, at in places.items()} if len(places) <= BITS_AT_MOST else None


def members(found: int) -> Iterator[int]:
    """The documents of a set in their order."""
    digits = bin(found)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)
