"""What stands wrong with Deadair's own work, for the head of every page.

Knows that all pages of a process share one answer for a while, and that a page is worth more than its banner: when
nobody answers, the last answer stays. Refuses to know words.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.standing_error import StandingError

KEPT = timedelta(seconds=15)
logger = logging.getLogger(f"deadair.{__name__}")


class Standing:
    """`read` asks the table."""

    def __init__(self, read: Callable[[], Sequence[StandingError]]) -> None:
        self._read = read
        self._known: tuple[StandingError, ...] = ()
        self._asked_at: datetime | None = None

    def errors(self, now: datetime) -> tuple[StandingError, ...]:
        """The oldest first; as of at most fifteen seconds ago."""
        if self._asked_at is None or not timedelta(0) <= now - self._asked_at < KEPT:
            self._asked_at = now
            try:
                self._known = tuple(self._read())
            except (BotoCoreError, ClientError, KeyError, ValueError):
                logger.warning("a page without the standing errors", exc_info=True)
        return self._known
