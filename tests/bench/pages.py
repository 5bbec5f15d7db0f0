"""The pages on which postmortems are read, over HTTP, with 10,000 of them in the index.

One reader asks one page after the other over one connection, as somebody signed in. What the way there takes by itself
is measured in the same run, by a page of two bytes: the rest of a figure is the page's own.
"""

import http.client
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from deadair.adapters.s3.documents import DocumentStore, as_stored
from deadair.adapters.search import IndexPublisher
from deadair.domain.document import Document
from infra.target import Target
from tests.bench.figures import Figure, percentile
from tests.builders import ANA
from tests.knowledge.judged import many
from tests.signing_in import sealed
from web.sessions import Signer

COUNT = 10_000
TIMES = 60
WARM = 8
# Documents that are there in full; the rest is in the index only, where lists look.
WRITTEN = 25
NOTHING = "/healthz"
AIM = "≤ 25 ms p50"


def measure(stack: Target) -> list[Figure]:
    """Milliseconds of each page, p50 and p95; and by how much its p50 is above that of no page."""
    documents = _fill(stack)
    ask = _Reader(stack)
    empty = percentile(ask.times(NOTHING), 0.5)
    figures = [Figure("no page at all over HTTP, p50", empty, "ms")]
    for name, address, aim in _pages(documents):
        took = ask.times(address)
        half = percentile(took, 0.5)
        figures += [
            Figure(f"{name}, p50", half, "ms", aim),
            Figure(f"{name}, p95", percentile(took, 0.95), "ms"),
            Figure(f"{name}, p50 above no page", half - empty, "ms"),
        ]
    return figures


def _pages(documents: list[Document]) -> list[tuple[str, str, str]]:
    one = documents[0]
    return [
        ("one postmortem", f"/postmortems/{one.id}", AIM),
        (f"list of {COUNT:,}", "/postmortems", AIM),
        (f"list of {COUNT:,}, page 40", "/postmortems?page=40", AIM),
        (f"list of {COUNT:,}, one facet", f"/postmortems?severity={one.severity}", ""),
        (f"search among {COUNT:,}", "/postmortems?q=token+expired", ""),
        ("home", "/", ""),
    ]


def _fill(stack: Target) -> list[Document]:
    """The index with all, and the newest as documents."""
    now = datetime.now(UTC)
    made = many(COUNT)
    s3, bucket = stack.client("s3"), stack.outputs["KnowledgeBucket"]
    IndexPublisher(s3, bucket).rebuild(made, now=now)
    newest = sorted(made, key=lambda one: one.date, reverse=True)[:WRITTEN]
    shelf = DocumentStore(s3, bucket)
    for document in newest:
        text = f"# {document.title}\n\n{document.body}"
        told = {"markdown": text, "html": "", "published_at": (now - timedelta(days=1)).isoformat()}
        shelf.write(as_stored(document) | told)
    return newest


class _Reader:
    """Somebody signed in, on one connection."""

    def __init__(self, stack: Target) -> None:
        key = stack.client("ssm").get_parameter(Name="/deadair/local/web/session-key", WithDecryption=True)
        signer = Signer(key["Parameter"]["Value"].encode())
        self._headers = {"cookie": sealed(signer, datetime.now(UTC), ANA, "bench"), "accept": "text/html"}
        parts = urlsplit(stack.web)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def times(self, address: str) -> list[float]:
        """Milliseconds of each of many answers, after some that are not counted."""
        return [self._once(address) for _ in range(WARM + TIMES)][WARM:]

    def _once(self, address: str) -> float:
        began = time.perf_counter()
        self._connection.request("GET", address, headers=self._headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"{address}: {answer.status}")
        return (time.perf_counter() - began) * 1000
