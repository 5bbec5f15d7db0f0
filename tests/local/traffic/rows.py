"""Rows of the registry as the traffic reads them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from deadair.adapters.dynamodb.registry import integration_from
from deadair.domain.watch import Watch, watches
from infra.local.traffic.rhythm import Rhythm

# A Wednesday, in the middle of a period of five minutes.
NOON = datetime(2026, 11, 18, 12, 3, 20, tzinfo=UTC)
ALWAYS = {"timezone": "UTC", "per_hour": 40}
THRESHOLDS = {"error_rate_pct": 2, "latency_p95_ms": 5000, "freshness_min": 90, "silence_min": 60}


def a_rhythm(slug: str = "feed", **fields: Any) -> Rhythm:
    """The rhythm of a row; it expects 40 records at every hour, and has all thresholds."""
    row = {"slug": slug, "name": "Feed", "owner": {"name": "Ana Lima"}, "kind": "event"}
    row |= {"expected": ALWAYS, "thresholds": THRESHOLDS}
    return Rhythm(integration_from(row | fields))


def alarms_of(rhythm: Rhythm, now: datetime = NOON) -> tuple[Watch, ...]:
    """The alarms that the row raises."""
    return watches(rhythm.integration, prefix="deadair", namespace="Deadair", now=now)


def minute(at: datetime) -> int:
    """The number of a minute since the epoch."""
    return int(at.timestamp()) // 60


def a_week_before(at: datetime) -> datetime:
    return at - timedelta(days=7)
