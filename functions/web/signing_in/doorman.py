"""Whether somebody's session still counts: it may have been ended elsewhere, and they may be no member any more.

Knows that what was ended is looked up before every change, else at most once a minute for each person; and Slack's word
every few minutes: with what that may be old, whoever is deactivated is out within a quarter of an hour. Refuses to
close the door because Slack does not answer; it does when the table does not: nobody could end anything otherwise.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from deadair.domain.ended_sessions import Ended
from deadair.domain.errors import Unavailable
from deadair.domain.ownership import Person
from web.sessions import Session

ENDED_KEPT_S = 60.0
# While the table is silent, what was known serves for this long.
ENDED_STALE_S = 300.0
# A member's word is ten minutes old at most when it is looked at: together less than a quarter of an hour.
WORD_KEPT_S = 240.0
MOST = 1000


@dataclass(slots=True)
class _Known:
    ended: Ended
    read_at: float
    out: bool = False
    looked_at: float = float("-inf")


class Doorman:
    """`ended` reads which of a person's sessions are over; `why_out` says why they may not be here, or nothing."""

    def __init__(
        self,
        ended: Callable[[str], Ended],
        why_out: Callable[[Person, datetime], str],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ended, self._why_out, self._ticks = ended, why_out, ticks
        self._known: dict[str, _Known] = {}

    def lets_in(self, session: Session, now: datetime, *, changes: bool = False) -> bool:
        """Whether the session still counts; `changes`: something is to be changed by it. Raises Unavailable."""
        known = self._of(session.who, kept_s=0.0 if changes else ENDED_KEPT_S)
        if known.ended.has(session.id, session.began_at):
            return False
        if self._ticks() - known.looked_at >= WORD_KEPT_S:
            # Before asking, so that a Slack that hangs keeps one request waiting and not each.
            known.looked_at = self._ticks()
            known.out = bool(self._why_out(session.person, now))
        return not known.out

    def learn(self, who: str, ended: Ended) -> None:
        """What was just ended counts here at once."""
        self._of(who, ended)

    def _of(self, who: str, ended: Ended | None = None, kept_s: float = ENDED_KEPT_S) -> _Known:
        known = self._known.get(who)
        if known is None:
            known = self._known[who] = _Known(ended or self._ended(who), self._ticks())
            if len(self._known) > MOST:
                self._known.pop(next(iter(self._known)))
        elif ended is not None:
            known.ended, known.read_at = ended, self._ticks()
        elif self._ticks() - known.read_at >= kept_s:
            self._read_again(who, known)
        return known

    def _read_again(self, who: str, known: _Known) -> None:
        try:
            known.ended, known.read_at = self._ended(who), self._ticks()
        except Unavailable:
            if self._ticks() - known.read_at >= ENDED_STALE_S:
                raise
