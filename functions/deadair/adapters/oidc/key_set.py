"""The issuer's public keys, as they are now: kept for an hour, asked for again when a token was signed by a new one.

Knows which key may have signed what: the key's own type, use and size decide, never the token's word alone. Refuses
keys that both sides hold. Asking again is limited, so that no token can make us ask over and over.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from deadair.adapters.oidc.card import ASK_AGAIN_S, CURVES, PSS, RSA
from deadair.adapters.oidc.errors import IssuerDown
from deadair.adapters.oidc.http import ask, is_local

KEPT_S = 3600.0
STALE_S = 24 * 3600.0
AGAIN_S = 10.0
MOST_KEYS = 100
# 2048 bits, as base64url says them.
SHORTEST_MODULUS = 342
TYPES = dict.fromkeys((*RSA, *PSS), "RSA") | dict.fromkeys(CURVES, "EC") | {"EdDSA": "OKP"}
CURVE_OF = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521", "EdDSA": "Ed25519"}

Jwk = Mapping[str, Any]


def fitting(keys: Iterable[Jwk], algorithm: str, kid: str) -> list[Jwk]:
    """The keys that may have signed a token of that algorithm and key id; without an id, every one of its type."""
    return [key for key in keys if _fits(key, algorithm) and (not kid or key.get("kid") == kid)]


def _fits(key: Jwk, algorithm: str) -> bool:
    if key.get("kty") != TYPES.get(algorithm) or key.get("use", "sig") != "sig":
        return False
    if key.get("alg", algorithm) != algorithm or "verify" not in (key.get("key_ops") or ["verify"]):
        return False
    if key["kty"] == "RSA":
        return len(str(key.get("n", "")).rstrip("=")) >= SHORTEST_MODULUS
    return bool(key.get("crv") == CURVE_OF[algorithm])


class KeySet:
    """The keys of one issuer. `ticks` counts seconds and never goes back."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._keys: list[Jwk] = []
        self._read_at = self._tried_at = self._again_at = float("-inf")

    def now(self, address: str) -> list[Jwk]:
        """The keys, at most an hour old while the issuer answers. Raises IssuerDown."""
        if self._ticks() - self._read_at >= KEPT_S and self._ticks() - self._tried_at >= ASK_AGAIN_S:
            self._ask(address)
        if self._ticks() - self._read_at >= STALE_S:
            raise IssuerDown("The issuer's keys are not known.")
        return self._keys

    def again(self, address: str) -> list[Jwk] | None:
        """The keys, asked for once more; None when that was done just now, or they did not come."""
        if self._ticks() - self._again_at < AGAIN_S:
            return None
        self._again_at = self._ticks()
        return self._keys if self._ask(address) else None

    def _ask(self, address: str) -> bool:
        self._tried_at = self._ticks()
        try:
            answer = ask(address, local=is_local(address))
        except IssuerDown:
            return False  # those that are known serve for a while
        keys = answer.told.get("keys")
        if answer.status >= 400 or not isinstance(keys, list):  # noqa: PLR2004 - HTTP's own
            return False
        self._keys = [key for key in keys[:MOST_KEYS] if isinstance(key, dict)]
        self._read_at = self._ticks()
        return True
