"""That a person, and no alarm, said first that something does not work."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ByHand:
    """Who said so, and what: one line, empty when they gave no words."""

    by: str
    text: str = ""
