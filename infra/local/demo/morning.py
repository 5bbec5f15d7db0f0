"""Somebody's morning, whatever the hour at which the story is told.

Knows the words of the schedule that comes every hour, and how a person's clock is set by the command. Refuses to write
a reminder, and leaves the person's hours as they were.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from infra.target import Target

# In the room's own words, as the schedule says it.
REMIND = json.dumps({"remind": True})
# An hour and a half after nine, wherever that is just now.
MORNING_HOUR = 10
HALF_A_DAY = 12
Command = Callable[..., str]


def clock_of_morning(now: datetime) -> str:
    """A zone in which it is about ten in the morning: `Etc/GMT-2` is two hours before UTC."""
    ahead = (MORNING_HOUR - now.astimezone(UTC).hour + HALF_A_DAY) % (2 * HALF_A_DAY) - HALF_A_DAY
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


@contextmanager
def morning_of(email: str, command: Command, now: datetime) -> Iterator[None]:
    """While it lasts, it is the morning of a working day where that person is."""
    people: list[dict[str, Any]] = json.loads(command("people", "list", "--json"))
    before = next(person for person in people if person["email"] == email)
    command("people", "hours", email, "--timezone", clock_of_morning(now), "--weekdays", "mon-sun")
    try:
        yield
    finally:
        hours = [word for stretch in before["hours"] for word in ("--hours", stretch)]
        days = ",".join(before["weekdays"])
        command("people", "hours", email, "--timezone", before["timezone"], "--weekdays", days, *hours)


def an_hour_passes(target: Target) -> None:
    """What the hourly schedule says, said now."""
    target.client("sqs").send_message(QueueUrl=target.outputs["RemindersQueueUrl"], MessageBody=REMIND)
