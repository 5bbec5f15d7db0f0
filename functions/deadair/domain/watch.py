"""The alarms that a row of the registry asks for, as arguments of PutMetricAlarm. Pure.

Knows thresholds, expected hours and the limits of CloudWatch's metric math. Refuses to call anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from deadair.domain.alarm import Signal
from deadair.domain.ownership import Integration

# What an alarm shows while nothing is expected: far from every floor, and like no number of records.
RESTS = 1e9
# List price of one metric of a standard alarm, a month.
METRIC_USD = Decimal("0.10")


@dataclass(frozen=True, slots=True)
class Watch:
    """One alarm that a row asks for. `definition` are the arguments of PutMetricAlarm; `metrics` is what it costs."""

    name: str
    slug: str
    signal: Signal
    definition: dict[str, Any] = field(compare=False)
    metrics: int = 1


def watches(integration: Integration, *, prefix: str, namespace: str, now: datetime) -> tuple[Watch, ...]:
    """Every alarm of a row; a threshold that is not given raises none."""
    raise NotImplementedError


def cost_usd(found: Sequence[Watch]) -> Decimal:
    """What the alarms cost a month by the list price, without the metrics that they read."""
    return METRIC_USD * sum(watch.metrics for watch in found)
