"""A batch of messages: one look at each incident in it, and later looks where an outage began.

Knows batches, alarms that were seen already, and when to look again. Refuses to know what a look finds.
"""

import logging
from collections import defaultdict
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.caught_up import CaughtUp
from deadair.domain.errors import NotFound, Poison, Unavailable
from diagnosis.events import Message, Wish

log = logging.getLogger(f"deadair.{__name__}")

# By then the first retries have failed or not, and the logs have arrived; fifteen minutes are the longest SQS waits.
LATER_S = (300, 900)
Look = Callable[[Wish], object]
Later = Callable[[int, int], None]


def consume(batch: list[Message], look: Look, later: Later, caught_up: CaughtUp | None = None) -> list[str]:
    """Look at every incident of the batch once. Returns the ids of the messages that must come again.

    `caught_up` knows the looks of this process: in a storm most alarms were seen by the look before their turn comes.
    """
    known = caught_up or CaughtUp()
    by_incident: dict[int, list[tuple[str, Wish]]] = defaultdict(list)
    failed: list[str] = []
    for message in batch:
        try:
            wish = message.wish()
            if wish.begins or not known.covers(wish.number, message.sent_at):
                by_incident[wish.number].append((message.message_id, wish))
        except Poison as poison:
            log.exception("a message is no fact", extra={"message_id": message.message_id, "reason": poison.reason})
            failed.append(message.message_id)
    for number, told in by_incident.items():
        wish = Wish(
            number=number,
            begins=any(wish.begins for _, wish in told),
            nudged=any(wish.nudged for _, wish in told),
        )
        if not _done(wish, look, later):
            failed += [message_id for message_id, _ in told]
    return failed


def _done(wish: Wish, look: Look, later: Later) -> bool:
    """Later looks are asked for first: a process that dies between leaves one too many, which finds nothing due."""
    facts = {"incident": f"INC-{wish.number}"}
    try:
        for seconds in LATER_S if wish.begins else ():
            later(wish.number, seconds)
        look(wish)
    except (NotFound, Unavailable, BotoCoreError, ClientError) as failure:
        log.warning("a look waits: %s", type(failure).__name__, extra=facts)
        return False
    except Exception:
        # An incident that cannot be looked at must not keep its neighbours in the batch from it.
        log.exception("an incident cannot be looked at", extra=facts)
        return False
    return True
