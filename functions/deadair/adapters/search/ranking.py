"""How well a document fits a query, by where the query's words stand in it: pure.

Knows the columns' weights, that long texts name many things, and that neighbours in a query mean more as neighbours
in a text. Refuses to know SQL. SQLite's own rank chooses who is compared here: it takes the length of all columns as
one, and a word that half of the documents have for nothing, which goes wrong as soon as write-ups are long.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from deadair.adapters.search.entry import COLUMNS

# By column: what one occurrence counts, how much the column's length takes of that, what neighbours in it count.
WEIGHTS = {
    "id": (12.0, 0.0, 0.0),
    "title": (6.0, 0.3, 1.0),
    "facets": (3.0, 0.3, 1.0),
    "fix": (2.0, 0.75, 0.7),
    "body": (1.0, 0.75, 0.4),
    "aliases": (0.6, 1.0, 0.0),
}
COUNTS, SHORTENS, JOINS = zip(*(WEIGHTS[column] for column in COLUMNS), strict=True)
SATURATES = 1.2
NEIGHBOURS, NEAR = 0.6, 8
Places = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where a query's terms stand in one document: per term and column the places in order; `sizes` in words."""

    terms: Sequence[Places]
    sizes: Sequence[int]


def worth(documents: int, holding: Sequence[int]) -> list[float]:
    """What each term tells of which so many documents hold it: the rarer the more, and never nothing."""
    return [math.log(1 + (documents - held + 0.5) / (held + 0.5)) for held in holding]


def score(found: Occurrences, worth: Sequence[float], average: Sequence[float]) -> float:
    """The more, the better it fits. `average` are the columns' lengths over all documents, none of them 0."""
    total, there = 0.0, [any(places) for places in found.terms]
    for places, tells, any_ in zip(found.terms, worth, there, strict=True):
        if any_:
            often = sum(
                COUNTS[at] * len(where) / (1 + SHORTENS[at] * (found.sizes[at] / average[at] - 1))
                for at, where in enumerate(places)
                if where
            )
            total += tells * often * (SATURATES + 1) / (often + SATURATES)
    for at in range(len(there) - 1):
        if there[at] and there[at + 1]:
            together = _together(found.terms[at], found.terms[at + 1])
            total += NEIGHBOURS * (worth[at] + worth[at + 1]) / 2 * together
    return total


def _together(left: Places, right: Places) -> float:
    return max((w * _closeness(a, b) for w, a, b in zip(JOINS, left, right, strict=True) if w and a and b), default=0.0)


def _closeness(left: Sequence[int], right: Sequence[int]) -> float:
    """1 where the second follows the first at once, less the further apart; the other way round counts less."""
    best, at, other = NEAR + 1, 0, 0
    while at < len(left) and other < len(right):
        apart = right[other] - left[at]
        if apart:
            best = min(best, apart if apart > 0 else 1 - apart)
        if apart > 0:
            at += 1
        else:
            other += 1
    return 1 / best if best <= NEAR else 0.0
