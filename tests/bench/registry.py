"""What thousands of rows cost: to import, to import again, to read in a room, to verify.

The file is the sample registry many times over, so its rows are as long as real ones. An import is everything that the
command does once it has started: the file's text to rows, rows to the table. A room's reading is timed in this process,
which pays what a room pays.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.read import read_rows
from deadair.adapters.registry_file.write import as_yaml
from deadair.domain.ownership import Person
from deadair.domain.timeline import Actor, Source
from deadair.usecases.change_row import change_row
from deadair.usecases.import_registry import import_registry
from deadair.usecases.verify_audit import verify_audit
from infra.target import Target
from tests.bench.counting import WRITES, Counting
from tests.bench.figures import Figure, percentile

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "infra/local/sample/registry.yaml"
ROWS = 5000
READS = 5


def measure(stack: Target) -> list[Figure]:
    """The importer first, then a room's view of what it wrote."""
    data = as_yaml(many_rows(ROWS)).encode("utf-8")
    client = Counting(stack.client("dynamodb"))
    writer = _writer(stack, client)
    first = _seconds(lambda: _import(writer, data))
    client.forget()
    again = _seconds(lambda: _import(writer, data))
    what = f"{ROWS} rows"
    figures = [
        Figure(f"import of {what}", first, "s", "< 60"),
        Figure(f"import of the same {what}", again, "s"),
        Figure(f"import of the same {what}, against the first", again / first, "×", "< 1"),
        Figure(f"import of the same {what}: writing calls", sum(client.calls[name] for name in WRITES), "calls", "0"),
    ]
    return figures + _reading(stack, what) + _verifying(stack, what)


def many_rows(count: int) -> list[Row]:
    """The sample's rows over and over, each with a slug and a pattern of its own, and no alarms to be made for them."""
    sample = [read.row for read in read_rows(SAMPLE.read_bytes(), SAMPLE.name)]
    return [_copy(sample[place % len(sample)], f"bench-{place:05}") for place in range(count)]


def _copy(row: Row, slug: str) -> Row:
    fields = row.model_dump(mode="json", exclude_none=True, exclude={"dependents", "thresholds", "rate_limits"})
    return Row.model_validate(fields | {"slug": slug, "alarm_patterns": [f"{slug}-*"]})


def _import(writer: RegistryWriter, data: bytes) -> None:
    rows = [read.row for read in read_rows(data, "registry.yaml")]
    import_registry(writer, rows, now=datetime.now(UTC), by="bench")


def _reading(stack: Target, what: str) -> list[Figure]:
    client, table = stack.client("dynamodb"), stack.outputs["RegistryTable"]
    stores = [RegistryStore(client, table) for _ in range(READS)]
    whole = percentile([_seconds(store.rows) for store in stores], 0.5)
    same = percentile([_seconds(lambda s=store: s.rows(0)) for store in stores], 0.5)  # type: ignore[misc]
    bench = Actor(Person("bench"), Source.CLI)
    change_row(
        _writer(stack, client), "bench-00000", lambda row: row | {"source": "Bench"}, bench, now=datetime.now(UTC)
    )
    changed = percentile([_seconds(lambda s=store: s.rows(0)) for store in stores], 0.5)  # type: ignore[misc]
    return [
        Figure(f"a room reads {what}, the first time", whole * 1000, "ms"),
        Figure(f"a room looks whether {what} changed: no", same * 1000, "ms", "≤ 300"),
        Figure(f"a room looks whether {what} changed: one", changed * 1000, "ms", "≤ 300"),
        Figure("looking again, against reading all", same / whole, "×"),
    ]


def _verifying(stack: Target, what: str) -> list[Figure]:
    writer = _writer(stack, stack.client("dynamodb"))
    return [Figure(f"verify the audit log of {what}", _seconds(lambda: verify_audit(writer)), "s")]


def _writer(stack: Target, client: Any) -> RegistryWriter:
    return RegistryWriter(client, stack.outputs["RegistryTable"])


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
