"""Which signals were counted, so that each counts once however often it comes.

A signal belongs to the batch that claims it first. A batch whose process died claims its signals again; how far it came
is written beside. Both are forgotten after 15 days: no signal is taken that is older than 14.
Knows claims and conditions. Refuses to know metrics.
"""

import random
import time
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.health import HealthStore, health_from
from deadair.adapters.dynamodb.items import to_item
from deadair.adapters.dynamodb.many import read_many
from deadair.adapters.dynamodb.transact import NOT_THERE, LostRace, Write, commit, put
from deadair.domain.errors import Unavailable
from deadair.domain.health import Health

KEPT = timedelta(days=15)
OURS = f"{NOT_THERE} OR claimed_by = :me"
# What DynamoDB writes in one transaction.
CLAIMED_AT_ONCE = 100
TURNS = 5
PAUSE_S = 0.02


class Progress(StrEnum):
    """How far a batch came. `counted`: its metrics are written; `settled`: its integration's health is, too."""

    BEGUN = "begun"
    COUNTED = "counted"
    SETTLED = "settled"


class SignalLedger:
    """Claims of signals, and how far batches came. `client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table
        self._health = HealthStore(client, table)

    def look(self, batch: str, slug: str) -> tuple[Progress, Health]:
        """How far the batch came, and how its integration is, in one read."""
        found = read_many(self._client, self._table, [keys.signal_batch(batch), keys.health(slug)])
        health = next((item for item in found if item["sk"] == keys.health(slug)["sk"]), None)
        noted = next((item for item in found if item["sk"] == keys.signal_batch(batch)["sk"]), None)
        progress = Progress(noted["progress"]["S"]) if noted else Progress.BEGUN
        return progress, health_from(health) if health else Health(slug)

    def claim(self, batch: str, signals: list[str], now: datetime) -> set[str]:
        """The keys of those signals that this batch is to count: nobody else has claimed them."""
        ours: set[str] = set()
        for start in range(0, len(signals), CLAIMED_AT_ONCE):
            ours |= self._claim(batch, signals[start : start + CLAIMED_AT_ONCE], now)
        return ours

    def settle(self, batch: str, health: Health, now: datetime) -> None:
        """The batch is done, and this follows from it. Raises LostRace when the health was changed meanwhile."""
        commit(self._client, [self._noting(batch, Progress.SETTLED, now), self._health.write(health)])

    def note_counted(self, batch: str, now: datetime) -> None:
        """The batch's metrics are written, and must not be written again."""
        commit(self._client, [self._noting(batch, Progress.COUNTED, now)])

    def _noting(self, batch: str, progress: Progress, now: datetime) -> Write:
        fields = to_item({"progress": progress.value, "expires_at": _expiry(now)})
        return put(self._table, keys.signal_batch(batch) | fields)

    def _claim(self, batch: str, some: list[str], now: datetime) -> set[str]:
        left = some
        for turn in range(TURNS):
            try:
                commit(self._client, [self._claiming(batch, key, now) for key in left])
            except LostRace as lost:
                # One signal that somebody else has claimed cancels the whole transaction: the others go once more.
                left = [key for place, key in enumerate(left) if place not in lost.over]
                if not left:
                    return set()
                if not lost.over:
                    time.sleep(random.uniform(0, PAUSE_S * 2**turn))  # noqa: S311 - no secret
            else:
                return set(left)
        raise Unavailable("Somebody else is at the same signals.")

    def _claiming(self, batch: str, key: str, now: datetime) -> Write:
        item = keys.signal(key) | to_item({"claimed_by": batch, "expires_at": _expiry(now)})
        return put(self._table, item, condition=OURS, values={":me": {"S": batch}})


def _expiry(now: datetime) -> int:
    return int((now + KEPT).timestamp())
