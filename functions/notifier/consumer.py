"""A batch of messages: each incident in it once, and only what failed comes again.

Knows batches and delays. Refuses to know what a notice says.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.slack.client import SlackFailed
from deadair.domain.errors import NotFound, Poison, Unavailable
from notifier.events import Message

log = logging.getLogger(f"deadair.{__name__}")

# Before the second, third, … delivery. The queue gives five, so Slack may be down for a quarter of an hour.
DELAYS_S = (10, 60, 300, 600)


def consume(batch: list[Message], converge: Callable[[int], None], later: Callable[[Message, int], None]) -> list[str]:
    """Converge every incident of the batch. Returns the ids of the messages that must come again.

    `later(message, seconds)` asks the queue to deliver a failed message after that time; one that can never be
    worked need not wait for its dead letter.
    """
    by_incident: dict[int, list[Message]] = defaultdict(list)
    failed: list[Message] = []
    for message in batch:
        try:
            by_incident[message.incident()].append(message)
        except Poison as poison:
            log.exception("a message is no fact", extra={"message_id": message.message_id, "reason": poison.reason})
            failed.append(message)
            later(message, 0)
    for number, told in by_incident.items():
        wait = _attempt(number, told, converge)
        if wait is not None:
            failed += told
            for message in told:
                later(message, max(wait, backoff(message.deliveries)))
    return [message.message_id for message in failed]


def backoff(deliveries: int) -> int:
    """Seconds until the next delivery of a message that was delivered so often."""
    return DELAYS_S[min(max(deliveries, 1), len(DELAYS_S)) - 1]


def _attempt(number: int, told: list[Message], converge: Callable[[int], None]) -> int | None:
    """None when it worked, else the seconds that Slack wants us to wait (0: it did not say)."""
    facts: dict[str, Any] = {"incident": f"INC-{number}", "messages": [message.message_id for message in told]}
    try:
        converge(number)
    except SlackFailed as failure:
        log_at = log.error if failure.permanent else log.warning
        log_at("Slack: %s", failure, extra=facts | {"error": failure.error, "permanent": failure.permanent})
        return failure.retry_after_s
    except (NotFound, Unavailable, BotoCoreError, ClientError) as failure:
        log.warning("a notice waits: %s", failure, extra=facts)
        return 0
    except Exception:
        # An incident that we fail to draw must not keep its neighbours in the batch from being drawn.
        log.exception("a notice cannot be drawn", extra=facts)
        return 0
    return None
