"""What search and publishing cost with 1,000 and with 10,000 postmortems.

Search is the engine alone, in this process: from a person's words to hits, snippets, facets and total. Its times are
those of this thread's processor, since a neighbour on the machine is no part of it. Publishing is the room's whole work
for one fact, rendering included, on a real table and bucket whose index holds 10,000 others; its times are those of
this process. Memory is what a process holds more, once it has searched, than it held before.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from deadair.adapters.search import KnowledgeIndex
from deadair.adapters.search.entry import Entry, entry_of
from deadair.adapters.search.finding import Finder
from deadair.adapters.search.publishing import DELTA_SHARE
from deadair.adapters.search.snapshot import Snapshot
from deadair.domain.document import Document
from infra.target import Target
from tests.bench.figures import Figure, percentile
from tests.bench.filling import fill
from tests.builders import NOON
from tests.knowledge import judged
from tests.rooms.knowledge import Steps
from tests.rooms.test_postmortem_writer import Desk
from tests.stack import a_table_like

SIZES = {1000: (3, 5), 10_000: (10, 20)}
MOST = max(SIZES)
TURNS, PUBLICATIONS = 10, 10
MB = 1024 * 1024


def measure(stack: Target) -> list[Figure]:
    """The engine at each size, then the writer and a reader with most of them."""
    documents = judged.many(MOST)
    figures: list[Figure] = []
    for size, (p50, p99) in SIZES.items():
        figures += _engine(documents[:size], p50, p99)
    return figures + _bucket(stack, documents)


def _engine(documents: list[Document], p50: float, p99: float) -> list[Figure]:
    size, entries = len(documents), [entry_of(document) for document in documents]
    with _file(entries) as whole, _file(entries[size // DELTA_SHARE :]) as base:
        before = psutil.Process().memory_info().rss
        finder = Finder(whole)
        first = _ms(lambda: finder.search("oauth", {}, 20, 0))
        times = _times(finder)
        held = psutil.Process().memory_info().rss - before
        parts = Finder(base)
        taken = _ms(lambda: parts.apply(entries[: size // DELTA_SHARE]))
        apart = _times(parts)
        bytes_ = whole.stat().st_size
    name = f"search, {size:,} documents"
    return [
        Figure(f"{name}: p50", percentile(times, 0.5), "ms", f"≤ {p50}"),
        Figure(f"{name}: p99", percentile(times, 0.99), "ms", f"≤ {p99}"),
        Figure(f"{name}, base and a full delta: p50", percentile(apart, 0.5), "ms", f"≤ {p50}"),
        Figure(f"{name}, base and a full delta: p99", percentile(apart, 0.99), "ms", f"≤ {p99}"),
        Figure(f"{name}: the newest, no words", _ms(lambda: finder.search("", {}, 20, 0)), "ms"),
        Figure(f"{name}: the first of a process", first, "ms"),
        Figure(f"{name}: a full delta is taken in", taken, "ms"),
        Figure(f"{name}: file", bytes_ / MB, "MB"),
        Figure(f"{name}: memory", held / MB, "MB"),
    ]


def _times(finder: Finder) -> list[float]:
    return [_ms(lambda: finder.search(one.text, {}, 20, 0)) for _ in range(TURNS) for one in judged.SEARCHES]  # noqa: B023


def _bucket(stack: Target, documents: list[Document]) -> list[Figure]:
    """One postmortem is published again and again, and a reader follows."""
    desk = Desk(stack, a_table_like(stack, "IncidentsTable"))
    fill(desk.shelf.s3, desk.shelf.bucket, documents, now=NOON, written=1)
    desk.resolve()
    desk.deliver()
    writer = desk.writer()
    published, followed = [], []
    with tempfile.TemporaryDirectory() as cache:
        index = KnowledgeIndex(desk.shelf.s3, desk.shelf.bucket, cache, clock=Steps())
        cold = _ms(lambda: index.search("oauth"))
        for turn in range(PUBLICATIONS):
            desk.publish(100 + turn, what_fixed=f"The token was rotated in turn {turn}.")
            published.append(_ms(lambda: desk.deliver(writer)))
            followed.append(_ms(lambda: index.search("oauth")))
    first, *later = published
    name = f"publishing one postmortem beside {len(documents):,}"
    return [
        Figure(f"{name}: CPU", percentile(later, 0.5), "ms", "≤ 100"),
        Figure(f"{name}: CPU at most", max(later), "ms"),
        Figure(f"{name}: CPU, the first of a process", first, "ms"),
        Figure(f"a reader of {len(documents):,}: cold start, download included: CPU", cold, "ms"),
        Figure(f"a reader of {len(documents):,}: search with a newer delta: CPU", percentile(followed[1:], 0.5), "ms"),
    ]


@contextmanager
def _file(entries: list[Entry]) -> Iterator[Path]:
    made = Snapshot()
    made.apply(entries)
    made.optimize()
    with tempfile.NamedTemporaryFile(suffix=".sqlite") as named:
        file = Path(named.name)
        file.write_bytes(made.file())
        made.close()
        yield file


def _ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000
