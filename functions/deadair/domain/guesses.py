"""Guesses held against what people said afterwards.

Knows when a guess was right. Refuses to count drills, false alarms, and incidents of which nobody said what it was.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from deadair.domain.diagnosed import Confidence, Diagnosed
from deadair.domain.incident import Incident
from deadair.domain.severity import FailureClass
from deadair.domain.stages import Ending
from deadair.domain.timeline import Entry, Fact

Kind = TypeVar("Kind", FailureClass, Confidence)


@dataclass(frozen=True, slots=True)
class Guess:
    """What was guessed of an incident when somebody named its cause, and what they said."""

    incident: str
    guessed: FailureClass
    confidence: Confidence
    cause: FailureClass

    @property
    def is_right(self) -> bool:
        """Whether the guess was what they said."""
        return self.guessed is self.cause


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often guesses were right: (right, all) by guessed class, and by confidence; `unsaid`: nobody said."""

    by_class: dict[FailureClass, tuple[int, int]] = field(default_factory=dict)
    by_confidence: dict[Confidence, tuple[int, int]] = field(default_factory=dict)
    right: int = 0
    told: int = 0
    unsaid: int = 0
    wrong: tuple[Guess, ...] = ()


def counts(incident: Incident) -> bool:
    """Whether a guess of it can be right or wrong: it is over, and was neither a drill nor nothing nor another one."""
    return not incident.is_open and not incident.drill and incident.ending not in (Ending.FALSE_ALARM, Ending.MERGED)


def guess_of(incident: Incident, found: Diagnosed | None) -> tuple[FailureClass, Confidence]:
    """What is held to be the class, leaving out what a person said, and how surely."""
    agrees = found is not None and found.failure_class is incident.guessed
    return incident.guessed, found.confidence if found and agrees else Confidence.LOW


def guess_in(entries: Iterable[Entry], incident: Incident) -> Guess | None:
    """The guess before anybody said a word; held against what was said last."""
    first = next((e for e in entries if e.fact is Fact.CAUSE_NAMED and "guess" in e.details), None)
    if first is None or incident.cause is None:
        return None
    told = first.details
    return Guess(incident.id, FailureClass(told["guess"]), Confidence(told["confidence"]), incident.cause)


def accuracy(guesses: Iterable[Guess], unsaid: int) -> Accuracy:
    """Counted."""
    known = sorted(guesses, key=lambda guess: guess.incident)
    return Accuracy(
        _counted((guess.guessed, guess.is_right) for guess in known),
        _counted((guess.confidence, guess.is_right) for guess in known),
        sum(guess.is_right for guess in known),
        len(known),
        unsaid,
        tuple(guess for guess in known if not guess.is_right),
    )


def _counted(told: Iterable[tuple[Kind, bool]]) -> dict[Kind, tuple[int, int]]:
    every: Counter[Kind] = Counter()
    right: Counter[Kind] = Counter()
    for kind, is_right in told:
        every[kind] += 1
        right[kind] += is_right
    return {kind: (right[kind], count) for kind, count in sorted(every.items())}
