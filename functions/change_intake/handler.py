"""Changes in, kept beside their integration. Wiring only: see consumer.py for messages, record_changes.py for the rest.

Trigger: the change queue. Answers with the ids of the messages that must come again.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from change_intake.consumer import Consumer
from change_intake.settings import ChangeSettings
from deadair.adapters.aws import client
from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.sqs.diagnosis import DiagnosisQueue
from deadair.telemetry import speak
from deadair.usecases.record_changes import ChangeRecorder

logger = speak("change_intake")


@cache
def consumer() -> Consumer:
    """Everything wired, once per process."""
    settings = ChangeSettings.from_env()
    dynamodb = client("dynamodb")
    recorder = ChangeRecorder(
        ChangeStore(dynamodb, settings.incidents_table),
        IncidentStore(dynamodb, settings.incidents_table),
        DiagnosisQueue(client("sqs"), settings.diagnosis_queue_url),
    )
    return Consumer(RegistryStore(dynamodb, settings.registry_table), recorder)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is an SQS batch."""
    failed = consumer().consume(event["Records"], datetime.now(UTC))
    if failed:
        logger.warning("messages must come again", extra={"count": len(failed)})
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
