"""Secrets taken out of text before people, pages and chats see it.

Knows the shapes of credentials. Refuses to guess: what has no such shape stays as it is.
"""

import re

SHAPES = (
    re.compile(r"(?i)\b(authorization\"?\s*[:=]\s*\"?(?:bearer|basic))\s+[^\s\"',;&]{4,}"),
    re.compile(
        # Both are plain words too ("basic functionality"): outside its header a credential looks like none of those.
        r"\b((?i:bearer|basic))\s+(?:(?=\S*[0-9+=_]|(?:\S*?[a-z][A-Z]){2})[\w.~+/=-]{8,}|[\w.~+/=-]{24,})",
        re.ASCII,
    ),
    re.compile(
        # With what stands before the word: access_token, refreshToken, x-api-key, hapikey.
        r"(?i)\b([\w-]{0,40}?(?:authorization|api[-_]?key|access[-_]?key|secret|password|passwd|token))"
        r"(\"?\s*[:=]\s*\"?)(?!\[redacted]|bearer\b|basic\b)[^\s\"',;&]{4,}"
    ),
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    re.compile(r"\bxapp-[A-Za-z0-9-]{10,}"),
    re.compile(r"\bpat-[a-z0-9]{2,4}-[0-9a-f-]{20,}"),
    re.compile(r"\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{8,}"),
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{20,}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}"),
)
MARK = "[redacted]"


def redact(text: str) -> str:
    """The text with every credential-shaped part replaced by `[redacted]`; the word before it stays."""
    for shape in SHAPES:
        text = shape.sub(_keep_label, text)
    return text


def _keep_label(found: re.Match[str]) -> str:
    label = "".join(group for group in found.groups() if group)
    return f"{label} {MARK}" if label and not label.endswith(("=", ":", '"')) else f"{label}{MARK}"
