"""How Slack signs what it sends to an app: `v0`, HMAC-SHA256 over `v0:<timestamp>:<raw body>`.

Knows one scheme and no secret. Refuses to verify: that is the app's business, and the tests compare with slack_sdk's
verifier.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the value of `X-Slack-Signature` for *body* sent at *timestamp* (whole epoch seconds, as text)."""
    base = b"v0:" + timestamp.encode("ascii") + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed_headers(secret: str, body: bytes, content_type: str, now: datetime) -> dict[str, str]:
    """Return the headers with which Slack would send *body* at *now* (aware UTC)."""
    timestamp = str(int(now.timestamp()))
    return {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret, timestamp, body),
    }
