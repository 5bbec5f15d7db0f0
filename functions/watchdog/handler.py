"""A drill into the line, every five minutes. Wiring only: see watch_line.py for what it says.

Trigger: the watchdog's queue, which a schedule fills. Answers with the ids of the messages that must come again.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from deadair.adapters.aws import client
from deadair.adapters.cloudwatch.drill import DrillAlarm
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.dynamodb.watchdog import WatchdogStore
from deadair.adapters.ping import ping
from deadair.telemetry import speak
from deadair.usecases.watch_line import LineWatch
from watchdog.consumer import consume
from watchdog.settings import WatchdogSettings

logger = speak("watchdog")


@cache
def watch() -> LineWatch:
    """Everything wired, once per process."""
    settings = WatchdogSettings.from_env()
    dynamodb = client("dynamodb")
    return LineWatch(
        WatchdogStore(dynamodb, settings.incidents_table),
        DrillAlarm(client("cloudwatch"), settings.drill_alarm),
        StandingErrors(dynamodb, settings.incidents_table),
        lambda: ping(settings.ping_url),
    )


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is an SQS batch."""
    failed = consume(watch(), event["Records"], datetime.now(UTC))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
