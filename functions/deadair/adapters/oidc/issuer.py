"""One issuer, asked who somebody is: where to send them, and what their code is worth.

Knows the code flow with a proof key (PKCE, S256). Refuses to know cookies, and who may come in. No code, no token and
no secret reaches a log line or an error.
"""

import base64
import hashlib
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from deadair.adapters.oidc.card import Card, Cards
from deadair.adapters.oidc.errors import IssuerDown, Misconfigured, NotProved
from deadair.adapters.oidc.http import Answer, ask, is_local
from deadair.adapters.oidc.id_token import Expected, proved
from deadair.adapters.oidc.key_set import KeySet

SLACK = "https://slack.com"
SCOPES = "openid profile email"
# The words by which issuers (Slack in its own way) say that it is the code that they do not take.
OLD_CODE = frozenset({"invalid_grant", "invalid_code", "code_already_used", "code_expired", "invalid_code_verifier"})
# Those by which they say that it is their own fault, and will pass.
PASSES = frozenset(
    {"fatal_error", "internal_error", "ratelimited", "request_timeout", "server_error", "service_unavailable"}
    | {"temporarily_unavailable"}
)
WORD = re.compile(r"[A-Za-z0-9_.-]{1,60}")
WantsMore = Callable[[Mapping[str, Any]], bool]
logger = logging.getLogger("deadair.oidc")


@dataclass(frozen=True, slots=True)
class Asking:
    """One sign-in: its id, and its own secrets, which tie question, answer and browser to each other."""

    id: str
    state: str
    nonce: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What the issuer knows of us. `team` is the workspace to offer first, where there is a choice."""

    client_id: str
    secret: Callable[[], str]
    redirect: str
    scopes: str = SCOPES
    team: str = ""


class Issuer:
    """`address` is the issuer's, as it writes it."""

    def __init__(self, address: str, ours: Ours, cards: Cards | None = None, keys: KeySet | None = None) -> None:
        self.address = address.rstrip("/")
        self._ours = ours
        self._cards = cards or Cards(self.address)
        self._keys = keys or KeySet()

    def where(self, asking: Asking) -> str:
        """The address at which the issuer asks somebody who they are. Raises IssuerDown or Misconfigured."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(asking.verifier.encode()).digest()).decode().rstrip("=")
        question = {
            "response_type": "code",
            "client_id": self._ours.client_id,
            "scope": self._ours.scopes,
            "redirect_uri": self._ours.redirect,
            "state": asking.state,
            "nonce": asking.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **({"team": self._ours.team} if self._ours.team else {}),
        }
        base = self._cards.get().authorization
        return f"{base}{'&' if '?' in base else '?'}{urlencode(question, quote_via=quote)}"

    def who(self, code: str, asking: Asking, wants_more: WantsMore, now: datetime, *, by: str = "") -> dict[str, Any]:
        """What the issuer says of whoever got that code; `wants_more` judges whether its userinfo is asked, too.

        `by` is the issuer that the answer with the code names (RFC 9207); empty: it names none.
        Raises NotProved, IssuerDown or Misconfigured.
        """
        card = self._cards.get()
        if by not in {"", card.issuer}:
            raise NotProved("issuer")  # a code of another one's is no business of this one
        told = self._redeemed(card, code, asking.verifier)
        token, access = told.get("id_token"), told.get("access_token", "")
        if not isinstance(token, str) or not isinstance(access, str):
            raise IssuerDown("The issuer's answer has no ID token.")
        claims = proved(token, Expected(card, self._ours.client_id, asking.nonce, access), self._keys, now)
        return self._more(card, claims, access) if wants_more(claims) else claims

    def _more(self, card: Card, claims: dict[str, Any], access: str) -> dict[str, Any]:
        """With what its userinfo adds. What the ID token says, stays."""
        if not card.userinfo or not access.isascii() or not access.isprintable() or not access:
            return claims
        answer = ask(card.userinfo, local=is_local(self.address), headers={"Authorization": f"Bearer {access}"})
        if answer.told.get("sub") != claims["sub"]:
            raise NotProved("userinfo")
        return {**answer.told, **claims}

    def _redeemed(self, card: Card, code: str, verifier: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._ours.redirect,
            "code_verifier": verifier,
            "client_id": self._ours.client_id,
        }
        secret, headers = self._ours.secret(), {}
        if card.secret_in_form:
            form["client_secret"] = secret
        else:
            headers["Authorization"] = f"Basic {_basic(self._ours.client_id, secret)}"
        return _accepted(ask(card.token, local=is_local(self.address), form=form, headers=headers))


def _accepted(answer: Answer) -> dict[str, Any]:
    """The issuer's answer to a code. Slack refuses with HTTP 200 and `ok: false`.

    Raises NotProved, IssuerDown or Misconfigured.
    """
    refused = answer.status >= 400 or answer.told.get("ok") is False or "error" in answer.told  # noqa: PLR2004 - HTTP's
    if not refused:
        return answer.told
    said = str(answer.told.get("error", ""))
    if said in OLD_CODE:
        raise NotProved("code")
    if said in PASSES:
        raise IssuerDown(f"The issuer says: {said}.")
    word = said if WORD.fullmatch(said) else f"http_{answer.status}"
    logger.error("the issuer does not take what we are", extra={"error": word})
    raise Misconfigured(f"The issuer refuses us: {word}.")


def _basic(client_id: str, secret: str) -> str:
    """As RFC 6749 wants it: each part encoded as a form is, then both as one."""
    return base64.b64encode(f"{quote(client_id, safe='')}:{quote(secret, safe='')}".encode()).decode()
