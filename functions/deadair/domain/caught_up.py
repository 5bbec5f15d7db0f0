"""When a process last read each incident: news that was sent before that moment is known to it already.

Knows that clocks differ a little. Refuses to remember across processes: whoever has forgotten only reads again.
"""

from datetime import datetime, timedelta

# Far more than the clocks of two machines of AWS differ.
APART = timedelta(seconds=2)
REMEMBERED = 10_000


class CaughtUp:
    """Keeps one instant for each incident. One process works on one batch at a time."""

    def __init__(self) -> None:
        self._read: dict[int, datetime] = {}

    def read(self, number: int, at: datetime) -> None:
        """Everything that is due on the incident was done on a state that was read after that instant."""
        if len(self._read) >= REMEMBERED:
            self._read.clear()
        self._read[number] = at

    def covers(self, number: int, sent_at: datetime | None) -> bool:
        """Whether a fact that was sent then can say nothing new. None: it is no fact, or nobody knows when."""
        read_at = self._read.get(number)
        return read_at is not None and sent_at is not None and sent_at + APART <= read_at
