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
    FLOOR = "floor"
    EXPECTED = "expected"
    ERRORS = "errors"
    LATENCY = "latency"
    FRESHNESS = "freshness"
    QUOTA = "quota"
    CREDENTIAL = "credential"
    VERSION = "version"


# What sees it, the earliest first. Empty successes and lost webhooks have no error: what does not arrive is all there
# is to see. Of what nobody knows it is what sees most things.
SEEN_BY: dict[FailureClass, tuple[Watched, ...]] = {
    FailureClass.AUTH: (Watched.CREDENTIAL, Watched.ERRORS),
    FailureClass.RATE_LIMIT: (Watched.QUOTA,),
    FailureClass.VENDOR_ERROR: (Watched.ERRORS, Watched.LATENCY),
    FailureClass.EMPTY_SUCCESS: (Watched.SILENCE, Watched.FLOOR, Watched.EXPECTED),
    FailureClass.VERSION: (Watched.VERSION, Watched.ERRORS),
    FailureClass.SCHEMA: (Watched.ERRORS, Watched.FLOOR),
    FailureClass.WEBHOOK: (Watched.SILENCE, Watched.ERRORS),
    FailureClass.SILENCE: (Watched.SILENCE, Watched.EXPECTED),
    FailureClass.LATENCY: (Watched.LATENCY, Watched.FRESHNESS),
    FailureClass.UNKNOWN: (Watched.SILENCE, Watched.ERRORS),
}
# Where a row says it: a field, and the one inside it.
SAID_IN: dict[Watched, tuple[str, str]] = {
    Watched.SILENCE: ("thresholds", "silence_min"),
    Watched.FLOOR: ("thresholds", "floor_pct"),
    Watched.EXPECTED: ("expected", ""),
    Watched.ERRORS: ("thresholds", "error_rate_pct"),
    Watched.LATENCY: ("thresholds", "latency_p95_ms"),
    Watched.FRESHNESS: ("thresholds", "freshness_min"),
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


def unwatched(row: Mapping[str, Any], *classes: FailureClass) -> tuple[Watched, ...]:
    """All that a row does not say by which these classes would have been seen, the most telling first."""
    wanted = dict.fromkeys(watched for each in classes for watched in SEEN_BY[each])
    return tuple(watched for watched in wanted if lacks(row, watched))
