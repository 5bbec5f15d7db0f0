"""Keys for signals and addresses for heartbeats: made, changed and taken back, for integrations of the registry only.

A change is told to the audit log before it is made, by the ids of what is made and taken back: a log that says too
much can be explained, one that says too little cannot. Knows how secrets are made. Refuses to show one to anybody but
the caller.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.row_write import RowWrite, StoredRow
from deadair.adapters.ssm.signal_keys import SignalKeyStore
from deadair.domain.errors import NotFound
from deadair.domain.signal_keys import KeyRing, SignalKey

SECRET_BYTES = 32
ID_BYTES = 4
FINGERPRINT = 8


class KeyDesk:
    """Where keys are got and changed. `by` is who asks, at the moment `now`."""

    def __init__(self, store: SignalKeyStore, writer: RegistryWriter, *, by: str, now: datetime) -> None:
        self._store, self._writer, self._by, self._now = store, writer, by, now

    def key(self, slug: str) -> SignalKey:
        """The current key; the first is made when there is none."""
        _, ring = self._look(slug)
        return ring.keys[0] if ring.keys else self.rotate_key(slug)

    def rotate_key(self, slug: str) -> SignalKey:
        """A new key. The one before stays valid until the next rotation, or until it is revoked."""
        row, ring = self._look(slug)
        key = SignalKey(secrets.token_hex(ID_BYTES), secrets.token_urlsafe(SECRET_BYTES), self._now)
        self._change(row, ring, ring.with_key(key))
        return key

    def revoke_old_key(self, slug: str) -> bool:
        """Only the current key is valid from now on. False: it was the only one."""
        row, ring = self._look(slug)
        return self._change(row, ring, ring.only_the_newest_key())

    def heartbeat(self, slug: str) -> str:
        """The current token of the heartbeat address; the first is made when there is none."""
        _, ring = self._look(slug)
        return ring.heartbeats[0] if ring.heartbeats else self.rotate_heartbeat(slug)

    def rotate_heartbeat(self, slug: str) -> str:
        """A new token. The one before stays valid until the next rotation, or until it is revoked."""
        row, ring = self._look(slug)
        token = secrets.token_urlsafe(SECRET_BYTES)
        self._change(row, ring, ring.with_heartbeat(token))
        return token

    def revoke_old_heartbeat(self, slug: str) -> bool:
        """Only the current address is valid from now on. False: it was the only one."""
        row, ring = self._look(slug)
        return self._change(row, ring, ring.only_the_newest_heartbeat())

    def _look(self, slug: str) -> tuple[StoredRow, KeyRing]:
        row = self._writer.get(slug)
        if row is None or row.retired:
            raise NotFound(
                f"There is no integration `{slug}` in the registry.",
                field="integration",
                remedy="Import its row first: `deadair registry import`.",
            )
        return row, self._store.read(slug)

    def _change(self, row: StoredRow, before: KeyRing, after: KeyRing) -> bool:
        if after == before:
            return False
        told = [RowWrite(row.slug, row.row, row.hash, seen=row, action=what_changed(before, after))]
        self._writer.write(told, now=self._now, by=self._by)
        self._store.write(row.slug, after)
        return True


def what_changed(before: KeyRing, after: KeyRing) -> str:
    """What the audit log is told: `key 1a2b3c4d made, key 5e6f7a8b revoked`. Heartbeats are named by a digest."""
    was, will_be = set(_named(before)), set(_named(after))
    made = [f"{name} made" for name in sorted(will_be - was)]
    return ", ".join((*made, *(f"{name} revoked" for name in sorted(was - will_be))))


def _named(ring: KeyRing) -> Iterable[str]:
    yield from (f"key {key.id}" for key in ring.keys)
    yield from (f"heartbeat {hashlib.sha256(token.encode()).hexdigest()[:FINGERPRINT]}" for token in ring.heartbeats)
