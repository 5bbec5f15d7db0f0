"""From the messages of the signal queue to the use case. Refuses to know what a signal counts for."""

import logging
from datetime import datetime
from typing import Any

from deadair.adapters.sqs.signals import batch_from
from deadair.usecases.count_signals import SignalCounter

logger = logging.getLogger("deadair.signals")


def consume(counter: SignalCounter, records: list[dict[str, Any]], now: datetime) -> list[str]:
    """Count a batch of SQS records; returns the ids of those that must come again.

    One that can never be read comes again, too, and ends in the queue's dead letters, where it can be looked at.
    """
    failed = []
    for record in records:
        try:
            counter.count(batch_from(record["body"]), now)
        except Exception:
            # Whatever it was: its neighbours are counted all the same, and it alone comes again.
            logger.exception("not counted now", extra={"message_id": record["messageId"]})
            failed.append(record["messageId"])
    return failed
