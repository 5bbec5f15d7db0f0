"""What a postmortem lacks, said to people in one message: each question, the review, and who may give it.

Knows the words. Refuses to decide what is needed.
"""

from collections.abc import Sequence

from deadair.domain.ownership import Person
from deadair.domain.review import Review


def lacking(open_ones: Sequence[str], of: int, review: str = "") -> str:
    """Everything that is missing: the questions without an answer, out of `of`, and what `needs` says."""
    told = [f"{len(open_ones)} of {of} questions have no answer: {' · '.join(open_ones)}"] if open_ones else []
    return " ".join(filter(None, [*told, review]))


def needs(authors: Sequence[Person], review: Review | None, waits_for: Person | None) -> str:
    """Who may approve it, and why it is not approved already."""
    return f"It needs to be approved by {anybody_but(authors)}{_asked(review, waits_for)}."


def remedy(lacks: Sequence[str]) -> str:
    """What to do about it; `lacks` are keys of questions, and `review`."""
    if list(lacks) == ["review"]:
        return "Ask one of them to read it."
    return "Answer them, have it read, then publish." if "review" in lacks else "Answer them, then publish."


def anybody_but(authors: Sequence[Person]) -> str:
    """Who is no author."""
    names = [author.name for author in authors]
    return f"somebody other than {' and '.join(names)}" if names else "somebody who reads it"


def _asked(review: Review | None, waits_for: Person | None) -> str:
    if waits_for:
        return f"; {waits_for.name} was asked"
    return "; what was approved was changed since" if review and review.approved_by else ""
