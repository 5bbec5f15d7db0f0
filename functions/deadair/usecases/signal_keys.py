"""Keys for signals and addresses for heartbeats: made, changed and taken back, for integrations of the registry only.

A change is told to the audit log before it is made, by the ids of what is valid: a log that says too much can be
explained, one that says too little cannot. Knows how secrets are made. Refuses to show one to anybody but the caller.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime

from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.ssm.signal_keys import SignalKeyStore
from deadair.domain.errors import NotFound
from deadair.domain.signal_keys import KeyRing, SignalKey

SECRET_BYTES = 32
ID_BYTES = 4
FINGERPRINT = 8

# What the audit log is told: the integration, and what is valid before and after, as JSON texts.
Note = Callable[[str, str, str], None]


class KeyDesk:
    """Where an operator gets keys. Every change is noted with `note`."""

    def __init__(self, store: SignalKeyStore, registry: RegistryStore, note: Note, now: datetime) -> None:
        self._store, self._registry, self._note, self._now = store, registry, note, now

    def key(self, slug: str) -> SignalKey:
        """The current key; the first is made when there is none."""
        ring = self._ring(slug)
        return ring.keys[0] if ring.keys else self.rotate_key(slug)

    def rotate_key(self, slug: str) -> SignalKey:
        """A new key. The one before stays valid until the next rotation, or until it is revoked."""
        key = SignalKey(secrets.token_hex(ID_BYTES), secrets.token_urlsafe(SECRET_BYTES), self._now)
        ring = self._ring(slug)
        self._change(slug, ring, ring.with_key(key))
        return key

    def revoke_old_key(self, slug: str) -> bool:
        """Only the current key is valid from now on. False: it was the only one."""
        ring = self._ring(slug)
        return self._change(slug, ring, ring.only_the_newest_key())

    def heartbeat(self, slug: str) -> str:
        """The current token of the heartbeat address; the first is made when there is none."""
        ring = self._ring(slug)
        return ring.heartbeats[0] if ring.heartbeats else self.rotate_heartbeat(slug)

    def rotate_heartbeat(self, slug: str) -> str:
        """A new token. The one before stays valid until the next rotation, or until it is revoked."""
        token = secrets.token_urlsafe(SECRET_BYTES)
        ring = self._ring(slug)
        self._change(slug, ring, ring.with_heartbeat(token))
        return token

    def revoke_old_heartbeat(self, slug: str) -> bool:
        """Only the current address is valid from now on. False: it was the only one."""
        ring = self._ring(slug)
        return self._change(slug, ring, ring.only_the_newest_heartbeat())

    def _ring(self, slug: str) -> KeyRing:
        if self._registry.get(slug) is None:
            raise NotFound(
                f"There is no integration `{slug}` in the registry.",
                field="integration",
                remedy="Import its row first, or look with `deadair registry list`.",
            )
        return self._store.read(slug)

    def _change(self, slug: str, before: KeyRing, after: KeyRing) -> bool:
        if after == before:
            return False
        self._note(slug, told(before), told(after))
        self._store.write(slug, after)
        return True


def told(ring: KeyRing) -> str:
    """What of a ring may be read by anybody: the ids of its keys, and digests of its heartbeat tokens."""
    heartbeats = [hashlib.sha256(token.encode()).hexdigest()[:FINGERPRINT] for token in ring.heartbeats]
    return json.dumps({"keys": [key.id for key in ring.keys], "heartbeats": heartbeats})
