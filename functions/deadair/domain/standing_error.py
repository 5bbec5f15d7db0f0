"""Something that is wrong with Deadair's own work until it is put right; shown on every page.

Knows its name and since when. Refuses to know who notices it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# What stands under `Kind.SLACK` when Slack says by itself that the app has lost its rights.
TOKENS = "tokens"


class Kind(StrEnum):
    """What can stand wrong."""

    UNREACHABLE = "unreachable"
    UNDELIVERED = "undelivered"
    WATCHDOG = "watchdog"
    NO_OWNER = "no_owner"
    SLACK = "slack"
    TEMPLATE = "template"
    TRACKER = "tracker"


@dataclass(frozen=True, slots=True)
class StandingError:
    """`name` is what it is about (INC-42, a room, an integration); `since` is when it was first said, aware and UTC."""

    kind: Kind
    name: str
    text: str
    since: datetime
