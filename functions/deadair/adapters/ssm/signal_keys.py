"""The keys of integrations in SSM: one SecureString for each, named after the integration.

Knows the parameter's text and how long a reader may use it. Refuses to put a secret into a log line, an error or a
repr.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import Stale, Unavailable
from deadair.domain.signal_keys import KeyRing, SignalKey

# SSM answers 40 reads a second, and each integration has a parameter of its own: a minute would be too often for
# thousands. A new key waits for seconds only (`again`), a revoked one is refused after this long everywhere.
KEPT_S = 300.0
# So often an unknown signature may make us look whether the key has just been changed.
AGAIN_S = 2.0
# While SSM is down, known keys are better than none; after this long nobody can say that they still hold.
STALE_S = 3600.0
ASK_AGAIN_S = 10.0


class SignalKeyStore:
    """Reads and writes of key rings. `client` is a low-level SSM client."""

    def __init__(self, client: Any, path: str) -> None:
        self._client = client
        self._path = path.rstrip("/")

    def read(self, slug: str) -> KeyRing:
        """The ring as it is now; an empty one when there is none. Raises Unavailable or botocore's errors."""
        found = self._client.get_parameters(Names=[f"{self._path}/{slug}"], WithDecryption=True)["Parameters"]
        return _ring(found[0]["Value"], found[0]["Version"]) if found else KeyRing()

    def write(self, slug: str, ring: KeyRing) -> None:
        """Keep the ring in place of the one that was read. Raises Stale when somebody wrote in the meantime."""
        request = {"Name": f"{self._path}/{slug}", "Value": _text(ring), "Type": "SecureString"}
        try:
            written = self._client.put_parameter(**request, Overwrite=ring.version > 0)["Version"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ParameterAlreadyExists":
                raise _raced(slug) from error
            raise
        # SSM knows no condition on a version: who wrote last wins, and is told that there was another.
        if written != ring.version + 1:
            raise _raced(slug)


def _raced(slug: str) -> Stale:
    return Stale(f"The keys of {slug} were changed by somebody else.", field="integration", remedy="Look again.")


@dataclass(frozen=True, slots=True)
class _Known:
    ring: KeyRing
    read_at: float
    asked_at: float
    ask_at: float


class SignalKeys:
    """Key rings for a room that answers requests: kept for minutes. `ticks` counts seconds and never goes back."""

    def __init__(self, store: SignalKeyStore, ticks: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._ticks = ticks
        self._known: dict[str, _Known] = {}

    def of(self, slug: str) -> KeyRing:
        """The ring of an integration of the registry: of nobody else, for each is kept. Raises Unavailable."""
        known = self._known.get(slug)
        return known.ring if known and self._ticks() < known.ask_at else self._ask(slug, known)

    def again(self, slug: str) -> KeyRing:
        """The ring, asked for once more if it was not just now: somebody may have changed a key."""
        known = self._known.get(slug)
        return known.ring if known and self._ticks() < known.asked_at + AGAIN_S else self._ask(slug, known)

    def _ask(self, slug: str, known: _Known | None) -> KeyRing:
        now = self._ticks()
        try:
            found = _Known(self._store.read(slug), now, now, now + KEPT_S)
        except (BotoCoreError, ClientError) as error:
            if known is None or now - known.read_at >= STALE_S:
                raise Unavailable("SSM did not answer for the keys of an integration.") from error
            found = _Known(known.ring, known.read_at, now, now + ASK_AGAIN_S)
        self._known[slug] = found
        return found.ring


def _ring(text: str, version: int) -> KeyRing:
    try:
        told = json.loads(text)
        return KeyRing(tuple(map(_key, told["keys"])), tuple(map(str, told["heartbeats"])), version)
    except (AttributeError, KeyError, TypeError, ValueError):
        # Without the text, and without a cause that would carry it: it holds secrets.
        raise Unavailable("The keys of an integration cannot be read.") from None


def _key(told: dict[str, str]) -> SignalKey:
    return SignalKey(told["id"], told["secret"], datetime.fromisoformat(told["made_at"]))


def _text(ring: KeyRing) -> str:
    keys = [
        {"id": key.id, "secret": key.secret, "made_at": key.made_at.astimezone(UTC).isoformat(timespec="seconds")}
        for key in ring.keys
    ]
    return json.dumps({"keys": keys, "heartbeats": list(ring.heartbeats)})
