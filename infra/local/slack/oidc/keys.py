"""The keys that sign an id_token: made per state directory, kept, and changed on demand.

Knows RS256 and one file that only its owner may read. Refuses to know claims. Nothing is imported or made until
somebody signs in: most local Slacks never see one.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any

from infra.local.slack.wire import Json

MOST_KEPT = 3
BITS = 2048


class SigningKeys:
    """The newest key signs; the ones before it stay published, as they do after a change at Slack."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._keys: list[Any] = []

    def published(self) -> Json:
        """Return the public halves, newest first, as a JWK set."""
        return {"keys": [key.as_dict(private=False) for key in self._known()]}

    def rotate(self, *, forget: bool = False) -> str:
        """Make another key sign from now on and return its id; *forget* takes the earlier ones off the list."""
        kept = [] if forget else self._known()
        self._keys = [_made(), *kept][:MOST_KEPT]
        self._save()
        return str(self._keys[0].kid)

    def sign(self, claims: Json) -> str:
        """Return *claims* as a token signed by the newest key."""
        return _signed(claims, self._known()[0])

    def sign_foreign(self, claims: Json) -> str:
        """Return *claims* signed by a key that was never published, under the id of one that was."""
        return _signed(claims, _made(str(self._known()[0].kid)))

    def _known(self) -> list[Any]:
        if not self._keys:
            self._keys = self._read()
        if not self._keys:
            self._keys = [_made()]
            self._save()
        return self._keys

    def _read(self) -> list[Any]:
        from joserfc.jwk import RSAKey

        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            return [RSAKey.import_key(key) for key in kept["keys"]]
        except (OSError, ValueError, KeyError, TypeError):
            return []  # no file yet, or a damaged one: whoever signs in next gets a new key

    def _save(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"keys": [key.as_dict(private=True) for key in self._keys]}, file)
        draft.replace(self._file)


def unsigned(claims: Json) -> str:
    """Return *claims* as a token of the algorithm `none`, which no app may take."""
    head, body = (_base64url(json.dumps(part).encode()) for part in ({"alg": "none", "typ": "JWT"}, claims))
    return f"{head}.{body}."


def _made(kid: str = "") -> Any:
    from joserfc.jwk import RSAKey

    return RSAKey.generate_key(BITS, {"kid": kid or secrets.token_hex(16), "use": "sig", "alg": "RS256"})


def _signed(claims: Json, key: Any) -> str:
    from joserfc import jwt

    return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": key.kid}, claims, key)


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
