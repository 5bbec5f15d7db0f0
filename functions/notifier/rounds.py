"""The watchdog's rounds among the facts: they end here, draw nothing, and are the heartbeat of the whole line.

Knows a round by its name. Refuses to know who misses it.
"""

import json
import logging
from collections.abc import Iterable
from datetime import datetime

from deadair.domain.watchdog import ROUND
from deadair.usecases.watch_line import Heart
from notifier.events import Message

log = logging.getLogger(f"deadair.{__name__}")


def parted(batch: list[Message]) -> tuple[list[tuple[Message, datetime]], list[Message]]:
    """The rounds of a batch, each with its time, and the rest."""
    told = [(message, _round_at(message.body)) for message in batch]
    return [(message, at) for message, at in told if at], [message for message, at in told if not at]


def beat(heart: Heart, rounds: Iterable[tuple[Message, datetime]], now: datetime) -> list[str]:
    """Write the heartbeat; returns the ids of the messages that must come again."""
    failed = []
    for message, at in rounds:
        try:
            heart.beat(at, now)
        except Exception:
            # Whatever it was, notices must go out all the same.
            log.exception("no heartbeat", extra={"message_id": message.message_id})
            failed.append(message.message_id)
    return failed


def _round_at(body: str) -> datetime | None:
    """When the round began; None for every other fact, and for what is none."""
    if ROUND not in body:
        return None
    try:
        event = json.loads(body)
        at = datetime.fromisoformat(event["detail"]["occurred_at"]) if event["detail-type"] == ROUND else None
    except (KeyError, TypeError, ValueError):
        return None
    return at if at and at.tzinfo else None
