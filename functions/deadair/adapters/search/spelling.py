"""One-edit correction of words that the index has never seen: pure.

Knows one insertion, deletion, substitution or swap of neighbours. Refuses to touch short words and numbers:
402 is no misspelt 401.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Mapping

SHORTEST, SHORT = 4, 5
# A longer word that occurs more than so many times as often is what somebody is still typing.
FAR_MORE = 3


class Vocabulary:
    """The words of one index with the number of documents that hold each."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = dict(counts)
        self._sorted = sorted(self.counts)
        self._reversed = sorted(word[::-1] for word in self.counts)

    def change(self, by: Mapping[str, int]) -> None:
        """Take in by how much the counts of some words changed."""
        for word, more in by.items():
            if word not in self.counts and more > 0:
                insort(self._sorted, word)
                insort(self._reversed, word[::-1])
            left = self.counts.get(word, 0) + more
            if left > 0:
                self.counts[word] = left
            elif self.counts.pop(word, 0):
                del self._sorted[bisect_left(self._sorted, word)]
                del self._reversed[bisect_left(self._reversed, word[::-1])]

    def correct(self, word: str) -> str:
        """The likeliest word one edit away, else the word split in two known ones, else empty."""
        if len(word) < SHORTEST or any(c.isdigit() for c in word) or word in self.counts:
            return ""
        near = [known for known in self._neighbours(word) if one_edit(word, known) and _likely(word, known)]
        if near:
            return min(
                near, key=lambda known: (not _swapped(word, known), known[0] != word[0], -self.counts[known], known)
            )
        return self._split(word)

    def completions(self, prefix: str, limit: int = 8) -> list[str]:
        """The most frequent words that begin with `prefix`."""
        found = list(_starting(self._sorted, prefix))
        return sorted(found, key=lambda word: (-self.counts[word], word))[:limit]

    def finished(self, word: str, stem: Callable[[str], str]) -> bool:
        """Whether a last word is likely whole: no longer one of another stem is far more frequent."""
        own, other, root = 0, 0, stem(word)
        for known in _starting(self._sorted, word):
            if known == word or stem(known) == root:
                own += self.counts[known]
            else:
                other = max(other, self.counts[known])
        return own * FAR_MORE >= other

    def _neighbours(self, word: str) -> set[str]:
        """One edit leaves the first or the second half of a word as it was (a swap in the middle: one letter less)."""
        half = len(word) // 2
        heads = _starting(self._sorted, word[: max(1, half - 1)])
        tails = (known[::-1] for known in _starting(self._reversed, word[half + 1 :][::-1]))
        return {known for known in (*heads, *tails) if abs(len(known) - len(word)) <= 1 and len(known) >= SHORTEST - 1}

    def _split(self, word: str) -> str:
        cuts = [(word[:at], word[at:]) for at in range(3, len(word) - 2)]
        known = [pair for pair in cuts if pair[0] in self.counts and pair[1] in self.counts]
        return " ".join(max(known, key=lambda pair: min(self.counts[part] for part in pair))) if known else ""


def one_edit(left: str, right: str) -> bool:
    """Whether one insertion, deletion, substitution or swap of neighbours makes one word the other."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    rest, other = left[at:], right[at:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return rest[1:] == other[1:] or rest == other[1:] or rest[1:] == other or (len(rest) > 1 and swapped == other)


def _likely(written: str, meant: str) -> bool:
    """Of a short word, hardly anybody misses the first letter: `mass` is no misspelt `pass`.

    Of the shortest, another letter makes another word more often (`fake` is no misspelt `face`) than it is a slip.
    """
    if _swapped(written, meant):
        return True
    if len(written) <= SHORTEST and len(written) == len(meant):
        return False
    return len(written) > SHORT or written[0] == meant[0]


def _swapped(left: str, right: str) -> bool:
    return len(left) == len(right) and sorted(left) == sorted(right)


def _starting(words: list[str], prefix: str) -> list[str]:
    begin = bisect_left(words, prefix)
    end = bisect_left(words, prefix + "\U0010ffff") if prefix else len(words)
    return words[begin:end]
