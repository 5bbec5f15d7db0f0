"""Alarms in, incidents out. Wiring only: see consumer.py for envelopes and record_transitions.py for the decision.

Trigger: the intake queue. Answers with the ids of the messages that must come again.
"""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from alarm_intake.consumer import Consumer
from alarm_intake.own_alarms import OwnAlarms
from alarm_intake.settings import IntakeSettings
from deadair.adapters.aws import client, hasty_client
from deadair.adapters.cloudwatch.tags import AlarmTags
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.ledger import Ledger
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.watchdog import WatchdogStore
from deadair.domain.ownership import Person, Scope
from deadair.telemetry import speak
from deadair.usecases.record_transitions import Recorder

logger = speak("alarm_intake")


@cache
def consumer() -> Consumer:
    """Everything wired, once per process."""
    settings = IntakeSettings.from_env()
    dynamodb = client("dynamodb")
    incidents = IncidentStore(dynamodb, settings.incidents_table)
    ledger = Ledger(dynamodb, settings.incidents_table, _Objects(), settings.knowledge_bucket)
    registry = RegistryStore(dynamodb, settings.registry_table)
    admitted = {name: tuple(values) for name, values in json.loads(settings.alarm_scope).items()}
    # A client for tags is made at the first stranger: an alarm that has a row asks nobody.
    tags = AlarmTags(lambda: hasty_client("cloudwatch"))
    recorder = Recorder(ledger, incidents, registry, Person(**json.loads(settings.fallback_owner)), tags)
    scope = Scope(**admitted, namespace=settings.metric_namespace)
    own = OwnAlarms(settings.stack_name, settings.drill_alarm, WatchdogStore(dynamodb, settings.incidents_table))
    return Consumer(ledger, recorder, scope, _Objects().read(settings.knowledge_bucket), own)


class _Objects:
    """S3, but the client is made at the first large event: most processes never see one."""

    def put_object(self, **request: Any) -> Any:
        return client("s3").put_object(**request)

    def read(self, bucket: str) -> Any:
        return lambda key: client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is an SQS batch."""
    failed = consumer().consume(event["Records"], datetime.now(UTC))
    if failed:
        logger.warning("messages must come again", extra={"count": len(failed)})
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
