"""What happened to alarms and metrics of the embedded AWS, so that a judge need not look at everything all the time.

A short log with versions: whoever asks says what they know already. Kept in memory only; who has missed too much, or
asks another process than before, is told to look at everything. Nothing here knows MiniStack.
"""

import itertools
import threading
from collections import deque
from typing import Any
from uuid import uuid4

_KEPT = 50_000
MetricKey = tuple[str, str, str]

_run = uuid4().hex
_versions = itertools.count(1)
_log: deque[tuple[int, str | MetricKey, float]] = deque(maxlen=_KEPT)
_lock = threading.Lock()


def alarm_changed(name: str) -> None:
    """An alarm was made, changed, set, or deleted."""
    _note(name, 0.0)


def points_came(metric: MetricKey, at: float) -> None:
    """A metric got a point at that instant, or lost those since then."""
    _note(metric, at)


def _note(what: str | MetricKey, at: float) -> None:
    with _lock:
        _log.append((next(_versions), what, at))


def since(run: str, version: int) -> dict[str, Any]:
    """What happened after a version of this process; `all` when that cannot be said.

    `metrics` has the oldest instant for each.
    """
    with _lock:
        newest = _log[-1][0] if _log else 0
        if run != _run or (_log and version < _log[0][0] - 1):
            return {"run": _run, "version": newest, "all": True, "alarms": [], "metrics": []}
        alarms: dict[str, None] = {}
        metrics: dict[MetricKey, float] = {}
        for number, what, at in reversed(_log):
            if number <= version:
                break
            if isinstance(what, str):
                alarms[what] = None
            else:
                metrics[what] = min(at, metrics.get(what, at))
    oldest = [[*key, at] for key, at in metrics.items()]
    return {"run": _run, "version": newest, "all": False, "alarms": list(alarms), "metrics": oldest}
