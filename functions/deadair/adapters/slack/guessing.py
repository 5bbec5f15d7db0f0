"""What somebody may have meant who began with no verb that we know.

Knows likeness: a mistyped verb, an address, a person, a sentence. Refuses to act on a guess: it is offered.
"""

from deadair.adapters.slack.tokens import ADDRESS, bare
from deadair.adapters.slack.vocabulary import NAMES

LIKE, VERY_LIKE = 0.72, 0.8
# Whoever writes more words than these means them; the first need not be a verb at all.
FEW = 3
MOST_LETTERS = 40


def guess(first: str, rest: str, *, person: bool) -> tuple[str, str]:
    """The verb that is meant (empty: none comes close), and the text that belongs to it.

    A mistyped verb gives way to the right one; anything else that was typed stays. `person`: `first` is a mention.
    """
    whole = f"{first} {rest}".strip()
    if ADDRESS.match(first):
        return "link", whole
    if person:
        return "assign", whole
    verb = nearest(bare(first), LIKE if len(rest.split()) <= FEW else VERY_LIKE)
    if verb:
        return verb, rest
    return ("note", whole) if is_prose(whole) else ("", rest)


def nearest(word: str, cutoff: float = LIKE) -> str:
    """The verb that a mistyped word is closest to, empty when none is close."""
    import difflib

    close = difflib.get_close_matches(word[:MOST_LETTERS], NAMES, n=1, cutoff=cutoff)
    return NAMES[close[0]] if close else ""


def is_prose(text: str) -> bool:
    """Whether a text reads like something to write down: some words, or one in a script that has no spaces."""
    words = [word for word in text.split() if any(ch.isalpha() for ch in word)]
    return len(words) > 1 or any(ch.isalpha() and not ch.isascii() for ch in text)
