"""What Slack and keyboards do to typed text, undone: entities, smart quotes, dashes, invisible characters.

Knows characters. Refuses to know verbs. Any text comes out as plain text; nothing raises.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

# Slack allows less; this keeps the work bounded whatever arrives.
LONGEST = 12_000
QUOTES = str.maketrans("“”„‟«»″‘’‚‛′", '"""""""' + "'''''")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
ENTITY = re.compile(r"<([^<>]{1,3000})>")
MEMBER = re.compile(r"@[A-Z0-9]{1,40}")
JOINERS = "\u200c\u200d"  # scripts and emoji need them inside words


@dataclass(frozen=True, slots=True)
class Mention:
    """A person as Slack escapes one: `<@U123|ana>`."""

    slack_id: str
    name: str


def clean(raw: str, flags: tuple[str, ...] = ()) -> tuple[str, tuple[Mention, ...]]:
    """Plain text, and the people who are mentioned in it. A mention stays in the text as `@name`.

    Phones turn `--at` into `—at` or `–at`: before each of `flags` that is undone.
    """
    mentions: list[Mention] = []
    text = unicodedata.normalize("NFC", raw[:LONGEST].replace("\r\n", "\n"))
    text = ENTITY.sub(lambda found: _entity(found[1], mentions), text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    text = _dashed(flags).sub("--", text).translate(QUOTES).translate(DASHES)
    return "".join(_kept(ch) for ch in text).strip(), tuple(mentions)


@cache
def _dashed(flags: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)[‐‑‒–—―−-]{{1,2}}(?=(?:{'|'.join(flags)})(?:[\s=]|$))", re.IGNORECASE)


def _kept(ch: str) -> str:
    if ch in "\n" + JOINERS:
        return ch
    if ch.isspace():
        return " "
    return "" if unicodedata.category(ch) in {"Cc", "Cf", "Cs"} else ch


def _entity(inside: str, mentions: list[Mention]) -> str:
    target, _, label = inside.partition("|")
    if MEMBER.fullmatch(target):
        mentions.append(Mention(target[1:], label))
        return f"@{label or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    if target.startswith("mailto:"):
        return label or target.removeprefix("mailto:")
    if re.match(r"https?://", target):
        return target if label in {"", target} or target.endswith(f"//{label}") else f"{label} ({target})"
    return f"<{inside}>"
