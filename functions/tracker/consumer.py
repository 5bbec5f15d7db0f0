"""From messages of the queue to the tracker, one by one, each failing alone.

Knows how long a message rests after each failure, and that a tracker's own wish goes first. Refuses to know HTTP.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.bus.messages import FactMessage
from deadair.domain.errors import DeadairError, NotFound, Poison
from tracker.events import read_fact
from tracker.telling import Tracker, TryLater

logger = logging.getLogger(f"deadair.{__name__}")

# After the first failure, the second, and so on; the queue gives up behind the last.
WAITS_S = (30, 120, 600, 1800, 3600)
Later = Callable[[FactMessage, int], None]


def consume(tracker: Tracker, batch: list[FactMessage], later: Later, now: datetime) -> list[str]:
    """Tell the tracker; returns the ids of the messages that must come again. `later` sets a message's rest."""
    failed = []
    for message in batch:
        try:
            tracker.tell(read_fact(message.body), now)
        except NotFound:
            logger.info("an action item was taken back meanwhile")
        except (DeadairError, BotoCoreError, ClientError) as error:
            failed.append(message.message_id)
            logger.warning("the tracker was not told", extra={"why": str(error)[:200]})
            if not isinstance(error, Poison):
                later(message, _wait_s(message, error))
    return failed


def _wait_s(message: FactMessage, error: Exception) -> int:
    wished = error.wait_s if isinstance(error, TryLater) else 0
    return wished or WAITS_S[min(message.deliveries, len(WAITS_S)) - 1]
