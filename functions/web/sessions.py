"""Sessions and form tokens: signed values that a browser brings back.

Knows HMAC-SHA256, expiry and what a cookie says. Pure: the clock, the key and the randomness are handed in.
Refuses to know where the key is kept and who may sign in. A cookie that is not exactly ours is no cookie.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deadair.domain.ownership import Person

COOKIE = "deadair_session"
LASTS = timedelta(hours=12)
KEY_BYTES = 32
COOKIE_LIMIT = 3000


@dataclass(frozen=True, slots=True)
class Session:
    """One browser. `person` is None until somebody has signed in; `id` changes when they do."""

    id: str
    expires_at: datetime
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """Seals and reads sessions with one key of at least 32 bytes."""

    key: bytes

    def __post_init__(self) -> None:
        if len(self.key) < KEY_BYTES:
            raise ValueError("the session key is shorter than 32 bytes")

    def seal(self, session: Session) -> str:
        """The cookie's value."""
        person = session.person
        told = [person.name, person.email, person.slack_id] if person else None
        payload = json.dumps([session.id, int(session.expires_at.timestamp()), told], separators=(",", ":"))
        body = _encode(payload.encode())
        return f"{body}.{_encode(self._mac(b'session', body))}"

    def read(self, cookie: str, now: datetime) -> Session | None:
        """The session that a cookie's value stands for; None when it is forged, broken or over."""
        body, _, signature = cookie.partition(".")
        if len(cookie) > COOKIE_LIMIT or not hmac.compare_digest(_decode(signature), self._mac(b"session", body)):
            return None
        try:
            sid, expires, told = json.loads(_decode(body))
            session = Session(sid, datetime.fromtimestamp(expires, UTC), _person(told))
        except (ValueError, TypeError):
            return None
        return session if now < session.expires_at else None

    def token(self, session: Session) -> str:
        """The token that every form of this session carries."""
        return _encode(self._mac(b"form", session.id))

    def accepts(self, token: str, session: Session) -> bool:
        """Whether a form came from a page of this session."""
        return hmac.compare_digest(_decode(token), self._mac(b"form", session.id))

    def _mac(self, purpose: bytes, text: str) -> bytes:
        """One key, several purposes: the purpose is part of what is signed."""
        return hmac.new(self.key, purpose + b"\0" + text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def new_session(sid: str, now: datetime, person: Person | None = None) -> Session:
    """A session that begins now. `sid` is fresh randomness, never one that a browser brought."""
    return Session(sid, now + LASTS, person)


def cookie_header(value: str, *, secure: bool, lasts: timedelta = LASTS) -> str:
    """The Set-Cookie line. Secure only over https: a browser drops it on http://localhost's plain cousins."""
    parts = [f"{COOKIE}={value}", "Path=/", "HttpOnly", "SameSite=Lax", f"Max-Age={int(lasts.total_seconds())}"]
    return "; ".join([*parts, "Secure"] if secure else parts)


def _person(told: Any) -> Person | None:
    return Person(*(str(part) for part in told)) if told else None


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    """The bytes of base64url text; empty when it is none, which no signature equals."""
    try:
        return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
