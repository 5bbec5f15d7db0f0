"""What a verb's words stand for: a severity, a failure class, a milestone, the names of alarms.

Knows how people say them. Refuses to guess: None is "that is none", and the verb shows what there is.
"""

import re
from collections.abc import Iterable

from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Milestone

LEVEL = re.compile(r"(?:sev-?)?([0-9]{1,9})[:,.]?", re.IGNORECASE)
PLACE = re.compile(r"#?([0-9]{1,9})[.:,)]?")
CLASS_WORDS: dict[str, FailureClass] = {
    **{name.value: name for name in FailureClass},
    "credential": FailureClass.AUTH,
    "credentials": FailureClass.AUTH,
    "login": FailureClass.AUTH,
    "limit": FailureClass.RATE_LIMIT,
    "ratelimit": FailureClass.RATE_LIMIT,
    "vendor": FailureClass.VENDOR_ERROR,
    "empty": FailureClass.EMPTY_SUCCESS,
    "silent": FailureClass.SILENCE,
    "slow": FailureClass.LATENCY,
}
MILESTONE_WORDS: dict[str, Milestone] = {
    **{name.value: name for name in Milestone},
    "start": Milestone.STARTED,
    "began": Milestone.STARTED,
    "alarm": Milestone.DETECTED,
    "ack": Milestone.ACKNOWLEDGED,
    "mitigate": Milestone.MITIGATED,
    "resolve": Milestone.RESOLVED,
    "fixed": Milestone.RESOLVED,
}


def words(text: str, count: int) -> tuple[str, str]:
    """The first words of a text, and the rest of it."""
    parts = text.split(maxsplit=count)
    return " ".join(parts[:count]), parts[count].strip() if len(parts) > count else ""


def level(text: str) -> tuple[Severity | None, str]:
    """The severity that a text begins with (`2`, `sev2`), and the words after it."""
    first, rest = words(text, 1)
    found = LEVEL.fullmatch(first)
    named = f"SEV{int(found[1])}" if found else ""
    return (Severity(named), rest) if named in set(Severity) else (None, text)


def failure_class(text: str) -> tuple[FailureClass | None, str]:
    """The failure class that a text begins with, in one word or two, and the words after it."""
    for count in (2, 1):
        said, rest = words(text, count)
        key = re.sub(r"[\s-]+", "_", said.casefold().strip(".,:;"))
        found = CLASS_WORDS.get(key)
        if found is not None:
            return found, rest
    return None, text


def milestone(text: str) -> tuple[Milestone | None, str]:
    """The milestone that a text begins with, and the words after it."""
    first, rest = words(text, 1)
    return MILESTONE_WORDS.get(first.casefold().strip(".,:;")), rest


def place(text: str) -> tuple[int | None, str]:
    """The place in a list that a text begins with, and the words after it."""
    first, rest = words(text, 1)
    found = PLACE.fullmatch(first)
    return (int(found[1]), rest) if found else (None, text)


def alarm_names(text: str, known: Iterable[str]) -> list[str]:
    """The alarms that a text names: known names wherever they stand, else what stands between commas or spaces."""
    found: list[str] = []
    for name in sorted(set(known), key=len, reverse=True):
        bounded = re.compile(rf"(?<![^\s,\"']){re.escape(name)}(?![^\s,\"'])")
        if name and bounded.search(text):
            found.append(name)
            text = bounded.sub(" ", text)
    others = re.split(r"[,\n]+", text) if "," in text else text.split()
    return found + [bare for other in others if (bare := other.strip(" \t\"'"))]
