"""Whether an ID token proves who somebody is, to us, now, in this sign-in.

Knows the signature (joserfc) and every claim that OpenID Connect asks to be checked. Refuses a token for any doubt; the
reason is one word of ours for the log. The token says which key signed it; whether such a key may sign is ours to say.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deadair.adapters.oidc.card import Card
from deadair.adapters.oidc.errors import NotProved
from deadair.adapters.oidc.key_set import Jwk, KeySet, fitting

# Clocks differ, ours and theirs.
SKEW_S = 90
# A token is made while somebody signs in; an older one was made for another time.
OLDEST_S = 600
LONGEST_TOKEN = 16 * 1024
LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token must say: who made it, for whom, in answer to what; and which access token came with it."""

    card: Card
    client_id: str
    nonce: str
    access_token: str = ""


def proved(token: str, expected: Expected, keys: KeySet, now: datetime) -> dict[str, Any]:
    """The claims of a token. Raises NotProved, or IssuerDown when its key cannot be asked for."""
    header = _header(token)
    algorithm, kid = header.get("alg"), header.get("kid", "")
    if algorithm not in expected.card.algorithms or not isinstance(kid, str):
        raise NotProved("algorithm")
    claims = _verified(token, algorithm, fitting(keys.now(expected.card.keys), algorithm, kid))
    if claims is None:
        fresh = keys.again(expected.card.keys)
        claims = _verified(token, algorithm, fitting(fresh, algorithm, kid)) if fresh is not None else None
    if claims is None:
        raise NotProved("signature")
    _check(claims, expected, int(now.timestamp()))
    _check_access(claims, expected.access_token, algorithm)
    return claims


def _header(token: str) -> dict[str, Any]:
    """The protected header, of which nothing is believed yet. Raises NotProved."""
    parts = token.split(".") if len(token) <= LONGEST_TOKEN else []
    try:
        header = json.loads(_decoded(parts[0])) if len(parts) == 3 and all(parts) else None  # noqa: PLR2004 - JWS
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise NotProved("form")
    return header


def _verified(token: str, algorithm: str, keys: Iterable[Jwk]) -> dict[str, Any] | None:
    """The claims, if one of the keys signed them."""
    # Cryptography takes its time to import, and only signing in needs it.
    from joserfc import jwk, jws
    from joserfc.errors import JoseError

    for key in keys:
        try:
            signed = jws.deserialize_compact(token, jwk.import_key(dict(key)), algorithms=[algorithm])
            claims = json.loads(signed.payload)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            continue
        if isinstance(claims, dict):
            return claims
    return None


def _check(claims: Mapping[str, Any], expected: Expected, now: int) -> None:
    if claims.get("iss") != expected.card.issuer:
        raise NotProved("issuer")
    _check_audience(claims, expected.client_id)
    expires, made, begins = (_seconds(claims, name) for name in ("exp", "iat", "nbf"))
    if expires is None or now >= expires + SKEW_S:
        raise NotProved("expired")
    if made is None or not now - OLDEST_S - SKEW_S <= made <= now + SKEW_S or (begins or 0) > now + SKEW_S:
        raise NotProved("time")
    nonce, subject = claims.get("nonce"), claims.get("sub")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise NotProved("nonce")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotProved("subject")


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    """For us; and if for others as well, asked for by us."""
    audience = claims.get("aud")
    listed = audience if isinstance(audience, list) else [audience]
    if client_id not in listed:
        raise NotProved("audience")
    if claims.get("azp", client_id if len(listed) == 1 else None) != client_id:
        raise NotProved("party")


def _check_access(claims: Mapping[str, Any], access_token: str, algorithm: str) -> None:
    """A token that names the access token it came with must name this one."""
    said = claims.get("at_hash")
    if said is None:
        return
    digest = hashlib.new("sha512" if algorithm == "EdDSA" else f"sha{algorithm[2:]}", access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    if not isinstance(said, str) or not hmac.compare_digest(said.rstrip("=").encode(), half):
        raise NotProved("access")


def _seconds(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
