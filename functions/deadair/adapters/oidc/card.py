"""What an issuer says of itself, at `/.well-known/openid-configuration`.

Knows the few fields that signing in needs, and that the document must be the configured issuer's own. Refuses
algorithms whose key both sides hold: what the issuer publishes could then sign.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deadair.adapters.oidc.errors import IssuerDown, Misconfigured
from deadair.adapters.oidc.http import Answer, ask, is_local, may_ask

PLACE = "/.well-known/openid-configuration"
RSA, PSS = ("RS256", "RS384", "RS512"), ("PS256", "PS384", "PS512")
CURVES = ("ES256", "ES384", "ES512", "EdDSA")
ASYMMETRIC = frozenset({*RSA, *PSS, *CURVES})
POST, BASIC = "client_secret_post", "client_secret_basic"
KEPT_S = 3600.0
# While the issuer is silent, what it said of itself is good enough: keys and signatures decide, not this.
STALE_S = 24 * 3600.0
# So long an issuer that did not answer is not asked again: nobody may let us wait for it over and over.
ASK_AGAIN_S = 3.0


@dataclass(frozen=True, slots=True)
class Card:
    """The issuer's own name, its addresses, how it signs, and how we give it our secret."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    algorithms: frozenset[str]
    secret_in_form: bool


def read_card(told: Mapping[str, Any], issuer: str) -> Card:
    """The card of `issuer`. Raises Misconfigured when it is somebody else's, or cannot be used."""
    said = told.get("issuer")
    if not isinstance(said, str) or said.rstrip("/") != issuer.rstrip("/"):
        raise Misconfigured("The document at the issuer's address is another issuer's.")
    methods = _listed(told, "token_endpoint_auth_methods_supported") or {BASIC}
    algorithms = (_listed(told, "id_token_signing_alg_values_supported") or {"RS256"}) & ASYMMETRIC
    if not methods & {POST, BASIC} or not algorithms:
        raise Misconfigured("The issuer signs, or takes secrets, in no way that we know.")
    local = is_local(issuer)
    return Card(
        issuer=said,
        authorization=_address(told, "authorization_endpoint", local=local),
        token=_address(told, "token_endpoint", local=local),
        keys=_address(told, "jwks_uri", local=local),
        userinfo=_address(told, "userinfo_endpoint", local=local) if told.get("userinfo_endpoint") else "",
        algorithms=frozenset(algorithms),
        secret_in_form=POST in methods,
    )


def _address(told: Mapping[str, Any], name: str, *, local: bool) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not may_ask(value, local=local):
        raise Misconfigured(f"The issuer's {name} is no address that may be asked.")
    return value


def _listed(told: Mapping[str, Any], name: str) -> set[str]:
    value = told.get(name)
    return {word for word in value if isinstance(word, str)} if isinstance(value, list) else set()


class Cards:
    """The card of one issuer, kept for an hour. `ticks` counts seconds and never goes back."""

    def __init__(self, issuer: str, ticks: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._ticks = ticks
        self._card: Card | None = None
        self._failed: IssuerDown | Misconfigured = IssuerDown("The issuer was not asked.")
        self._read_at = self._ask_at = float("-inf")

    def get(self) -> Card:
        """The card. Raises IssuerDown or Misconfigured when there is none."""
        if self._ticks() >= self._ask_at:
            self._refresh()
        if self._card is None or self._ticks() - self._read_at >= STALE_S:
            raise type(self._failed)(str(self._failed))
        return self._card

    def _refresh(self) -> None:
        try:
            self._card = read_card(_found(self._issuer).told, self._issuer)
        except (IssuerDown, Misconfigured) as failed:
            self._failed, self._ask_at = failed, self._ticks() + ASK_AGAIN_S
            return
        self._read_at = self._ticks()
        self._ask_at = self._read_at + KEPT_S


def _found(issuer: str) -> Answer:
    local = is_local(issuer)
    if not may_ask(issuer, local=local):
        raise Misconfigured("The issuer is no https address of a host.")
    answer = ask(f"{issuer.rstrip('/')}{PLACE}", local=local)
    if answer.status >= 400:  # noqa: PLR2004 - HTTP's own
        raise Misconfigured("There is no issuer at the issuer's address.")
    return answer
