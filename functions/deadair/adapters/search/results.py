"""What a search answers. Knows shapes only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from deadair.domain.document import Described

# The start and end of a mark inside a snippet; control characters never reach the index (see text.py).
MARK, UNMARK = "\x01", "\x02"
Runs = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit(Described):
    """One postmortem found. `snippet` is text in runs, True where a word of the query stands; it is never HTML.

    `score` orders hits of one search, higher is better; it means nothing across searches.
    """

    snippet: Runs = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """A page of hits with `total` of all. `facets` counts, per filter, what one more choice would find.

    `searched_for` is the corrected query, empty when nothing was corrected. `snapshot_at` is when the index
    was written (None: there is none yet); `stale` says that a newer one could not be fetched.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    searched_for: str = ""
    facets: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)
    snapshot_at: datetime | None = None
    stale: bool = False


def runs(marked: str) -> Runs:
    """Text with MARK and UNMARK as runs."""
    found: list[tuple[str, bool]] = []
    for piece in marked.split(MARK):
        inside, closed, after = piece.partition(UNMARK)
        found += [(inside, True), (after, False)] if closed else [(piece, False)]
    return tuple((text, on) for text, on in found if text)
