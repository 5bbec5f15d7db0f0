"""Which of a person's sessions are over before their time: those that they signed out of, here or everywhere.

Knows ids and instants. Refuses to know cookies. What is so old that its session is over by itself is forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

# No session lives longer, so nothing has to be remembered for longer.
LONGEST = timedelta(hours=12)
# Whoever signs out of so many in half a day means all of them.
MOST = 100


@dataclass(frozen=True, slots=True)
class Ended:
    """`before`: every session that began until then is over. `ids`: single ones, and when they were ended."""

    before: datetime | None = None
    ids: Mapping[str, datetime] = field(default_factory=dict)

    def has(self, session: str, began_at: datetime) -> bool:
        """Whether a session is over."""
        return session in self.ids or (self.before is not None and began_at <= self.before)

    def and_one(self, session: str, now: datetime) -> "Ended":
        """With one more."""
        left = {one: at for one, at in self.ids.items() if now - at < LONGEST}
        return Ended(self.before, {**left, session: now}) if len(left) < MOST else self.and_all(now)

    def and_all(self, now: datetime) -> "Ended":
        """With all that began until now."""
        return Ended(max(now, self.before or now))
