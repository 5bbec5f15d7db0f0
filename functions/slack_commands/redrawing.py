"""A Home that somebody looks at is drawn again after their step elsewhere, by whoever works the kept queue.

Knows only whose Home this process has drawn within the hour. Refuses to keep the step's answer waiting: it sends one
message, and where that fails the Home is as old as it was until it is opened again.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deadair.adapters.sqs.kept import KeptQueue, KeptRequest
from deadair.domain.errors import Unavailable

SEEN = timedelta(hours=1)
# More than one process meets in an hour.
MOST = 500
EVENTS = "/slack/events"

log = logging.getLogger(f"deadair.{__name__}")


@dataclass(frozen=True, slots=True)
class Homes:
    """Without a queue no Home is drawn again."""

    queue: Callable[[], KeptQueue] | None = None
    drawn: dict[str, datetime] = field(default_factory=dict)

    def opened(self, user: str, now: datetime) -> None:
        """Somebody looks at theirs."""
        if len(self.drawn) >= MOST:
            self.drawn.clear()
        self.drawn[user] = now

    def after_step(self, user: str, team: str, now: datetime, ref: str) -> None:
        """Have it drawn again, as if it were opened now."""
        seen = self.drawn.get(user)
        if self.queue is None or seen is None or now - seen > SEEN:
            return
        event = {"type": "app_home_opened", "user": user, "tab": "home"}
        told = {"type": "event_callback", "team_id": team, "event_id": f"home-{user}-{now.timestamp()}", "event": event}
        request = KeptRequest(EVENTS, json.dumps(told).encode(), str(int(now.timestamp())), now, ref)
        try:
            self.queue().keep(request, user)
        except Unavailable:
            log.warning("a Home is not drawn again", extra={"ref": ref})
