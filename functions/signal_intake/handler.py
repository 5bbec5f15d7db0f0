"""Signals in, metrics out. Wiring only: see consumer.py for messages and count_signals.py for what is counted.

Trigger: the signal queue. Answers with the ids of the messages that must come again.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from deadair.adapters.aws import client
from deadair.adapters.cloudwatch.metrics import MetricWriter
from deadair.adapters.dynamodb.signals import SignalLedger
from deadair.telemetry import speak
from deadair.usecases.count_signals import SignalCounter
from signal_intake.consumer import consume
from signal_intake.settings import SignalSettings

logger = speak("signal_intake")


@cache
def counter() -> SignalCounter:
    """Everything wired, once per process."""
    settings = SignalSettings.from_env()
    ledger = SignalLedger(client("dynamodb"), settings.incidents_table)
    return SignalCounter(ledger, MetricWriter(client("cloudwatch"), settings.metric_namespace))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is an SQS batch."""
    failed = consume(counter(), event["Records"], datetime.now(UTC))
    if failed:
        logger.warning("messages must come again", extra={"count": len(failed)})
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
