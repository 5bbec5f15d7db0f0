"""Words of a cleaned text: the first one, a reference to an incident, quotes around the whole.

Knows how people write a word and a number. Refuses to know verbs. Any text gives an answer; nothing raises.
"""

import re

from deadair.domain.incident import parse_number

LAST = "last"
INCIDENT_WORDS = frozenset({"incident", "inc"})
ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def first_word(text: str) -> tuple[str, str]:
    """The first word and the text after it; both empty when there is none."""
    parts = text.split(maxsplit=1)
    if not parts:
        return "", ""
    return parts[0], parts[1].strip() if len(parts) > 1 else ""


def named(text: str) -> tuple[str, str]:
    """The first word and the rest; of `incident 42 …` the number, so that nobody's other incident is meant."""
    first, rest = first_word(text)
    second, after = first_word(rest)
    return (second, after) if bare(first) in INCIDENT_WORDS and reference(second) else (first, rest)


def bare(word: str) -> str:
    """The word as it is compared: no case, no slash before it, no punctuation after it."""
    return word.casefold().lstrip("/").rstrip(".,:;!") or word


def reference(word: str) -> str:
    """`42` for any way to name incident 42, `last` for the latest, empty for anything else."""
    plain = unpunctuated(word)
    if plain.lower() == LAST:
        return LAST
    number = parse_number(plain)
    return str(number) if number is not None else ""


def unpunctuated(word: str) -> str:
    """`42` of `42.`, `42,` and `(42)`: what stands around a number when it ends a sentence."""
    return word.lstrip("(").rstrip(").,:;!?")


def unquoted(text: str) -> str:
    """The text without quotes around the whole of it."""
    inner = text[1:-1]
    whole = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" and text[0] not in inner
    return inner.strip() if whole else text
