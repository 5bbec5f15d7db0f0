"""How an integration is, by its own last signals.

Knows what is kept of them: the same for any order and any repetition. Refuses to know where it is kept.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from deadair.domain.sent_signal import SentSignal

RECENT_KEPT = 20
# So long before the newest signal an answer of the other side still says how things are.
CODES_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Recent:
    """One of the last signals. `key` is the signal's."""

    at: datetime
    ok: bool
    records: int
    errors: int
    codes: Mapping[str, int] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """What the last signals said; None: never yet. `recent` has the newest first."""

    slug: str
    last_signal_at: datetime | None = None
    last_record_at: datetime | None = None
    last_success_at: datetime | None = None
    last_empty_at: datetime | None = None
    last_error_at: datetime | None = None
    recent: tuple[Recent, ...] = ()
    version: int = 0

    @property
    def codes(self) -> dict[str, int]:
        """How often each HTTP status came back in the last signals, none more than 30 minutes older than the newest."""
        found: Counter[str] = Counter()
        for one in self.recent:
            if one.at >= self.recent[0].at - CODES_WITHIN:
                found.update(one.codes)
        return dict(sorted(found.items()))

    def with_signals(self, signals: Iterable[SentSignal]) -> "Health":
        """The health after these signals, whatever was known of them already."""
        told = list(signals)
        return replace(
            self,
            last_signal_at=_latest(self.last_signal_at, (one.at for one in told)),
            last_record_at=_latest(self.last_record_at, (one.at for one in told if one.records)),
            last_success_at=_latest(self.last_success_at, (one.at for one in told if one.is_success)),
            last_empty_at=_latest(self.last_empty_at, (one.at for one in told if one.is_empty_success)),
            last_error_at=_latest(self.last_error_at, (one.at for one in told if one.errors)),
            recent=_newest((*self.recent, *map(_recent, told))),
        )


def _latest(known: datetime | None, more: Iterable[datetime]) -> datetime | None:
    return max((at for at in (known, *more) if at is not None), default=None)


def _recent(signal: SentSignal) -> Recent:
    return Recent(signal.at, signal.ok, signal.records, signal.errors, dict(signal.codes), signal.key)


def _newest(all_of_them: Iterable[Recent]) -> tuple[Recent, ...]:
    by_key = {one.key: one for one in all_of_them}
    return tuple(sorted(by_key.values(), key=lambda one: (one.at, one.key), reverse=True)[:RECENT_KEPT])
