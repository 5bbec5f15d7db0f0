"""One-shot schedules: at an instant, a message that names an incident.

Knows that a schedule's name follows from what it is for, so that the same one is made once. Refuses to cancel: whoever
hears one that has lost its meaning finds nothing due. The message has the shape of a fact.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import Unavailable

# The Scheduler takes whole seconds and refuses what is over; one second later nothing can be found too early.
LATER = timedelta(seconds=1)
LEAST_AHEAD = timedelta(seconds=5)
# As rules do: a day of retries, then the room's dead letters.
RETRY = {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """The schedule group, where its messages go, and the role that may put them there."""

    group: str
    queue_arn: str
    dead_letter_arn: str
    role_arn: str


class Timers:
    """`client` is an EventBridge Scheduler client."""

    def __init__(self, client: Any, place: Place) -> None:
        self._client, self._place = client, place
        self._made: set[str] = set()

    def ensure(self, number: int, at: datetime, now: datetime) -> None:
        """Make sure of a message about this incident at that instant. Raises Unavailable."""
        name = name_of(number, at)
        if name in self._made:
            return
        try:
            self._client.create_schedule(**self._request(name, number, max(at + LATER, now + LEAST_AHEAD)))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConflictException":
                raise Unavailable("The Scheduler refused a schedule.") from error
        except BotoCoreError as error:
            raise Unavailable("The Scheduler did not answer.") from error
        if len(self._made) >= REMEMBERED:
            self._made.clear()
        self._made.add(name)

    def _request(self, name: str, number: int, at: datetime) -> dict[str, Any]:
        fires = (at.astimezone(UTC) + timedelta(microseconds=999_999)).replace(microsecond=0, tzinfo=None)
        return {
            "Name": name,
            "GroupName": self._place.group,
            "ScheduleExpression": f"at({fires.isoformat()})",
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": {
                "Arn": self._place.queue_arn,
                "RoleArn": self._place.role_arn,
                "Input": message(number),
                "RetryPolicy": RETRY,
                "DeadLetterConfig": {"Arn": self._place.dead_letter_arn},
            },
        }


def name_of(number: int, at: datetime) -> str:
    """The name of the schedule for that instant."""
    stamp = at.astimezone(UTC).isoformat(timespec="milliseconds")
    return f"INC-{number}-{hashlib.blake2b(stamp.encode(), digest_size=6).hexdigest()}"


def message(number: int) -> str:
    """What is sent: the incident, and nothing that could be out of date."""
    return json.dumps({"detail": {"incident": f"INC-{number}"}})
