"""What a row of the registry would need so that a kind of failure is seen by an alarm, and early.

Knows which of a row's fields watches for which class. Refuses to know alarms and words: a gap is one word.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from deadair.domain.severity import FailureClass


class Watched(StrEnum):
    """What a row can say so that something is watched for."""

    SILENCE = "silence"
    ERRORS = "errors"
    LATENCY = "latency"
    QUOTA = "quota"
    CREDENTIAL = "credential"
    VERSION = "version"


# What sees it first. Empty successes and lost webhooks have no error: what does not arrive is all there is to see.
CAUGHT_BY: dict[FailureClass, Watched] = {
    FailureClass.AUTH: Watched.CREDENTIAL,
    FailureClass.RATE_LIMIT: Watched.QUOTA,
    FailureClass.VENDOR_ERROR: Watched.ERRORS,
    FailureClass.EMPTY_SUCCESS: Watched.SILENCE,
    FailureClass.VERSION: Watched.VERSION,
    FailureClass.SCHEMA: Watched.ERRORS,
    FailureClass.WEBHOOK: Watched.SILENCE,
    FailureClass.SILENCE: Watched.SILENCE,
    FailureClass.LATENCY: Watched.LATENCY,
    FailureClass.UNKNOWN: Watched.SILENCE,
}
# Where a row says it: a field, and the one inside it.
SAID_IN: dict[Watched, tuple[str, str]] = {
    Watched.SILENCE: ("thresholds", "silence_min"),
    Watched.ERRORS: ("thresholds", "error_rate_pct"),
    Watched.LATENCY: ("thresholds", "latency_p95_ms"),
    Watched.QUOTA: ("rate_limits", ""),
    Watched.CREDENTIAL: ("credential", "expires_on"),
    Watched.VERSION: ("api_version", "ends_on"),
}


def lacks(row: Mapping[str, Any], watched: Watched) -> bool:
    """Whether a row (JSON types) does not say what would let this be watched. What it says oddly counts as not said."""
    field, inside = SAID_IN[watched]
    said = row.get(field)
    if not inside:
        return not said
    return not (isinstance(said, Mapping) and said.get(inside))
