"""What a row of the registry lacks by which a failure of a class would have been seen earlier.

Knows which fields raise an alarm or name a day. Refuses to know words and to change rows.
"""

from collections.abc import Mapping
from typing import Any

from deadair.domain.severity import FailureClass

# By name: the group of the row's fields, and the field that is looked for in it.
FIELDS: dict[str, tuple[str, str]] = {
    "credential_date": ("credential", "expires_on"),
    "version_end": ("api_version", "ends_on"),
    "rate_limit": ("rate_limits", ""),
    "silence_alarm": ("thresholds", "silence_min"),
    "volume_floor": ("thresholds", "floor_pct"),
    "error_alarm": ("thresholds", "error_rate_pct"),
    "latency_alarm": ("thresholds", "latency_p95_ms"),
    "freshness_alarm": ("thresholds", "freshness_min"),
    "expected": ("expected", ""),
}
HELPS: dict[FailureClass, tuple[str, ...]] = {
    FailureClass.AUTH: ("credential_date", "error_alarm"),
    FailureClass.RATE_LIMIT: ("rate_limit",),
    FailureClass.VENDOR_ERROR: ("error_alarm", "latency_alarm"),
    FailureClass.EMPTY_SUCCESS: ("silence_alarm", "volume_floor", "expected"),
    FailureClass.VERSION: ("version_end", "error_alarm"),
    FailureClass.SCHEMA: ("error_alarm", "volume_floor"),
    FailureClass.WEBHOOK: ("silence_alarm", "error_alarm"),
    FailureClass.SILENCE: ("silence_alarm", "expected"),
    FailureClass.LATENCY: ("latency_alarm", "freshness_alarm"),
    # Nobody knows what it was: what sees most things.
    FailureClass.UNKNOWN: ("silence_alarm", "error_alarm"),
}


def unwatched(row: Mapping[str, Any], *classes: FailureClass) -> tuple[str, ...]:
    """The names of what the row (JSON types) lacks for these classes, the most telling first."""
    wanted = dict.fromkeys(name for each in classes for name in HELPS[each])
    return tuple(name for name in wanted if not _has(row, *FIELDS[name]))


def _has(row: Mapping[str, Any], group: str, name: str) -> bool:
    fields = row.get(group)
    if not name:
        return bool(fields)
    return isinstance(fields, Mapping) and bool(fields.get(name))
