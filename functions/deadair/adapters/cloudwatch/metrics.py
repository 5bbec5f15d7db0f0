"""Metrics of integrations, written to CloudWatch: one namespace, one dimension `Integration`.

Knows how much PutMetricData takes at once. Refuses to know what a metric means.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import Unavailable
from deadair.domain.portions import portions
from deadair.domain.signal_metrics import MinuteOfMetric

# PutMetricData takes 1,000 metrics of 150 different values each, and 1 MB. A metric with one value takes some 200 bytes
# of JSON and each further value some 20; a client that still writes forms takes twice and four times as much.
METRICS_AT_ONCE = 1000
VALUES_AT_ONCE = 4000
VALUES_OF_A_METRIC = 150


class MetricWriter:
    """Writes metrics of one namespace. `client` is a low-level CloudWatch client."""

    def __init__(self, client: Any, namespace: str) -> None:
        self._client, self._namespace = client, namespace

    def write(self, slug: str, minutes: Iterable[MinuteOfMetric]) -> None:
        """Add the numbers to the integration's metrics. Raises Unavailable; then some may have been added."""
        try:
            for data in portions(_data(slug, minutes), (METRICS_AT_ONCE, VALUES_AT_ONCE), _weights):
                self._client.put_metric_data(Namespace=self._namespace, MetricData=data)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("CloudWatch did not take the metrics.") from error


def _data(slug: str, minutes: Iterable[MinuteOfMetric]) -> Iterator[dict[str, Any]]:
    for minute in minutes:
        values = sorted(minute.values.items())
        for start in range(0, len(values), VALUES_OF_A_METRIC):
            some = values[start : start + VALUES_OF_A_METRIC]
            # No unit: an alarm on a metric that came in two units is not defined, and others may write these too.
            yield {
                "MetricName": minute.metric,
                "Dimensions": [{"Name": "Integration", "Value": slug}],
                "Timestamp": minute.at,
                "Values": [value for value, _ in some],
                "Counts": [float(count) for _, count in some],
            }


def _weights(datum: dict[str, Any]) -> tuple[int, int]:
    return 1, len(datum["Values"])
