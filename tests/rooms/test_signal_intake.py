"""Claims about signals on their way from the queue to metrics: each counts once, whatever dies in between."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from deadair.adapters.cloudwatch.metrics import METRICS_AT_ONCE, VALUES_AT_ONCE, VALUES_OF_A_METRIC, MetricWriter
from deadair.adapters.dynamodb.health import HealthStore
from deadair.adapters.dynamodb.signals import SignalLedger
from deadair.adapters.sqs.signals import SignalBatch, SignalQueue
from deadair.domain.health import Health
from deadair.domain.sent_signal import SentSignal
from deadair.usecases.count_signals import SignalCounter
from infra.target import Target
from signal_intake.consumer import consume
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.killed import Fragile, Killed

pytestmark = pytest.mark.stack
NOW = datetime.now(UTC).replace(microsecond=0)
SINCE, UNTIL = NOW - timedelta(hours=2), NOW + timedelta(minutes=10)


@pytest.fixture
def slug() -> str:
    return f"flow-{uuid4().hex[:8]}"


def counter(stack: Target, table: str, **clients: Any) -> SignalCounter:
    ledger = SignalLedger(clients.get("dynamodb") or stack.client("dynamodb"), table)
    return SignalCounter(ledger, MetricWriter(clients.get("cloudwatch") or stack.client("cloudwatch"), "Claims"))


def signal(n: int = 0, **more: Any) -> SentSignal:
    return replace(SentSignal(f"{uuid4().hex}-{n}", NOW, ok=True, records=1, errors=0), **more)


def batch(slug: str, *signals: SentSignal) -> SignalBatch:
    return SignalBatch(uuid4().hex, slug, signals)


def record(of: SignalBatch) -> dict[str, Any]:
    """The batch as the queue delivers it: what the sender writes, the consumer reads."""
    told: dict[str, Any] = {}

    class Sqs:
        def send_message(self, **request: Any) -> None:
            told.update(request)

    SignalQueue(Sqs(), "queue", lambda: of.id).send(of.slug, list(of.signals))
    return {"messageId": uuid4().hex, "body": told["MessageBody"]}


def metric(stack: Target, slug: str, name: str, stat: str = "Sum") -> float:
    """The statistic over all that was written of an integration's metric; 0 when that is nothing."""
    dimensions = [{"Name": "Integration", "Value": slug}]
    stated = {"Metric": {"Namespace": "Claims", "MetricName": name, "Dimensions": dimensions}, "Period": 86400}
    answer = stack.client("cloudwatch").get_metric_data(
        MetricDataQueries=[{"Id": "m", "MetricStat": {**stated, "Stat": stat}}],
        StartTime=NOW - timedelta(days=15),
        EndTime=UNTIL,
    )
    return float(sum(answer["MetricDataResults"][0]["Values"]))


def health(stack: Target, table: str, slug: str) -> Health:
    found = HealthStore(stack.client("dynamodb"), table).get(slug)
    assert found is not None
    return found


def test_a_signal_becomes_the_metrics_that_alarms_look_at(stack: Target, table: str, slug: str) -> None:
    one = signal(records=90, errors=10, latency_ms=120.5, codes={"200": 90, "429": 10})

    assert consume(counter(stack, table), [record(batch(slug, one))], NOW) == []

    told = {name: metric(stack, slug, name) for name in ("Records", "Errors", "Successes", "Calls", "Throttles")}
    assert told == {"Records": 90, "Errors": 10, "Successes": 1, "Calls": 100, "Throttles": 10}
    assert metric(stack, slug, "LatencyMs", "Average") == 120.5
    assert metric(stack, slug, "EmptySuccesses") == 0


def test_a_success_that_carried_nothing_is_no_success(stack: Target, table: str, slug: str) -> None:
    counter(stack, table).count(batch(slug, signal(records=0)), NOW)

    assert (metric(stack, slug, "EmptySuccesses"), metric(stack, slug, "Successes")) == (1, 0)
    assert metric(stack, slug, "Records", "SampleCount") == 1
    found = health(stack, table, slug)
    assert (found.last_empty_at, found.last_success_at, found.last_record_at) == (NOW, None, None)


def test_a_success_is_written_where_its_newest_data_are(stack: Target, table: str, slug: str) -> None:
    counter(stack, table).count(batch(slug, signal(lag_s=3600)), NOW)

    answer = stack.client("cloudwatch").get_metric_data(
        MetricDataQueries=[
            {
                "Id": "m",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "Claims",
                        "MetricName": "Successes",
                        "Dimensions": [{"Name": "Integration", "Value": slug}],
                    },
                    "Period": 60,
                    "Stat": "Sum",
                },
            }
        ],
        StartTime=SINCE,
        EndTime=UNTIL,
    )
    assert answer["MetricDataResults"][0]["Timestamps"] == [NOW.replace(second=0) - timedelta(hours=1)]


def test_a_second_delivery_counts_nothing(stack: Target, table: str, slug: str) -> None:
    delivered = record(batch(slug, signal(records=5), signal(records=6)))

    for _ in range(3):
        assert consume(counter(stack, table), [delivered, delivered], NOW) == []

    assert metric(stack, slug, "Records") == 11
    assert health(stack, table, slug).version == 1


def test_a_signal_that_is_sent_again_counts_once_beside_new_ones(stack: Target, table: str, slug: str) -> None:
    old, new = [signal(n, records=1) for n in range(150)], [signal(n, records=1) for n in range(100)]
    counter(stack, table).count(batch(slug, *old), NOW)
    mixed = [*old, *new]
    random.shuffle(mixed)

    assert counter(stack, table).count(batch(slug, *mixed), NOW) == 100
    assert metric(stack, slug, "Records") == 250


def test_senders_of_the_same_signals_at_the_same_moment_count_them_once(stack: Target, table: str, slug: str) -> None:
    signals = [signal(n) for n in range(120)]
    together = [batch(slug, *signals) for _ in range(6)]

    with ThreadPoolExecutor(6) as pool:
        failed = list(pool.map(lambda one: consume(counter(stack, table), [record(one)], NOW), together))
    for again in [one for one, ids in zip(together, failed, strict=True) if ids]:
        consume(counter(stack, table), [record(again)], NOW)

    assert metric(stack, slug, "Records") == 120


def test_messages_of_one_integration_at_the_same_moment_lose_nothing_of_its_health(
    stack: Target, table: str, slug: str
) -> None:
    batches = [batch(slug, signal(at=NOW - timedelta(minutes=n), records=n)) for n in range(8)]

    with ThreadPoolExecutor(8) as pool:
        failed = list(pool.map(lambda one: consume(counter(stack, table), [record(one)], NOW), batches))
    for again in [one for one, ids in zip(batches, failed, strict=True) if ids]:
        consume(counter(stack, table), [record(again)], NOW)

    found = health(stack, table, slug)
    assert [one.records for one in found.recent] == list(range(8))
    assert (found.version, found.last_signal_at) == (8, NOW)
    assert metric(stack, slug, "Records") == sum(range(8))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("service", ["dynamodb", "cloudwatch"])
def test_n4_whenever_the_process_dies_the_next_delivery_ends_it(
    stack: Target, table: str, service: str, *, after: bool
) -> None:
    killed = 0
    for at_call in range(1, 5):
        slug = f"flow-{uuid4().hex[:8]}"
        delivered = record(batch(slug, *(signal(n, records=2) for n in range(120))))
        fragile = Fragile(stack.client(service), at_call, after=after)
        try:
            consume(counter(stack, table, **{service: fragile}), [delivered], NOW)
        except Killed:
            killed += 1
        assert consume(counter(stack, table), [delivered], NOW) == []

        # Only who dies between the metrics and the settling lets them be written twice, and nobody ever none.
        between = (service, at_call, after) in {("dynamodb", 4, False), ("cloudwatch", 1, True)}
        assert metric(stack, slug, "Records") == (480 if between else 240), (at_call, after)
        assert len(health(stack, table, slug).recent) == 20
    assert killed == (4 if service == "dynamodb" else 1)


def test_one_message_that_fails_comes_again_alone(stack: Target, table: str) -> None:
    slugs = [f"flow-{uuid4().hex[:8]}" for _ in range(3)]
    good = [record(batch(slug, signal())) for slug in slugs]
    bad = [{"messageId": "no-json", "body": "{"}, {"messageId": "no-signals", "body": '{"batch":"b","signals":[]}'}]

    assert consume(counter(stack, table), [good[0], *bad, *good[1:]], NOW) == ["no-json", "no-signals"]
    assert [metric(stack, slug, "Records") for slug in slugs] == [1, 1, 1]


@pytest.mark.parametrize(
    "fault",
    [
        ("cloudwatch", "put_metric_data", "Throttling"),
        ("cloudwatch", "put_metric_data", "InternalServiceFault"),
        ("dynamodb", "transact_write_items", "ProvisionedThroughputExceededException"),
        ("dynamodb", "batch_get_item", "ThrottlingException"),
    ],
)
def test_a_neighbour_that_refuses_lets_the_message_come_again(
    stack: Target, table: str, slug: str, fault: tuple[str, str, str]
) -> None:
    service, method, code = fault
    delivered = record(batch(slug, signal(records=7)))
    faulty = Faulty(stack.client(service), method, refusal(code, method))

    assert consume(counter(stack, table, **{service: faulty}), [delivered], NOW) == [delivered["messageId"]]
    assert consume(counter(stack, table, **{service: faulty}), [delivered], NOW) == []
    assert metric(stack, slug, "Records") == 7


def test_another_transaction_at_the_same_items_is_waited_for(stack: Target, table: str, slug: str) -> None:
    busy = refusal("TransactionCanceledException", "TransactWriteItems", "TransactionConflict")
    faulty = Faulty(stack.client("dynamodb"), "transact_write_items", busy, times=3)

    assert counter(stack, table, dynamodb=faulty).count(batch(slug, signal()), NOW) == 1
    assert metric(stack, slug, "Records") == 1


class Crowded:
    """A real DynamoDB client under which somebody else changes the integration's health before each of our writes."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def transact_write_items(self, **request: Any) -> Any:
        writes = [write["Put"] for write in request["TransactItems"]]
        if any(write["Item"]["pk"]["S"].startswith("HEALTH#") for write in writes):
            reasons = ["ConditionalCheckFailed" if "version" in write["Item"] else "None" for write in writes]
            raise refusal("TransactionCanceledException", "TransactWriteItems", *reasons)
        return self.client.transact_write_items(**request)


def test_who_loses_every_race_for_the_health_counts_once_and_comes_again_for_the_health(
    stack: Target, table: str, slug: str
) -> None:
    delivered = record(batch(slug, signal(records=9)))
    crowded = Crowded(stack.client("dynamodb"))

    for _ in range(2):
        assert consume(counter(stack, table, dynamodb=crowded), [delivered], NOW) == [delivered["messageId"]]
    assert metric(stack, slug, "Records") == 9
    assert consume(counter(stack, table), [delivered], NOW) == []

    assert metric(stack, slug, "Records") == 9
    assert health(stack, table, slug).last_record_at == NOW


def test_a_message_out_of_the_dead_letters_still_counts(stack: Target, table: str, slug: str) -> None:
    of = batch(slug, signal(records=3))
    faulty = Faulty(stack.client("cloudwatch"), "put_metric_data", refusal("Throttling", "PutMetricData"))
    consume(counter(stack, table, cloudwatch=faulty), [record(of)], NOW)

    assert consume(counter(stack, table), [{**record(of), "messageId": "another id"}], NOW) == []
    assert metric(stack, slug, "Records") == 3


def test_what_waited_too_long_for_cloudwatch_does_not_keep_the_rest(stack: Target, table: str, slug: str) -> None:
    late, fine = signal(at=NOW - timedelta(days=13, hours=23)), signal(records=4)

    assert counter(stack, table).count(batch(slug, late, fine), NOW + timedelta(hours=2)) == 2
    assert metric(stack, slug, "Records") == 4


class Counting:
    """A real client that keeps what is asked of it."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.requests: list[dict[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.client, name)

        def call(**request: Any) -> Any:
            self.requests.append(request)
            return real(**request)

        return call


@pytest.mark.parametrize("message", [(1, 1, 4), (100, 1, 4), (500, 1, 8), (500, 500, 10)])
def test_a_message_costs_few_calls(stack: Target, table: str, slug: str, message: tuple[int, int, int]) -> None:
    count, minutes, calls = message
    clients = {service: Counting(stack.client(service)) for service in ("dynamodb", "cloudwatch")}
    signals = [
        signal(n, at=NOW - timedelta(minutes=n % minutes), latency_ms=float(n), codes={"200": 1}) for n in range(count)
    ]
    counter(stack, table, **clients).count(batch(slug, *signals), NOW)

    assert sum(len(one.requests) for one in clients.values()) == calls
    for request in clients["cloudwatch"].requests:
        data = request["MetricData"]
        assert len(data) <= METRICS_AT_ONCE
        assert sum(len(each["Values"]) for each in data) <= VALUES_AT_ONCE
        assert all(len(each["Values"]) <= VALUES_OF_A_METRIC for each in data)
        assert len(json.dumps(request, default=str)) < 1_000_000


def test_latency_keeps_its_distribution(stack: Target, table: str, slug: str) -> None:
    counter(stack, table).count(batch(slug, *(signal(n, latency_ms=float(n + 1)) for n in range(400))), NOW)

    assert metric(stack, slug, "LatencyMs", "SampleCount") == 400
    assert metric(stack, slug, "LatencyMs", "p95") == pytest.approx(380, abs=2)
    assert metric(stack, slug, "LatencyMs", "Maximum") == 400
