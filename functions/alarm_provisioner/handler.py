"""Rows in, alarms out. Wiring only: see consumer.py for messages and provision_alarms.py for what is written.

Triggers: the registry's stream and the provisioner queue. Answers with the ids of what must come again.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from alarm_provisioner.consumer import Consumer, Run
from alarm_provisioner.settings import ProvisionerSettings
from deadair.adapters.aws import client
from deadair.adapters.cloudwatch.alarms import Alarms
from deadair.adapters.cloudwatch.sums import Sums
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.rows_now import RowsNow
from deadair.telemetry import speak
from deadair.usecases.look_again import LookAgain
from deadair.usecases.provision_alarms import Provisioner

logger = speak("alarm_provisioner")

# What an alarm may still take when the time is nearly over: a throttled call is given up after a minute.
MARGIN_MS = 90_000


@cache
def consumer() -> Consumer:
    """Everything wired, once per process."""
    settings = ProvisionerSettings.from_env()
    dynamodb, cloudwatch = client("dynamodb"), client("cloudwatch")
    rows = RowsNow(dynamodb, settings.registry_table)
    alarms = Alarms(cloudwatch, rate=float(settings.alarm_writes_per_second))
    prefix, namespace = settings.alarm_prefix, settings.metric_namespace
    incidents = IncidentStore(dynamodb, settings.incidents_table)
    return Consumer(
        Provisioner(rows, alarms, prefix=prefix, namespace=namespace),
        LookAgain(incidents, rows, alarms, Sums(cloudwatch, namespace), prefix=prefix),
        again=_to(settings.provisioner_queue_url),
        tell=_to(settings.intake_queue_url),
    )


def _to(queue_url: str) -> Callable[[dict[str, Any]], None]:
    def send(message: dict[str, Any]) -> None:
        client("sqs").send_message(QueueUrl=queue_url, MessageBody=json.dumps(message))

    return send


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is a batch of the stream or of the queue."""
    records = event["Records"]
    if records[0]["eventSource"] == "aws:dynamodb":
        logger.info("rows changed", extra={"slugs": consumer().hear(records)})
        return {"batchItemFailures": []}
    region, account = context.invoked_function_arn.split(":")[3:5]
    run = Run(
        now=datetime.now(UTC),
        enough=lambda: context.get_remaining_time_in_millis() < MARGIN_MS,
        account=account,
        region=region,
    )
    failed = consumer().consume(records, run)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
