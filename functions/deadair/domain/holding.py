"""What keeps notices about an incident back, and until when: maintenance, a snooze, a muted alarm.

Knows that a hold ends by itself. Refuses to hold incidents: they open all the same.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """Notices wait until an instant (aware, UTC; None: until somebody or something says otherwise)."""

    until: datetime | None
    why: str
    by: str = ""

    def lasts(self, now: datetime) -> bool:
        """Whether it still holds."""
        return self.until is None or now < self.until
