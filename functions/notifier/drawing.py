"""One notice, drawn by one holder at a time, from a state that nobody has drawn before.

Knows leases and turns. Refuses to know what is drawn. Whoever returns normally may delete its message: the notice
shows the state that the message was about, or a later one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from deadair.adapters.dynamodb.notices import NoticeStore, Progress
from deadair.domain.errors import Unavailable

# Longer than any drawing takes: a few calls of at most five seconds each.
LEASE_S = 60
WAIT_S = 0.2
LONGEST_WAIT_S = 6.0

Marks = dict[str, str]
# Draws the newest state, knowing how far the notice was; returns the version that it drew and its marks.
Make = Callable[[Progress], tuple[int, Marks]]


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws notices. `clock` gives aware UTC instants."""

    notices: NoticeStore
    clock: Callable[[], datetime]

    def draw(self, number: int, name: str, version: int, seen: Progress, make: Make) -> None:
        """Bring a notice to `version` or later; `seen` is how far it was when `version` was read.

        Raises Unavailable when somebody else holds the notice for too long, and whatever `make` raises.
        """
        waited, drawn = 0.0, seen.drawn
        while drawn < version:
            before = self.notices.claim(number, name, version, self.clock(), LEASE_S)
            if before is not None:
                self._hold(number, name, before, make)
                return
            if waited >= LONGEST_WAIT_S:
                raise Unavailable(f"Somebody else is drawing {name} of INC-{number}.")
            time.sleep(WAIT_S)
            waited += WAIT_S
            drawn = self.notices.progress(number, name).drawn

    def _hold(self, number: int, name: str, before: Progress, make: Make) -> None:
        """Draw until nobody wants a newer version. On failure let go, so that the next delivery need not wait."""
        try:
            while True:
                version, marks = make(before)
                if self.notices.finish(number, name, version, marks):
                    return
                before = Progress(marks, version, unfinished=False)
        except BaseException:
            self.notices.release(number, name)
            raise
