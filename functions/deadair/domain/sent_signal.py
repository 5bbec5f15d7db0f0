"""One signal that an integration sent: how one of its runs went.

Knows what such a run counts for. Refuses to know how it was sent, and which alarm looks at it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

THROTTLED = "429"


@dataclass(frozen=True, slots=True)
class SentSignal:
    """One run. `key` is the same for the same signal and for no other.

    `at` is when the run ended, `lag_s` how old the newest data were that it carried, `codes` counts the answers of the
    other side by HTTP status.
    """

    key: str
    at: datetime
    ok: bool
    records: int
    errors: int
    latency_ms: float | None = None
    lag_s: float = 0.0
    codes: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_empty_success(self) -> bool:
        """Whether it says that all went well although nothing was carried."""
        return self.ok and self.records == 0

    @property
    def is_success(self) -> bool:
        """Whether something was carried and all went well."""
        return self.ok and self.records > 0

    @property
    def data_at(self) -> datetime:
        """Of when the newest data are that the run carried."""
        return self.at - timedelta(seconds=self.lag_s)

    @property
    def calls(self) -> int:
        """How often the run called the other side, as far as it says."""
        return sum(self.codes.values())

    @property
    def throttles(self) -> int:
        """How many of these calls were too many."""
        return self.codes.get(THROTTLED, 0)


def counted(*, ok: bool, records: int | None, errors: int | None) -> tuple[int, int]:
    """The records and errors of a run that may not have said them.

    A run that went well and says no number carried one record: that is a heartbeat. One that failed is one error.
    """
    told = records if records is not None else int(ok)
    failed = errors if errors is not None else 0
    return told, failed if ok else max(failed, 1)
