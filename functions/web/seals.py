"""Values that a browser keeps for us and cannot change: sealed with a key that only we have.

Knows HMAC-SHA256 and JSON. Pure: the keys are handed in. Refuses to know what is sealed. The purpose is part of what is
signed, so that nothing sealed for one is taken for another. The key before this one still opens, and seals no more.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

KEY_BYTES = 32
# Browsers keep 4096 bytes of a cookie, its name and attributes included.
LONGEST = 3600


@dataclass(frozen=True, slots=True)
class Seals:
    """Seals with `key`, opens with it and with those before it. Each has at least 32 bytes."""

    key: bytes
    before: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if any(len(key) < KEY_BYTES for key in (self.key, *self.before)):
            raise ValueError("the session key is shorter than 32 bytes")

    def each(self) -> "tuple[Seals, ...]":
        """One for each key, the newest first."""
        return (Seals(self.key), *map(Seals, self.before))

    def sealed(self, purpose: str, value: Any) -> str:
        """The value as text of a cookie."""
        body = encoded(json.dumps(value, separators=(",", ":")).encode())
        return f"{body}.{encoded(self.mark(purpose, body))}"

    def opened(self, purpose: str, text: str) -> Any:
        """The value of a sealed text; None for whatever is not exactly ours."""
        body, _, signature = text.partition(".")
        if len(text) > LONGEST or not any(same(signature, one.mark(purpose, body)) for one in self.each()):
            return None
        try:
            return json.loads(decoded(body))
        except (ValueError, RecursionError):
            return None

    def mark(self, purpose: str, text: str) -> bytes:
        """What nobody without the newest key can make of a text."""
        return hmac.new(self.key, f"{purpose}\0{text}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def same(given: str, mark: bytes) -> bool:
    """Whether a text is that mark, in time that tells nothing."""
    return hmac.compare_digest(decoded(given), mark)


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """The bytes of base64url text; empty when it is none, which no mark equals."""
    try:
        return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
