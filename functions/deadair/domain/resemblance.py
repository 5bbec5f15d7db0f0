"""How much the name of an alarm looks like an integration: by the words that they share, rare words counting more.

Knows words and how common they are in one registry. Refuses to decide: it gives a score, the words, and whether another
integration looks as much alike.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from deadair.domain.ownership import Integration

HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
WORD = re.compile(r"[^\W_]+")
# Words of this length are found inside others too, as whole slugs are: `hubspotsalesforce-errors`.
FOUND_INSIDE = 5
SHORTEST = 2
# They say how a name is put together, not what it is about.
FILLING = frozenset({"to", "and", "the", "of", "in", "on", "for", "from", "into", "prod", "prd", "sync", "integration"})
# From here on a name is as good as the integration's own; under the other it only shares a word with it.
SURE, ALIKE = 0.8, 0.4
# Another integration that is as close as this makes it a guess.
LEAD = 0.15
# What a slug, a long name and both ends are worth: several integrations may have the same ends.
WORTH = (1.0, 1.0, SURE)


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` is 0 to 1, `words` are the shared ones, `rival` the slug of another that looks about as much alike."""

    slug: str
    score: float
    words: tuple[str, ...]
    rival: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether it may be written down for review; else it is a guess to be told."""
        return self.score >= SURE and not self.rival


def words_of(text: str) -> frozenset[str]:
    """The words of a name in lower case; single letters and bare numbers say nothing."""
    found = WORD.findall(text.casefold())
    return frozenset(w for w in found if len(w) >= SHORTEST and not w.isdigit() and w not in FILLING)


class Resemblance:
    """One registry's words, weighed once."""

    def __init__(self, integrations: Iterable[Integration]) -> None:
        # The slug is what people put into names; the long name and both ends are what else they may use.
        self._names = {
            row.slug: (words_of(row.slug), words_of(row.name), words_of(f"{row.source} {row.destination}"))
            for row in integrations
        }
        self._users: dict[str, set[str]] = defaultdict(set)
        for slug, names in self._names.items():
            for word in frozenset().union(*names):
                self._users[word].add(slug)
        self._weights = {word: log(1 + len(self._names) / len(users)) for word, users in self._users.items()}
        self._squashed = {"".join(WORD.findall(slug.casefold())): words for slug, (words, *_) in self._names.items()}
        self._long = [word for word in self._users if len(word) >= FOUND_INSIDE]

    def of(self, name: str) -> Likeness | None:
        """The integration that the name looks most like; None when it looks like none."""
        whole = "".join(WORD.findall(name.casefold()))
        # Capitals may begin words in an alarm's name. In a row they do not: HubSpot is one.
        heard = words_of(name) | words_of(HUMP.sub(" ", name))
        said = {word for word in heard if word in self._users} | {w for w in self._long if w in whole}
        said |= {word for squashed, words in self._squashed.items() if squashed in whole for word in words}
        slugs = set[str]().union(*(self._users[word] for word in said))
        ranked = sorted((each for slug in slugs if (each := self._likeness(slug, said)).score >= ALIKE), key=self._rank)
        if not ranked:
            return None
        best, *others = ranked
        return Likeness(best.slug, round(best.score, 2), best.words, self._rival(best, others))

    def _likeness(self, slug: str, said: set[str]) -> Likeness:
        best = Likeness(slug, 0.0, ())
        for words, worth in zip(self._names[slug], WORTH, strict=True):
            shared = words & said
            if not shared:
                continue
            score = worth * self._weight(shared) / self._weight(words)
            if (score, len(shared)) > (best.score, len(best.words)):
                best = Likeness(slug, score, tuple(sorted(shared)))
        return best

    def _rank(self, likeness: Likeness) -> tuple[float, float, str]:
        return (-round(likeness.score, 2), -self._weight(likeness.words), likeness.slug)

    def _rival(self, best: Likeness, others: list[Likeness]) -> str:
        """Another that is as close, and that the best one does not simply outdo with more of the same words."""
        close = (o for o in others if o.score >= best.score - LEAD and not set(o.words) < set(best.words))
        return next((other.slug for other in close), "")

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._weights[word] for word in words)
