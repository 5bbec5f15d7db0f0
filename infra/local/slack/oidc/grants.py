"""The codes and access tokens that are out: what each was given for, once, and for how long.

Knows the exact address, client and proof key that a code is bound to. Refuses to know people and claims. It lives in
memory: a code lives five minutes, and whoever was signing in during a restart begins again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from infra.local.slack.refusals import Refusal
from infra.local.slack.workspace import Clock

CODE_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(hours=12)


@dataclass(frozen=True)
class Grant:
    """What one code was given for."""

    person_id: str
    redirect_uri: str
    nonce: str = ""
    challenge: str = ""
    expires: datetime | None = None


class Grants:
    """Every code that is out, and whom each access token speaks for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, tuple[str, datetime]] = {}

    def give(self, grant: Grant) -> str:
        """Return a new code for *grant*."""
        now = self._clock()
        self._codes = {code: one for code, one in self._codes.items() if one.expires and one.expires > now}
        code = f"{secrets.randbelow(10**10)}.{secrets.randbelow(10**13)}.{secrets.token_hex(32)}"
        self._codes[code] = replace(grant, expires=now + CODE_LIFE)
        return code

    def redeem(self, code: str, redirect_uri: str, verifier: str) -> Grant:
        """Take *code* back and return its grant; raise Refusal in Slack's words. A code is spent by any attempt."""
        grant = self._codes.pop(code, None)
        if grant is None or grant.expires is None or self._clock() >= grant.expires:
            raise Refusal("invalid_code")
        if redirect_uri != grant.redirect_uri:
            raise Refusal("bad_redirect_uri")
        if not _proves(verifier, grant.challenge):
            raise Refusal("invalid_code_verifier")  # Slack documents the argument, not the word
        return grant

    def access(self, person_id: str) -> str:
        """Return a new access token that speaks for the person."""
        token = f"xoxp-local-{secrets.token_hex(24)}"
        self._tokens[token] = (person_id, self._clock() + ACCESS_LIFE)
        return token

    def speaks_for(self, token: str) -> str:
        """Return whose token that is; raise Refusal `invalid_auth`."""
        person_id, expires = self._tokens.get(token, ("", None))
        if expires is None or self._clock() >= expires:
            raise Refusal("invalid_auth")
        return person_id


def _proves(verifier: str, challenge: str) -> bool:
    """Whether *verifier* is what *challenge* was made of (S256); a flow that began without proof key needs none."""
    if not challenge:
        return not verifier
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    return hmac.compare_digest(made, challenge)
