"""Whether a request comes from Slack: HMAC-SHA256 over its raw bytes, at most five minutes old.

Knows Slack's scheme `v0`. Refuses to raise: whatever does not fit is not genuine. Standard library only, because
the verifier of slack_sdk takes three times as long to import and raises on odd timestamps and signatures.
"""

import hashlib
import hmac

WINDOW_S = 300
LONGEST_TIMESTAMP = 12


def is_genuine(secret: str, timestamp: str | None, signature: str | None, body: bytes, now: float) -> bool:
    """Whether `signature` is Slack's for these bytes. `now` is in seconds since 1970; 300 s apart still holds."""
    if not secret or timestamp is None or signature is None:
        return False
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_TIMESTAMP):
        return False
    if not signature.isascii() or abs(now - int(timestamp)) > WINDOW_S:
        return False
    return hmac.compare_digest(sign(secret, timestamp, body), signature)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature that Slack sends in `X-Slack-Signature`."""
    base = b"v0:" + timestamp.encode("ascii") + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
