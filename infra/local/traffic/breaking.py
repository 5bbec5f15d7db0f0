"""How each class of failure looks in the signals that an integration sends. Pure.

Knows HTTP status codes and what is typical of a failure. Refuses to know which alarm will notice: see `foresight`.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any

from infra.local.traffic.how import How
from infra.local.traffic.rhythm import MINUTE_S, PER_MINUTE, Rhythm, Run

Json = dict[str, Any]

# Where a row names no threshold, so slow is slow for anybody.
SLOW_MS, TIMEOUT_MS = 60_000.0, 30_000.0
# What is left of a limit when an integration runs into it, and of its records when a webhook loses some.
OF_THE_LIMIT, OF_THE_VOLUME = 0.97, 0.3
LATE_MIN = 240.0


def healthy(_rhythm: Rhythm, run: Run) -> Json | None:
    """The signal of a run that went as it should; None when nothing was there to carry."""
    if not run.tries:
        return None
    return _told(ok=run.errors == 0, records=run.records, errors=run.errors, ms=run.latency_ms, codes={200: run.calls})


def _auth(_rhythm: Rhythm, run: Run) -> Json | None:
    """Every call is refused: the credential is no longer good."""
    tries, calls = max(run.tries, 1), max(run.calls, 1)
    return _told(ok=False, records=0, errors=tries, ms=90.0, codes={401: calls - calls // 10, 403: calls // 10})


def _rate_limit(rhythm: Rhythm, run: Run) -> Json | None:
    """So many calls that most get a 429."""
    failed = _failing(rhythm, run, 0.66)
    limits = [limit["calls"] * PER_MINUTE[limit["per"]] for limit in rhythm.row.get("rate_limits") or ()]
    calls = max([run.calls, 3, *(math.floor(limit * OF_THE_LIMIT * run.minutes) for limit in limits[:1])])
    codes = {429: calls * 2 // 3, 200: calls - calls * 2 // 3}
    return _told(ok=False, records=max(run.tries, 1) - failed, errors=failed, ms=run.latency_ms, codes=codes)


def _vendor_error(rhythm: Rhythm, run: Run) -> Json | None:
    """The other side is ill: 5xx and time-outs."""
    failed, calls = _failing(rhythm, run, 0.7), max(run.calls, 3)
    codes = {503: calls - calls // 3 - calls // 4, 500: calls // 4, 200: calls // 3}
    return _told(ok=False, records=max(run.tries, 1) - failed, errors=failed, ms=TIMEOUT_MS, codes=codes)


def _empty_success(_rhythm: Rhythm, run: Run) -> Json | None:
    """All is well, they say, and nothing is in it."""
    return _told(ok=True, records=0, errors=0, ms=run.latency_ms, codes={200: max(run.calls, 1)})


def _version(_rhythm: Rhythm, run: Run) -> Json | None:
    """The version of the API is gone."""
    return _told(ok=False, records=0, errors=max(run.tries, 1), ms=70.0, codes={410: max(run.calls, 1)})


def _schema(rhythm: Rhythm, run: Run) -> Json | None:
    """A field has changed: some records are refused, the others pass."""
    failed, calls = _failing(rhythm, run, 0.4), max(run.calls, 3)
    codes = {422: calls // 3, 400: calls // 6, 200: calls - calls // 3 - calls // 6}
    return _told(ok=False, records=max(run.tries, 1) - failed, errors=failed, ms=run.latency_ms, codes=codes)


def _webhook(rhythm: Rhythm, run: Run) -> Json | None:
    """Deliveries are late, and most never come."""
    records = math.ceil(run.records * OF_THE_VOLUME) if run.records else 0
    if not records:
        return None
    late_s = (rhythm.threshold("freshness_min") or LATE_MIN) * MINUTE_S * 1.5
    return _told(ok=True, records=records, errors=0, ms=run.latency_ms, codes={200: records}) | {"lag_s": late_s}


def _silence(_rhythm: Rhythm, _run: Run) -> Json | None:
    """Nothing comes."""
    return None


def _latency(rhythm: Rhythm, run: Run) -> Json | None:
    """Everything arrives, slowly."""
    slow = max(3 * (rhythm.threshold("latency_p95_ms") or 0.0), SLOW_MS)
    return _told(ok=True, records=max(run.records, 1), errors=0, ms=slow, codes={200: max(run.calls, 1)})


_SIGNS: dict[How, Callable[[Rhythm, Run], Json | None]] = {
    How.AUTH: _auth,
    How.RATE_LIMIT: _rate_limit,
    How.VENDOR_ERROR: _vendor_error,
    How.EMPTY_SUCCESS: _empty_success,
    How.VERSION: _version,
    How.SCHEMA: _schema,
    How.WEBHOOK: _webhook,
    How.SILENCE: _silence,
    How.LATENCY: _latency,
}


def signals(rhythm: Rhythm, first: int, last: int, *, how: How | None, step: int = 1, mark: str = "") -> Iterator[Json]:
    """The bodies of the signals of a stretch of minutes, as `POST /v1/signals` takes them.

    `mark` tells a stretch that is played again from the time before: a signal counts once by its id.
    """
    sign = _SIGNS[how] if how else healthy
    for run in rhythm.runs(first, last, step):
        told = sign(rhythm, run)
        if told is not None:
            minute = int(run.at.timestamp()) // MINUTE_S
            yield {
                "id": f"traffic-{minute}{mark}",
                "integration": rhythm.slug,
                "occurred_at": run.at.isoformat(),
            } | told


def _failing(rhythm: Rhythm, run: Run, share: float) -> int:
    """So many of the records fail that the row's own threshold is crossed, and at least one."""
    enough = max(share, min(1.0, 1.5 * (rhythm.threshold("error_rate_pct") or 0.0) / 100))
    return max(1, round(max(run.tries, 1) * enough))


def _told(*, ok: bool, records: int, errors: int, ms: float, codes: dict[int, int]) -> Json:
    counted = {str(code): count for code, count in codes.items() if count}
    body: Json = {"ok": ok, "records": records, "errors": errors, "latency_ms": ms}
    return body | ({"status_codes": counted} if counted else {})
