"""Facts in, what was found beside the incident. Wiring only: see consumer.py for batches, diagnose.py for the look.

Trigger: the diagnosis queue. Answers with the ids of the messages that must come again.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from deadair.adapters.aws import client, looking_client
from deadair.adapters.cloudwatch.logs import LogReader
from deadair.adapters.cloudwatch.sums import Sums
from deadair.adapters.dynamodb.audit import AuditLog
from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.diagnoses import DiagnosisStore
from deadair.adapters.dynamodb.health import HealthStore
from deadair.adapters.dynamodb.outlines import OutlineStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.sqs.diagnosis import DiagnosisQueue
from deadair.domain.caught_up import CaughtUp
from deadair.telemetry import speak
from deadair.usecases.diagnose import Diagnoser
from deadair.usecases.first_minutes import FirstMinutes
from deadair.usecases.look_back import LookBack
from diagnosis.consumer import consume
from diagnosis.events import Wish, messages
from diagnosis.settings import DiagnosisSettings

logger = speak("diagnosis")


@cache
def diagnoser() -> Diagnoser:
    """Everything wired, once per process."""
    settings = DiagnosisSettings.from_env()
    dynamodb = client("dynamodb")
    incidents, registry = settings.incidents_table, RegistryStore(dynamodb, settings.registry_table)
    return Diagnoser(
        store=DiagnosisStore(dynamodb, incidents),
        health=HealthStore(dynamodb, incidents),
        registry=registry,
        logs=LogReader(looking_client("logs")),
        facts=FirstMinutes(
            registry=registry,
            sums=Sums(looking_client("cloudwatch"), settings.metric_namespace),
            changes=ChangeStore(dynamodb, incidents),
            audit=AuditLog(dynamodb, settings.registry_table),
        ),
        back=LookBack(OutlineStore(dynamodb, incidents)),
    )


@cache
def queue() -> DiagnosisQueue:
    """The room's own queue."""
    return DiagnosisQueue(client("sqs"), DiagnosisSettings.from_env().diagnosis_queue_url)


@cache
def caught_up() -> CaughtUp:
    """What this process has looked at, and when it read it."""
    return CaughtUp()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is an SQS batch."""
    batch, look = messages(event), diagnoser()
    look.logs.begin()

    def once(wish: Wish) -> object:
        now = datetime.now(UTC)
        looked = look.look(wish.number, now, nudged=wish.nudged)
        caught_up().read(wish.number, now)
        return looked

    failed = consume(batch, once, queue().look_later, caught_up())
    logger.info("looked", extra={"messages": len(batch), "failed": len(failed)})
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
