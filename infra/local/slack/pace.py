"""How fast Slack lets an app be.

Knows about one message a second in each channel, with a small burst, and the tier of each method: so many calls a
minute. Refuses to act unless it is asked: nothing here is slow by itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

# The methods that put a message into a channel. Slack counts an edit by its tier only; here it is counted in the
# channel, too: who stays within this stays within Slack's.
POSTING = frozenset({"chat.postMessage", "chat.postEphemeral", "chat.update"})
# Calls a minute by tier, as documented: 1+, 20+, 50+, 100+. Methods that are not named are of the third.
PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
TIERS = {
    "auth.test": 4,  # documented as hundreds a minute
    "bots.info": 3,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "users.info": 4,
    "users.list": 2,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}


@dataclass
class Bucket:
    """So many may go at once; then one each *every* seconds."""

    burst: float
    every: float
    filled: float
    at: datetime

    def take(self, now: datetime) -> int:
        """Take one and return 0, or return how many seconds to wait."""
        self.filled = min(self.burst, self.filled + (now - self.at).total_seconds() / self.every)
        self.at = now
        if self.filled >= 1:
            self.filled -= 1
            return 0
        return max(1, math.ceil((1 - self.filled) * self.every))


class Pace:
    """The buckets of one thrown switch; *tiers* also counts each method."""

    def __init__(self, burst: int, *, tiers: bool) -> None:
        self._burst = max(1, burst)
        self._tiers = tiers
        self._buckets: dict[str, Bucket] = {}

    def wait(self, method: str, channel: str, now: datetime) -> int:
        """Return how many seconds the caller must wait, 0 when it may go on."""
        waits = [0]
        if method in POSTING:
            waits.append(self._take(f"channel {channel}", self._burst, 1.0, now))
        if self._tiers and method != "chat.postMessage":
            most = PER_MINUTE[TIERS.get(method, 3)]
            waits.append(self._take(f"method {method}", most, 60 / most, now))
        return max(waits)

    def _take(self, name: str, burst: float, every: float, now: datetime) -> int:
        return self._buckets.setdefault(name, Bucket(burst, every, burst, now)).take(now)
