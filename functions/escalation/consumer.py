"""A batch of messages: each incident in it once, and only what failed comes again.

Knows batches, facts that were seen already, and the sweep. Refuses to know what is due.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from deadair.domain.caught_up import CaughtUp
from deadair.domain.errors import Poison
from escalation.events import Message

logger = logging.getLogger(f"deadair.{__name__}")

# Before the second, third, … delivery. The queue gives five, so a neighbour may be down for a quarter of an hour.
DELAYS_S = (10, 60, 300, 600)


@dataclass(frozen=True, slots=True)
class Work:
    """What the consumer is given. `converge(number, now)` does what is due.

    `caught_up` lives as long as the process: in a storm most facts were seen before their turn comes.
    """

    converge: Callable[[int, datetime], None]
    sweep: Callable[[], None]
    clock: Callable[[], datetime]
    caught_up: CaughtUp = field(default_factory=CaughtUp)


def consume(batch: list[Message], work: Work) -> list[str]:
    """Converge every incident of the batch. Returns the ids of the messages that must come again."""
    by_incident: dict[int, list[str]] = defaultdict(list)
    failed: list[str] = []
    for message in batch:
        if message.is_sweep:
            failed += [] if _done(work.sweep, "sweep") else [message.message_id]
            continue
        try:
            number = message.incident()
            if not work.caught_up.covers(number, message.sent_at):
                by_incident[number].append(message.message_id)
        except Poison as poison:
            logger.exception("a message is no fact", extra={"message_id": message.message_id, "reason": poison.reason})
            failed.append(message.message_id)
    for number, ids in by_incident.items():
        began = work.clock()
        if _done(lambda number=number, began=began: work.converge(number, began), f"INC-{number}"):  # type: ignore[misc]
            work.caught_up.read(number, began)
        else:
            failed += ids
    return failed


def delay_s(message: Message) -> int:
    """Seconds until a failed message comes again: a deadline is not to wait for the queue's own time.

    What names no incident need not wait for its dead letter.
    """
    try:
        message.is_sweep or message.incident()
    except Poison:
        return 0
    return DELAYS_S[min(message.deliveries, len(DELAYS_S)) - 1]


def _done(work: Callable[[], None], what: str) -> bool:
    try:
        work()
    except Exception:
        # Whatever it is, the neighbours in the batch are not to wait for it; the queue brings it again.
        logger.exception("not done now", extra={"what": what})
        return False
    return True


def portions(bodies: Iterable[str], size: int = 10) -> list[list[str]]:
    """As many as SQS takes in one call."""
    listed = list(bodies)
    return [listed[start : start + size] for start in range(0, len(listed), size)]
