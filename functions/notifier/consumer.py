"""A batch of messages: each incident in it once, and only what failed comes again.

Knows batches, delays, facts that were drawn already, and when to stop waiting for Slack. Refuses to know what a
notice says.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.caught_up import CaughtUp
from deadair.domain.errors import NotFound, Poison, Unavailable
from notifier.events import Message
from notifier.failing import Failed, NoticesFailed

log = logging.getLogger(f"deadair.{__name__}")

# Before the second, third, … delivery.
DELAYS_S = (10, 30, 60, 300)
# After so many deliveries the person hears on another way, less than two minutes after the first. The queue gives
# one more, for a worker that dies while it sees to that.
PATIENT = 4


@dataclass(frozen=True, slots=True)
class Work:
    """What the consumer is given.

    `converge(number)` brings the notices, `take_over(number, failures)` sees to those that Slack does not take,
    `later(message, seconds)` asks the queue to deliver a failed message after that time. `caught_up` lives as long as
    the process: in a storm most facts are drawn before their turn comes.
    """

    converge: Callable[[int], None]
    take_over: Callable[[int, list[Failed]], None]
    later: Callable[[Message, int], None]
    clock: Callable[[], datetime]
    caught_up: CaughtUp = field(default_factory=CaughtUp)


def consume(batch: list[Message], work: Work) -> list[str]:
    """Converge every incident of the batch. Returns the ids of the messages that must come again."""
    by_incident: dict[int, list[Message]] = defaultdict(list)
    failed: list[Message] = []
    for message in batch:
        try:
            number = message.incident()
            if not work.caught_up.covers(number, message.sent_at):
                by_incident[number].append(message)
        except Poison as poison:
            log.exception("a message is no fact", extra={"message_id": message.message_id, "reason": poison.reason})
            failed.append(message)
            # One that can never be worked need not wait for its dead letter.
            work.later(message, 0)
    for number, told in by_incident.items():
        wait = _attempt(number, told, work)
        if wait is not None:
            failed += told
            for message in told:
                work.later(message, max(wait, backoff(message.deliveries)))
    return [message.message_id for message in failed]


def backoff(deliveries: int) -> int:
    """Seconds until the next delivery of a message that was delivered so often."""
    return DELAYS_S[min(max(deliveries, 1), len(DELAYS_S)) - 1]


def _attempt(number: int, told: list[Message], work: Work) -> int | None:
    """None when it worked, or others see to it; else the seconds that Slack wants us to wait (0: it did not say)."""
    began = work.clock()
    facts: dict[str, Any] = {"incident": f"INC-{number}", "messages": [message.message_id for message in told]}
    try:
        try:
            work.converge(number)
            work.caught_up.read(number, began)
        except NoticesFailed as failed:
            return _left(failed, max(message.deliveries for message in told), work, facts)
    except (NotFound, Unavailable, BotoCoreError, ClientError) as failure:
        log.warning("a notice waits: %s", failure, extra=facts)
        return 0
    except Exception:
        # An incident that we fail to draw must not keep its neighbours in the batch from being drawn.
        log.exception("a notice cannot be drawn", extra=facts)
        return 0
    return None


def _left(failed: NoticesFailed, deliveries: int, work: Work, facts: dict[str, Any]) -> int | None:
    """Hand over what Slack does not take; the seconds until the rest is tried again, None when nothing is left."""
    for one in failed.failures:
        log_at = log.error if one.is_hopeless or not one.is_expected else log.warning
        log_at("%s: %s", one.name, one.error, extra=facts | {"error": one.word}, exc_info=_shown(one))
    given_up = [one for one in failed.failures if one.is_slacks and (one.is_hopeless or deliveries >= PATIENT)]
    # What waits for its turn is no failure; it only must not run out of deliveries.
    if given_up:
        work.take_over(failed.number, given_up)
    left = [one for one in failed.failures if one not in given_up]
    return max(one.wait_s for one in left) if left else None


def _shown(one: Failed) -> Exception | None:
    return None if one.is_expected else one.error
