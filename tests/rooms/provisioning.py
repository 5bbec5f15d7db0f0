"""A provisioner with alarms and rows of its own, on the session's local AWS."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from deadair.adapters.cloudwatch.alarms import Alarms
from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.rows_now import RowsNow
from deadair.usecases.provision_alarms import Provisioner
from tests.builders import made_by_hand

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
OWNER = {"name": "Ana Lima", "email": "ana.lima@example.com", "slack_id": "U0ANA"}
FULL: dict[str, Any] = {
    "expected": {"timezone": "Europe/Berlin", "per_hour": 400, "weekdays": ["mon"], "hours": "07:00-20:00"},
    "thresholds": {"error_rate_pct": 2, "latency_p95_ms": 60000, "freshness_min": 90, "silence_min": 60},
    "rate_limits": [{"calls": 10, "per": "second"}],
}


class Counting:
    """A real client that counts its calls by name."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.client, name)
        return self._counted(name, real) if callable(real) else real

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*named: Any, **request: Any) -> Any:
            self.calls[name] += 1
            return real(*named, **request)

        return call

    @property
    def writes(self) -> int:
        """How many calls changed something."""
        return sum(self.calls[name] for name in ("put_metric_alarm", "delete_alarms", "tag_resource"))


@dataclass
class Place:
    """A table, a prefix and the clients that look at both."""

    dynamodb: Any
    table: str
    cloudwatch: Counting
    prefix: str = field(default_factory=lambda: f"t{uuid4().hex[:10]}")

    def provisioner(self, cloudwatch: Any = None, **how: Any) -> Provisioner:
        """A new one, as a new process has it."""
        calmly: dict[str, Any] = {"rate": 10_000, "sleep": lambda _: None}
        alarms = Alarms(cloudwatch or self.cloudwatch, **calmly | how)
        return Provisioner(RowsNow(self.dynamodb, self.table), alarms, prefix=self.prefix, namespace="Deadair")

    def row(self, slug: str, **fields: Any) -> None:
        """Write a row."""
        row = {"slug": slug, "name": slug.title(), "owner": OWNER, **fields}
        self.dynamodb.put_item(TableName=self.table, Item=keys.row(slug) | {"row": {"S": json.dumps(row)}})

    def retire(self, slug: str) -> None:
        """Take a row out."""
        self.dynamodb.delete_item(TableName=self.table, Key=keys.row(slug))

    def by_hand(self, name: str, **more: Any) -> None:
        """An alarm that somebody made."""
        self.cloudwatch.client.put_metric_alarm(**made_by_hand(name, **more))

    def alarms(self, prefix: str = "") -> dict[str, dict[str, Any]]:
        """The alarms that are there, without what time and the evaluator change."""
        pages = self.cloudwatch.client.get_paginator("describe_alarms").paginate(
            AlarmNamePrefix=prefix or f"{self.prefix}-"
        )
        return {
            alarm["AlarmName"]: {
                name: value for name, value in alarm.items() if not name.startswith("State") and "Timestamp" not in name
            }
            for page in pages
            for alarm in page["MetricAlarms"]
        }

    def words(self, slug: str) -> set[str]:
        """The last words of a row's alarms."""
        beginning = f"{self.prefix}-{slug}-"
        return {name.removeprefix(beginning) for name in self.alarms(beginning)}
