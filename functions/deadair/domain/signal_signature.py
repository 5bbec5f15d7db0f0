"""The signature of a request to `POST /v1/signals`: HMAC-SHA256 over the moment of sending and the raw bytes.

Knows the header `Deadair-Signature: t=<unix seconds>,v1=<hex>`. Refuses to raise: whatever does not fit is not genuine.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

HEADER = "Deadair-Signature"
WINDOW_S = 300
LONGEST_HEADER = 1000
LONGEST_TIMESTAMP = 12
# A sender in the midst of a rotation may sign with both of its keys.
SIGNATURES_READ = 4


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a header says: when it was sent, and signatures of which one must hold."""

    sent_s: int
    signatures: tuple[str, ...]


def header(secret: str, sent_s: int, body: bytes) -> str:
    """The value of the header for these bytes."""
    return f"t={sent_s},v1={digest(secret, sent_s, body)}"


def digest(secret: str, sent_s: int, body: bytes) -> str:
    """64 hex characters that only a holder of the secret can make."""
    return hmac.new(secret.encode(), b"%d." % sent_s + body, hashlib.sha256).hexdigest()


def read_header(text: str) -> Claimed | None:
    """What a header says; None when it is no header of ours."""
    if len(text) > LONGEST_HEADER or not text.isascii():
        return None
    parts = [part.strip().partition("=") for part in text.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    signatures = tuple(value.lower() for name, _, value in parts if name == "v1")[:SIGNATURES_READ]
    if len(times) != 1 or not signatures or not times[0].isdigit() or len(times[0]) > LONGEST_TIMESTAMP:
        return None
    return Claimed(int(times[0]), signatures)


def holds(secrets: Iterable[str], claimed: Claimed, body: bytes) -> bool:
    """Whether one of the signatures was made with one of the secrets. Every pair is compared, in constant time."""
    found = False
    for secret in secrets:
        expected = digest(secret, claimed.sent_s, body)
        for signature in claimed.signatures:
            found |= hmac.compare_digest(expected, signature)
    return found


def is_of_now(claimed: Claimed, now: datetime) -> bool:
    """Whether it was sent at most five minutes before or after our clock."""
    return abs(now.timestamp() - claimed.sent_s) <= WINDOW_S
