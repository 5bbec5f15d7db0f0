"""From messages of the schedule to rounds. Knows that several messages at once are one round. Refuses to read them."""

import logging
from datetime import datetime
from typing import Any

from deadair.usecases.watch_line import LineWatch

logger = logging.getLogger("deadair.watchdog")


def consume(watch: LineWatch, records: list[dict[str, Any]], now: datetime) -> list[str]:
    """Go one round; returns the ids of the messages that must come again."""
    try:
        pulse = watch.go_round(now)
    except Exception:
        # Whatever it was, the next delivery tries again; should none succeed, the alarm rings by the silence.
        logger.exception("no round went out")
        return [record["messageId"] for record in records]
    logger.info("a round went out", extra={"last_round": str(pulse.round_at)})
    return []
