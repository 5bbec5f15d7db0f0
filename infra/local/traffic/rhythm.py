"""What an integration normally carries, minute by minute. Pure, and seeded: the same minute always looks the same.

Knows expectations, thresholds and limits of a row, so that a healthy integration crosses none of them.
"""

# ruff: noqa: S311 - chance, not secrets

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from random import Random
from typing import Any
from zlib import crc32

from deadair.domain.expectation import Expectation, expectation_of
from deadair.domain.ownership import Integration

MINUTE_S = 60
# What a row plays that expects records and does not say how many.
MODEST_PER_HOUR = 60.0
# Up to here each record has a time of its own, evenly spread: chance alone must never look like silence.
FEW_PER_HOUR = 300.0
LATENCY_MS = 2000.0
# Healthy runs stay below half of a threshold, and below half of a limit.
HALF = 0.5
PER_MINUTE = {"second": 60.0, "minute": 1.0, "hour": 1 / 60, "day": 1 / 1440, "month": 1 / 43200}
RECORDS_PER_CALL = {"batch": 100}


@dataclass(frozen=True, slots=True)
class Run:
    """What an integration did in a stretch that ends at `at`: `tries` records, of which `errors` failed, in `calls`."""

    at: datetime
    minutes: int
    tries: int
    errors: int
    calls: int
    latency_ms: float

    @property
    def records(self) -> int:
        """What arrived."""
        return self.tries - self.errors


@dataclass(frozen=True)
class Rhythm:
    """The normal life of one integration."""

    integration: Integration

    @property
    def slug(self) -> str:
        """Whose."""
        return self.integration.slug

    @cached_property
    def expectation(self) -> Expectation | None:
        """None: the row does not say, and nothing is played."""
        return expectation_of(self.row)

    @property
    def row(self) -> Mapping[str, Any]:
        """The row of the registry."""
        return self.integration.row

    @cached_property
    def second(self) -> int:
        """When in each minute it sends: each integration at another moment."""
        return crc32(self.slug.encode()) % MINUTE_S

    def threshold(self, name: str) -> float | None:
        """A threshold of the row."""
        found = (self.row.get("thresholds") or {}).get(name)
        return None if found is None else float(found)

    def last_minute(self, now: float) -> int:
        """The newest minute (since the epoch) whose signal may be sent at that time."""
        return int(now - self.second) // MINUTE_S

    def expects(self, minute: int) -> bool:
        """Whether anything is expected in a minute."""
        return self._rate(minute) > 0

    def runs(self, first: int, last: int, step: int = 1) -> Iterator[Run]:
        """The runs of a stretch, each over `step` minutes or what is left; those without any record are there too."""
        for start in range(first, last + 1, step):
            yield self._run(start, min(start + step - 1, last))

    def _run(self, first: int, last: int) -> Run:
        tries = sum(self._records(minute) for minute in range(first, last + 1))
        chance = Random(f"{self.slug}:run:{first}")
        return Run(
            at=datetime.fromtimestamp(last * MINUTE_S + self.second, UTC),
            minutes=last - first + 1,
            tries=tries,
            errors=self._errors(tries, chance),
            calls=self._calls(tries, last - first + 1),
            latency_ms=round(self._latency(chance), 1),
        )

    def _rate(self, minute: int) -> float:
        if self.expectation is None:
            return 0.0
        rate = self.expectation.per_hour(datetime.fromtimestamp(minute * MINUTE_S, UTC))
        return MODEST_PER_HOUR if rate is None else rate

    def _records(self, minute: int) -> int:
        rate = self._rate(minute)
        if rate <= 0:
            return 0
        if rate <= FEW_PER_HOUR:
            return self._single_records(minute, rate)
        mean = rate / 60
        return max(1, round(Random(f"{self.slug}:{minute}").gauss(mean, math.sqrt(mean))))

    def _single_records(self, minute: int, rate: float) -> int:
        """Each record falls somewhere into a slot of its own, so two are never further apart than two slots."""
        slot = 60 / rate
        first, last = math.floor(minute / slot), math.floor((minute + 1) / slot)
        moments = ((number + Random(f"{self.slug}#{number}").random()) * slot for number in range(first, last + 1))
        return sum(minute <= moment < minute + 1 for moment in moments)

    def _errors(self, tries: int, chance: Random) -> int:
        """A few, where there are so many records that a few do not matter."""
        share = min(0.004, (self.threshold("error_rate_pct") or 1.0) / 100 * HALF)
        return math.floor(tries * share * chance.random())

    def _calls(self, tries: int, minutes: int) -> int:
        per_call = RECORDS_PER_CALL.get(self.row.get("kind") or "", 1)
        limits = (limit["calls"] * PER_MINUTE[limit["per"]] for limit in self.row.get("rate_limits") or ())
        allowed = min((limit * HALF * minutes for limit in limits), default=math.inf)
        return max(1, math.floor(min(math.ceil(tries / per_call), allowed))) if tries else 0

    def _latency(self, chance: Random) -> float:
        slowest = self.threshold("latency_p95_ms") or LATENCY_MS
        return min(slowest * HALF * 0.5 * math.exp(chance.gauss(0, 0.3)), slowest * HALF)
