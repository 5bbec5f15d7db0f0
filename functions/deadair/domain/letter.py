"""A dead letter: a message that could not be understood, kept whole, and what people did about it since.

Knows in which state a letter is and when it may be sent once more. Refuses to know queues and tables.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A sender that died between sending and saying so is given up after this; what it sent takes effect once all the same.
LEASE = timedelta(minutes=1)


# The attribute of a message by which the intake knows which letter comes back, and for which time.
ATTRIBUTE = "deadair_letter"


class LetterState(StrEnum):
    """Where a letter is: waiting for somebody, being sent once more, or sent once more."""

    WAITING = "waiting"
    BEGUN = "begun"
    REDRIVEN = "redriven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter. `raw` is its text, or `raw_ref` names the object that has it, `raw_bytes` long.

    `tries` counts how often it was sent once more, by `redriven_by` lastly; `redriven_as` is the message that it went
    as, `became` what that message became, in incident `incident`. A letter that failed again waits again.
    """

    message_id: str
    reason: str
    message: str
    dead_at: datetime
    raw: str = ""
    raw_ref: str = ""
    raw_bytes: int = 0
    tries: int = 0
    redriven_at: datetime | None = None
    redriven_by: str = ""
    redriven_as: str = ""
    failed_at: datetime | None = None
    became: str = ""
    became_reason: str = ""
    incident: str = ""

    @property
    def state(self) -> LetterState:
        """Where it is."""
        if self.redriven_at is None or (self.failed_at is not None and self.failed_at >= self.redriven_at):
            return LetterState.WAITING
        return LetterState.REDRIVEN if self.redriven_as else LetterState.BEGUN

    @property
    def mark(self) -> str:
        """What a message says of the letter that it is: see ATTRIBUTE."""
        return f"{self.tries}/{self.message_id}"

    def may_go(self, now: datetime) -> bool:
        """Whether it may be sent now: it waits, or whoever began to send it never said that it was sent."""
        if self.state is LetterState.BEGUN and self.redriven_at is not None:
            return now - self.redriven_at >= LEASE
        return self.state is LetterState.WAITING


def marked(mark: str) -> tuple[str, int]:
    """The letter that a message is, and for which time it was sent; an empty id for anything but a mark."""
    tries, _, message_id = mark.partition("/")
    return (message_id, int(tries)) if message_id and tries.isascii() and tries.isdigit() else ("", 0)
