"""What the page of dead letters shows of one: the beginning of its text as people may see it, and by which reasons.

Pure. Knows that a letter is somebody else's text. Refuses to know words and storage.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from deadair.domain.alarm import shown
from deadair.domain.letter import Letter
from deadair.domain.redaction import redact

# In the list, and on a letter's own page. Looking for secrets in a megabyte would take seconds.
BEGINNING, WHOLE = 400, 32_000
# What people may see of invisible signs, line by line.
LINES = 2_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter and its text, without secrets; `cut`: there is more of it."""

    letter: Letter
    text: str
    cut: bool


def shown_letter(letter: Letter) -> Shown:
    """A letter in the list: the beginning of its text in one line. One that is an object has none here."""
    return Shown(letter, shown(redact(letter.raw[: 4 * BEGINNING]), limit=BEGINNING), len(letter.raw) > BEGINNING)


def shown_whole(letter: Letter, raw: str) -> Shown:
    """A letter on its own page, its lines kept."""
    lines = redact(raw[:WHOLE]).splitlines()[:LINES]
    text = "\n".join(shown(line, limit=WHOLE) for line in lines)
    return Shown(letter, text, len(raw) > WHOLE or letter.raw_bytes > len(raw.encode("utf-8", "replace")))


def by_reason(letters: Sequence[Letter]) -> list[tuple[str, int]]:
    """The reasons and how many letters of these have each, the most frequent first."""
    counted = Counter(letter.reason for letter in letters)
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))
