"""What differs between two texts: paragraph by paragraph, and inside a paragraph word by word.

Pure. Knows that a table's row and a list's item are paragraphs of their own, and how much is shown around a change.
Refuses to know documents and markup: both texts are shown as they are written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Beside a change this many paragraphs that are the same are shown; more of them are folded away.
AROUND = 1
# Beyond so many words a paragraph is shown as taken out and put in: comparing takes the square of it.
WORDS_COMPARED = 1500
# Two paragraphs that have less in common than this are two, not one that changed.
ALIKE = 0.4
WORD = re.compile(r"\s+|\w+|[^\w\s]")
# Where a paragraph ends: at an empty line, before a list's item, a table's row or a heading.
PARAGRAPH = re.compile(r"\n\s*\n|\n(?=[ \t]*(?:[-*+|>#]|\d{1,9}[.)]))")


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


Run = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in runs; one that is the same or is new as a whole has one."""

    runs: tuple[Run, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing in it changed."""
        return all(kind is Kind.SAME for kind, _ in self.runs)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Paragraphs in a row; `folded` ones did not change and are shown when somebody asks."""

    folded: bool
    paragraphs: tuple[Paragraph, ...]


def difference(before: str, after: str) -> list[Stretch]:
    """The newer text with what was taken out and put in, in stretches; empty when nothing differs."""
    paragraphs = list(_compared(_paragraphs(before), _paragraphs(after)))
    return [] if all(one.is_same for one in paragraphs) else list(_folded(paragraphs))


def _paragraphs(text: str) -> list[str]:
    return [part.strip("\n") for part in PARAGRAPH.split(text) if part.strip()]


def _compared(before: list[str], after: list[str]) -> Iterator[Paragraph]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, first, last, other_first, other_last in matcher.get_opcodes():
        if tag == "equal":
            yield from (Paragraph(((Kind.SAME, text),)) for text in before[first:last])
        else:
            yield from _replaced(before[first:last], after[other_first:other_last])


def _replaced(before: list[str], after: list[str]) -> Iterator[Paragraph]:
    """Paragraphs that changed, in pairs where they are alike."""
    left = list(before)
    for text in after:
        place = next((place for place, old in enumerate(left) if _alike(old, text)), None)
        if place is None:
            yield Paragraph(((Kind.ADDED, text),))
            continue
        yield from (Paragraph(((Kind.REMOVED, old),)) for old in left[:place])
        yield Paragraph(tuple(_words(left[place], text)))
        left = left[place + 1 :]
    yield from (Paragraph(((Kind.REMOVED, old),)) for old in left)


def _alike(one: str, other: str) -> bool:
    words, others = WORD.findall(one), WORD.findall(other)
    if max(len(words), len(others)) > WORDS_COMPARED:
        return False
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    return matcher.real_quick_ratio() > ALIKE and matcher.quick_ratio() > ALIKE and matcher.ratio() > ALIKE


def _words(before: str, after: str) -> Iterator[Run]:
    old, new = WORD.findall(before), WORD.findall(after)
    for tag, first, last, other_first, other_last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Kind.SAME, "".join(old[first:last])
            continue
        if first < last:
            yield Kind.REMOVED, "".join(old[first:last])
        if other_first < other_last:
            yield Kind.ADDED, "".join(new[other_first:other_last])


def _folded(paragraphs: list[Paragraph]) -> Iterator[Stretch]:
    near = {
        place + step for place, one in enumerate(paragraphs) if not one.is_same for step in range(-AROUND, AROUND + 1)
    }
    row: list[Paragraph] = []
    for place, one in enumerate(paragraphs):
        if row and (place in near) != (place - 1 in near):
            yield Stretch(place - 1 not in near, tuple(row))
            row = []
        row.append(one)
    if row:
        yield Stretch(len(paragraphs) - 1 not in near, tuple(row))
