"""The stages of an incident: where the people are with it, the instants that it is measured by, and how it ends.

Knows the words. Refuses to know which step leads from one to the next: the incident does.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Where the people are with it. Whether the alarms have recovered is `recovered_at`, a separate matter."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"


class Milestone(StrEnum):
    """The five instants that every incident is measured by."""

    STARTED = "started"
    DETECTED = "detected"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"


class Ending(StrEnum):
    """Why an incident is over."""

    FIXED = "fixed"
    BY_ITSELF = "by_itself"
    FALSE_ALARM = "false_alarm"
    MERGED = "merged"


# What was merged is told where it goes on; in a false alarm nothing broke: neither is asked the five questions.
NOTHING_TO_TELL = frozenset({Ending.MERGED, Ending.FALSE_ALARM})


@dataclass(frozen=True, slots=True)
class Tick:
    """A first check that somebody made."""

    by: str
    at: datetime
