"""The keys with which an integration signs its signals, and the secret addresses of its heartbeats.

Knows that two of each are valid at a time, so that a sender can be changed without a gap. Refuses to make randomness
and to know where secrets are kept; no secret is in a repr.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

VALID_AT_A_TIME = 2


@dataclass(frozen=True, slots=True)
class SignalKey:
    """One key. `id` may be shown and logged, the secret may not."""

    id: str
    secret: str = field(repr=False)
    made_at: datetime


@dataclass(frozen=True, slots=True)
class KeyRing:
    """What is valid for one integration, the newest first. `version` is that of the place where it is kept."""

    keys: tuple[SignalKey, ...] = ()
    heartbeats: tuple[str, ...] = field(default=(), repr=False)
    version: int = 0

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that a signature may be made with."""
        return tuple(key.secret for key in self.keys)

    @property
    def newest(self) -> "KeyRing":
        """What was made last: it cannot have been ended by what came after it."""
        return replace(self, keys=self.keys[:1], heartbeats=self.heartbeats[:1])

    def with_key(self, key: SignalKey) -> "KeyRing":
        """With a new key; the one that was current stays valid, the one before it does not."""
        return replace(self, keys=(key, *self.keys)[:VALID_AT_A_TIME])

    def with_heartbeat(self, token: str) -> "KeyRing":
        """With a new heartbeat address; the one that was current stays valid, the one before it does not."""
        return replace(self, heartbeats=(token, *self.heartbeats)[:VALID_AT_A_TIME])

    def only_the_newest_key(self) -> "KeyRing":
        """Without the key before the current one."""
        return replace(self, keys=self.keys[:1])

    def only_the_newest_heartbeat(self) -> "KeyRing":
        """Without the heartbeat address before the current one."""
        return replace(self, heartbeats=self.heartbeats[:1])
