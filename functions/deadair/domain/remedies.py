"""Whether two remedies are the same thing done again, by the words that people wrote.

Knows words and their endings. Refuses to understand: it finds "Rotated the refresh token" in "rotated refresh token
again", and nothing that is said in wholly other words.
"""

import re
from functools import lru_cache

from deadair.domain.resemblance import words_of

# They say how a sentence is put together, or that something was done at all.
FILLERS = """
again also an are as at back been by did do done down fix fixed got had has have he her his is it its just manually
more new not now off old once only our out over same she so still than that their them then there they this us was we
were when which while who with you
"""
SAYING = frozenset(FILLERS.split())
# Of the shorter remedy's words so many must be in the other, and so many words must be shared at all.
ALIKE, SHARED = 0.6, 2
ENDINGS = ("ing", "ed", "es", "s", "e")
STEM = 3
# Remedies of so many incidents are taken apart once: each is held against all others of its kind.
KEPT = 4096
NAMED = re.compile(r"\bINC-([0-9]{1,9})\b", re.IGNORECASE)


def resembles(one: str, other: str) -> bool:
    """Whether both say the same remedy. What is not said resembles nothing."""
    said, too = _stems(one), _stems(other)
    if not said or not too:
        return False
    shared = said & too
    return said == too or (len(shared) >= SHARED and len(shared) >= ALIKE * min(len(said), len(too)))


def names(remedy: str, number: int) -> bool:
    """Whether a remedy refers to an incident: "as in INC-12"."""
    return any(int(found) == number for found in NAMED.findall(remedy))


@lru_cache(maxsize=KEPT)
def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in words_of(text) - SAYING)


def _stem(word: str) -> str:
    """Without the ending that tells when and how many; `rotated`, `rotating` and `rotate` meet."""
    return next((word[: -len(end)] for end in ENDINGS if word.endswith(end) and len(word) - len(end) >= STEM), word)
