"""A request's signals, checked and turned into what is counted.

Knows when two signals are the same one. Refuses to know who may send them.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from deadair.domain.alarm import digest
from deadair.domain.sent_signal import SentSignal, counted
from web.signals.model import SignalIn, read_signal
from web.signals.refused import FIELDS_SHOWN, Wrong, WrongFields


def read_signals(placed: Iterable[tuple[str, Any]], slug: str, *, sent_s: int, now: datetime) -> list[SentSignal]:
    """Every signal, or WrongFields: of a request with one wrong field nothing is taken."""
    wrong: list[Wrong] = []
    signals = []
    count = 0
    for place, told in placed:
        found = read_signal(told, place, slug, now)
        if isinstance(found, SignalIn):
            signals.append(_sent(found, sent_s, now))
        else:
            count += len(found)
            wrong += found[: FIELDS_SHOWN - len(wrong)]
    if wrong:
        raise WrongFields(wrong, count=count)
    return signals


def _sent(signal: SignalIn, sent_s: int, now: datetime) -> SentSignal:
    records, errors = counted(ok=signal.ok, records=signal.records, errors=signal.errors)
    return SentSignal(
        key=key_of(signal, sent_s),
        at=signal.occurred_at or now,
        ok=signal.ok,
        records=records,
        errors=errors,
        # Microseconds are fine enough; CloudWatch refuses a whole request for a value that is next to nothing.
        latency_ms=None if signal.latency_ms is None else round(signal.latency_ms, 3) + 0.0,
        lag_s=signal.lag_s or 0.0,
        codes=signal.status_codes or {},
    )


def key_of(signal: SignalIn, sent_s: int) -> str:
    """The same for the same signal: by its id, else by all that it says.

    One that says neither an id nor a time is told from the next by the second in which its request was signed, or an
    integration that says only `ok` every minute would be heard once.
    """
    if signal.id is not None:
        return digest("signal", signal.integration, "id", signal.id)
    said = signal.model_dump(mode="json", exclude_none=True)
    moment = "" if signal.occurred_at else str(sent_s)
    return digest("signal", signal.integration, "said", json.dumps(said, sort_keys=True), moment)
