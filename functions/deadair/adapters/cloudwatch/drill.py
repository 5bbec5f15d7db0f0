"""The alarm that the watchdog lets say something, and the number that says how long that took.

Knows CloudWatch's calls. Refuses to know what the line makes of it.
"""

from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.alarm import AlarmState
from deadair.domain.errors import Unavailable
from deadair.domain.watchdog import AGE_METRIC

REASON = "Deadair tries its own line. Nothing is wrong."


class DrillAlarm:
    """The alarm. `client` is a low-level CloudWatch client."""

    def __init__(self, client: Any, name: str) -> None:
        self._client, self._name = client, name

    def say(self, state: AlarmState) -> None:
        """Let it be in a state, of which CloudWatch tells as of any alarm's when it is another. Raises Unavailable."""
        try:
            self._client.set_alarm_state(AlarmName=self._name, StateValue=state.value, StateReason=REASON)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("CloudWatch did not take the watchdog's drill.") from error


class AgeMetric:
    """How old rounds were when they came out. `client` is a low-level CloudWatch client."""

    def __init__(self, client: Any, namespace: str) -> None:
        self._client, self._namespace = client, namespace

    def write(self, age_s: float, now: datetime) -> None:
        """One round came out. Raises Unavailable."""
        datum = {"MetricName": AGE_METRIC, "Timestamp": now, "Value": max(age_s, 0.0)}
        try:
            self._client.put_metric_data(Namespace=self._namespace, MetricData=[datum])
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("CloudWatch did not take the watchdog's heartbeat.") from error
