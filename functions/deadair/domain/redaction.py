"""Secrets and personal data taken out of text before people, pages, chats, documents and logs see it.

Knows the shapes of credentials, and of what names a person from outside: addresses, telephone, card and account
numbers. Refuses to guess: what has no such shape stays as it is. A name of a person has none.
"""

import re
from collections.abc import Callable

MARK = "[redacted]"
EMAIL_MARK, PHONE_MARK, CARD_MARK, ACCOUNT_MARK = "[e-mail]", "[telephone]", "[card number]", "[account number]"

SHAPES = (
    # First, while its dashes are there: from its first line on, all of it.
    re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,8000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)"),
    # Name and password before a host.
    re.compile(r"(\b[a-z][a-z0-9+.-]{1,20}://)[^\s/@:\"'<>]{0,200}:[^\s/@\"'<>]{1,200}(?=@)", re.IGNORECASE),
    re.compile(r"(?i)\b(authorization\"?\s*[:=]\s*\"?(?:bearer|basic))\s+[^\s\"',;&]{4,}"),
    re.compile(
        # Both are plain words too ("basic functionality"): outside its header a credential looks like none of those.
        r"\b((?i:bearer|basic))\s+(?:(?=\S*[0-9+=_]|(?:\S*?[a-z][A-Z]){2})[\w.~+/=-]{8,}|[\w.~+/=-]{24,})",
        re.ASCII,
    ),
    re.compile(
        # With what stands before the word: access_token, refreshToken, x-api-key, hapikey.
        r"(?i)\b([\w-]{0,40}?(?:authorization|api[-_]?key|access[-_]?key|account[-_]?key|secret|password|passwd|token))"
        r"(\"?\s*[:=]\s*\"?)(?!\[redacted]|bearer\b|basic\b)[^\s\"',;&]{4,}"
    ),
    # In an address: what signs it, and the code of a sign-in.
    re.compile(
        r"(?i)([?&](?:sig|signature|x-amz-signature|x-amz-credential|code|jwt|session|sid)=)(?!\[)[^\s\"'&<>]{6,}"
    ),
    re.compile(r"(?i)(\bhooks\.slack\.com/(?:services|workflows|triggers)/)[A-Za-z0-9/_-]{8,}"),
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"\bAIza[A-Za-z0-9_-]{30,}"),
    re.compile(r"\bya29\.[A-Za-z0-9_-]{10,}"),
    re.compile(r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    re.compile(r"\bxapp-[A-Za-z0-9-]{10,}"),
    re.compile(r"\bpat-[a-z0-9]{2,4}-[0-9a-f-]{20,}"),
    re.compile(r"\bwhsec_[A-Za-z0-9+/=_-]{16,}"),
    re.compile(r"\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{8,}"),
    re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|glpat-[A-Za-z0-9_-]{16,}|github_pat_[A-Za-z0-9_]{20,})"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}"),
)
EMAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
# With its country's prefix: a row of digits alone may be anything.
PHONE = re.compile(
    r"(?<![\w.+])(?:\+|00(?=[1-9]))[1-9][0-9]{0,2}[ ./()-]{0,3}[0-9](?:[ ./()-]{0,2}[0-9]){5,13}(?![\w])"
)
CARD = re.compile(r"(?<![\w.,-])[3-6][0-9]{3}(?:[ -]?[0-9]{4}){2}[ -]?[0-9]{1,4}(?![\w-]|[.,][0-9])")
ACCOUNT = re.compile(r"(?<![\w-])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![\w-])")
SOCIAL = re.compile(r"(?<![\w.-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![\w-])")
FEWEST_DIGITS = 9


def redact(text: str) -> str:
    """The text with every secret and personal datum replaced by a mark in brackets; the word before a secret stays."""
    for shape in SHAPES:
        text = shape.sub(_keep_label, text)
    for shape, mark, holds in PERSONAL:
        text = shape.sub(_when(holds, mark), text)
    return text


def _keep_label(found: re.Match[str]) -> str:
    label = "".join(group for group in found.groups() if group)
    spaced = bool(label) and not label.endswith(("=", ":", '"', "/"))
    return f"{label} {MARK}" if spaced else f"{label}{MARK}"


def _when(holds: Callable[[str], bool], mark: str) -> Callable[[re.Match[str]], str]:
    return lambda found: mark if holds(found[0]) else found[0]


def _digits(text: str) -> str:
    return "".join(ch for ch in text if ch.isdigit())


def _is_long(text: str) -> bool:
    return len(_digits(text)) >= FEWEST_DIGITS


def _is_card(text: str) -> bool:
    """The check digit of card numbers; one row of digits in ten has it by chance."""
    doubled = [int(digit) * 2 if place % 2 else int(digit) for place, digit in enumerate(reversed(_digits(text)))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0  # noqa: PLR2004 - the sum of its digits


def _is_account(text: str) -> bool:
    """The check digits of an IBAN."""
    bare = text.replace(" ", "")
    turned = bare[4:] + bare[:4]
    return int("".join(str(int(ch, 36)) for ch in turned)) % 97 == 1


def _always(_: str) -> bool:
    return True


PERSONAL: tuple[tuple[re.Pattern[str], str, Callable[[str], bool]], ...] = (
    (EMAIL, EMAIL_MARK, _always),
    (ACCOUNT, ACCOUNT_MARK, _is_account),
    (CARD, CARD_MARK, _is_card),
    (PHONE, PHONE_MARK, _is_long),
    (SOCIAL, MARK, _always),
)
