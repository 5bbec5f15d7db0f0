"""From messages of the schedule to a round of reminders. Knows that several messages at once are one round."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from reminders.monthly import Monthly
from reminders.mornings import Mornings

logger = logging.getLogger(f"deadair.{__name__}")


def consume(
    mornings: Mornings, monthly: Monthly, records: list[dict[str, Any]], now: datetime, hurry: Callable[[], bool]
) -> list[str]:
    """Tell whoever is to be told now; returns the ids of the messages that must come again."""
    told = [_safely(lambda: mornings.tell(now, hurry)), _safely(lambda: monthly.tell(now) is not None)]
    return [] if all(told) else [record["messageId"] for record in records]


def _safely(work: Callable[[], bool]) -> bool:
    """Whatever it was, the other half is done all the same, and the next delivery tries again."""
    try:
        return work()
    except Exception:
        logger.exception("a part of the reminders failed")
        return False
