"""Signals through the deployed line: how long an answer takes, how long until the metric, and what a message costs AWS.

The first is a sender's wait, over HTTP and one request after the other; the second ends when GetMetricData shows the
sum. Calls and write units are counted in this process, on a table without a stream.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from deadair.adapters.cloudwatch.metrics import MetricWriter
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.row_write import RowWrite
from deadair.adapters.dynamodb.signals import SignalLedger
from deadair.adapters.registry_file.write import hash_of
from deadair.adapters.sqs.signals import SignalBatch
from deadair.adapters.ssm.signal_keys import SignalKeyStore
from deadair.domain.sent_signal import SentSignal
from deadair.usecases.count_signals import SignalCounter
from deadair.usecases.signal_keys import KeyDesk
from infra.cli.signal_sending import post
from infra.target import Target
from tests.bench.counting import Counting
from tests.bench.figures import Figure, percentile
from tests.stack import a_table_like

SIZES = (1, 100, 500)
TIMES = 30
PATIENCE_S = 60.0
REGISTRY_KEPT_S = 31.0


def measure(stack: Target) -> list[Figure]:
    """The answer's time, the metric's time, the calls."""
    slug = f"bench-{uuid4().hex[:8]}"
    send = _sender(stack, slug)
    return [*_answers(send), *_until_the_metric(stack, slug, send), *_calls(stack)]


def _sender(stack: Target, slug: str) -> Callable[[int], float]:
    """A function that sends so many signals and returns how many milliseconds the answer took."""
    text = json.dumps({"slug": slug, "name": slug, "owner": {"name": "Ana Lima"}})
    writer = RegistryWriter(stack.client("dynamodb"), stack.outputs["RegistryTable"])
    now = datetime.now(UTC)
    writer.write([RowWrite(slug, text, hash_of(text))], now=now, by="bench")
    key = KeyDesk(SignalKeyStore(stack.client("ssm"), "/deadair/local/signals"), writer, by="bench", now=now).key(slug)
    until = time.monotonic() + REGISTRY_KEPT_S
    while not post(stack.web, key.secret, _signals(slug, 1)).taken and time.monotonic() < until:
        time.sleep(1)

    def send(count: int) -> float:
        said = _signals(slug, count)
        began = time.perf_counter()
        answer = post(stack.web, key.secret, said)
        took = (time.perf_counter() - began) * 1000
        if not answer.taken:
            raise RuntimeError(f"signals were not taken: {answer}")
        return took

    return send


def _signals(slug: str, count: int) -> list[dict[str, Any]]:
    shared = {"integration": slug, "ok": True, "records": 1, "status_codes": {"200": 1}}
    return [{**shared, "id": uuid4().hex, "latency_ms": n} for n in range(count)]


def _answers(send: Callable[[int], float]) -> list[Figure]:
    figures = []
    for size in SIZES:
        took = [send(size) for _ in range(TIMES)]
        figures += [
            Figure(f"POST /v1/signals, {size} at once, p50", percentile(took, 0.5), "ms"),
            Figure(f"POST /v1/signals, {size} at once, p95", percentile(took, 0.95), "ms"),
        ]
    return figures


def _until_the_metric(stack: Target, slug: str, send: Callable[[int], float]) -> list[Figure]:
    _settled(stack, slug)
    took = []
    for _ in range(10):
        before = _records(stack, slug)
        began = time.perf_counter()
        send(1)
        while _records(stack, slug) == before:
            time.sleep(0.02)
        took.append(time.perf_counter() - began)
    return [
        Figure("from a signal to its metric, p50", percentile(took, 0.5), "s"),
        Figure("from a signal to its metric, slowest of ten", max(took), "s", "seconds"),
    ]


def _settled(stack: Target, slug: str) -> None:
    """Wait until nothing more comes of what was sent."""
    until = time.monotonic() + PATIENCE_S
    before = -1.0
    while (now := _records(stack, slug)) != before and time.monotonic() < until:
        before = now
        time.sleep(2)


def _records(stack: Target, slug: str) -> float:
    named = {"Namespace": stack.outputs["MetricNamespace"], "MetricName": "Records"}
    metric = {**named, "Dimensions": [{"Name": "Integration", "Value": slug}]}
    now = datetime.now(UTC)
    answer = stack.client("cloudwatch").get_metric_data(
        MetricDataQueries=[{"Id": "m", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=2),
    )
    return float(sum(answer["MetricDataResults"][0]["Values"]))


def _calls(stack: Target) -> list[Figure]:
    dynamodb, cloudwatch = Counting(stack.client("dynamodb")), Counting(stack.client("cloudwatch"))
    ledger = SignalLedger(dynamodb, a_table_like(stack, "IncidentsTable"))
    counter = SignalCounter(ledger, MetricWriter(cloudwatch, "Bench"))
    figures = []
    for size in SIZES:
        now = datetime.now(UTC)
        signals = [SentSignal(uuid4().hex, now, True, 1, 0, float(n), 0.0, {"200": 1}) for n in range(size)]  # noqa: FBT003
        dynamodb.forget()
        cloudwatch.forget()
        began = time.perf_counter()
        counter.count(SignalBatch(uuid4().hex, "bench", tuple(signals)), now)
        took = (time.perf_counter() - began) * 1000
        calls = dynamodb.calls.total() + cloudwatch.calls.total()
        figures += [
            Figure(f"a message of {size} signals: AWS calls", calls, "calls"),
            Figure(f"a message of {size} signals: write units", dynamodb.write_units, "units"),
            Figure(f"a message of {size} signals: time", took, "ms"),
        ]
    return figures
