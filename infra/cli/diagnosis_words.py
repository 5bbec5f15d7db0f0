"""What `deadair diagnosis accuracy` says: right and wrong by class and by confidence, and which ones were wrong."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deadair.domain.guesses import Accuracy
from infra.cli import terminal

SHOWN = 10


def print_accuracy(counted: Accuracy, since: datetime) -> None:
    """Two small tables and the wrong ones by name."""
    if not counted.told:
        terminal.say(f"Nothing to count: since {since:%Y-%m-%d} no resolved incident has a cause that somebody said.")
        terminal.note("Say one: deadair incidents cause INC-42 auth")
        return
    unsaid = f"of {terminal.count(counted.unsaid, 'more', 'more')} nobody said the cause"
    terminal.table(("guessed class", "right", "of"), _rows(counted.by_class), flexible="guessed class")
    terminal.table(("confidence", "right", "of"), _rows(counted.by_confidence), flexible="confidence")
    terminal.say(f"{counted.right} of {counted.told} guesses were right since {since:%Y-%m-%d}; {unsaid}.", "bold")
    for guess in counted.wrong[:SHOWN]:
        terminal.note(f"{guess.incident}: guessed {guess.guessed} ({guess.confidence}), was {guess.cause}.")
    if len(counted.wrong) > SHOWN:
        terminal.note(f"And {len(counted.wrong) - SHOWN} more: deadair diagnosis accuracy --json has them all.")


def _rows(counts: Mapping[Any, tuple[int, int]]) -> list[tuple[str, ...]]:
    return [(str(kind), str(right), str(every)) for kind, (right, every) in counts.items()]


def print_json(counted: Accuracy, since: datetime) -> None:
    """The same for machines."""
    terminal.print_json(
        {
            "since": since.isoformat(timespec="milliseconds"),
            "right": counted.right,
            "told": counted.told,
            "unsaid": counted.unsaid,
            "by_class": _counts(counted.by_class),
            "by_confidence": _counts(counted.by_confidence),
            "wrong": [
                {
                    "incident": guess.incident,
                    "guessed": guess.guessed.value,
                    "confidence": guess.confidence.value,
                    "cause": guess.cause.value,
                }
                for guess in counted.wrong
            ],
        }
    )


def _counts(counts: Mapping[Any, tuple[int, int]]) -> dict[str, dict[str, int]]:
    return {str(kind): {"right": right, "of": every} for kind, (right, every) in counts.items()}
