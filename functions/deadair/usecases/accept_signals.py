"""Take in what an integration sends: prove that it is the integration, and queue it.

One answer for everything that proves nothing: an unknown integration, a retired one, a wrong signature and an old one
look the same from outside. Refuses to know HTTP and what a signal may say.
"""

import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.sqs.signals import SignalQueue
from deadair.adapters.ssm.signal_keys import AGAIN_S, SignalKeys
from deadair.domain.errors import NotFound, NotGenuine
from deadair.domain.sent_signal import SentSignal
from deadair.domain.signal_keys import KeyRing, SignalKey
from deadair.domain.signal_signature import HEADER, Claimed, holds, is_of_now, read_header

# Who has no key is held against one that nobody has, so that the answer takes as long.
NOBODY = KeyRing((SignalKey("", secrets.token_hex(32), datetime.min.replace(tzinfo=UTC)),), (secrets.token_hex(32),))


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was queued. `repeated` came twice in the same request; `empty` are successes that carried nothing."""

    accepted: int
    repeated: int
    empty: int


class SignalDesk:
    """Wired once per process."""

    def __init__(self, registry: RegistryStore, keys: SignalKeys, queue: SignalQueue) -> None:
        self._registry, self._keys, self._queue = registry, keys, queue

    def prove(self, slug: str, header: str, body: bytes, now: datetime) -> Claimed:
        """What the header claims, when it is true. Raises NotGenuine, or Unavailable when SSM does not answer."""
        claimed = read_header(header)
        if claimed and self._fits(slug, lambda ring: holds(ring.secrets, claimed, body)) and is_of_now(claimed, now):
            return claimed
        raise NotGenuine(
            "Nothing proves that this comes from an integration of the registry.",
            field=HEADER,
            remedy="Sign t, a dot and the body with the integration's key; t is at most 5 minutes off our clock: "
            f"{_clock(now)}.",
        )

    def prove_heartbeat(self, slug: str, token: str) -> None:
        """Raises NotFound when it is no secret address of the integration."""
        if not self._fits(slug, lambda ring: _is_one_of(ring.heartbeats, token)):
            raise NotFound(
                "There is no such heartbeat address.",
                remedy="Ask the operator for the address: `deadair signals heartbeat`.",
            )

    def accept(self, slug: str, signals: Iterable[SentSignal]) -> Accepted:
        """Queue the signals, each once. Raises Unavailable when the queue did not take all of them."""
        told = list(signals)
        unique = list({signal.key: signal for signal in told}.values())
        self._queue.send(slug, unique)
        empty = sum(signal.is_empty_success for signal in unique)
        return Accepted(len(unique), len(told) - len(unique), empty)

    def _is_registered(self, slug: str) -> bool:
        """Whether it has a row. One that was just written is looked for: its first signal need not wait."""
        if self._registry.get(slug) is not None:
            return True
        self._registry.rows(kept_s=AGAIN_S)
        return self._registry.get(slug) is not None

    def _fits(self, slug: str, fits: Callable[[KeyRing], bool]) -> bool:
        """Whether what is valid for the integration fits; only the newest key is believed without a look at SSM.

        An older one may have ended since we looked, and one that we do not know may have come.
        """
        if not self._is_registered(slug):
            fits(NOBODY)
            return False
        return fits(self._keys.of(slug).newest) or fits(self._keys.again(slug))


def _is_one_of(tokens: Iterable[str], token: str) -> bool:
    given = token.encode("utf-8", "surrogatepass")
    found = False
    for known in tokens:
        found |= hmac.compare_digest(known.encode(), given)
    return found


def _clock(now: datetime) -> str:
    return f"{int(now.timestamp())} ({now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ})"
