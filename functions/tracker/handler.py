"""Facts of action items in, the tracker told. Wiring only: see telling.py.

Trigger: the tracker's queue, which the incident bus feeds where an address is configured. Answers with the ids of the
messages that must come again.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.aws import client
from deadair.adapters.bus.messages import FactMessage
from deadair.adapters.dynamodb.actions import ActionStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.slack.links import Links
from deadair.adapters.ssm.secrets import Secrets
from deadair.adapters.tracker.post import post
from deadair.telemetry import speak
from tracker.consumer import consume
from tracker.settings import TrackerSettings
from tracker.telling import Tracker

logger = speak("tracker")


@cache
def tracker() -> Tracker:
    """Everything wired, once per process."""
    told, dynamodb = TrackerSettings.from_env(), client("dynamodb")
    secrets = Secrets(client("ssm"), told.action_secrets, "webhook-secret")
    return Tracker(
        IncidentStore(dynamodb, told.incidents_table),
        ActionStore(dynamodb, told.incidents_table),
        StandingErrors(dynamodb, told.incidents_table),
        Links(told.web_url),
        told.actions_webhook,
        lambda: secrets.get("webhook-secret"),
        post,
    )


@cache
def queue_url(arn: str) -> str:
    """The address of a queue, from its ARN."""
    return str(client("sqs").get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"])


def later(message: FactMessage, seconds: int) -> None:
    """Deliver a failed message after so many seconds instead of the queue's own time. A wish, not a condition."""
    try:
        client("sqs").change_message_visibility(
            QueueUrl=queue_url(message.queue_arn), ReceiptHandle=message.receipt, VisibilityTimeout=seconds
        )
    except (BotoCoreError, ClientError) as error:
        logger.warning("the delay could not be set: %s", type(error).__name__)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is an SQS batch."""
    batch = [FactMessage.model_validate(record) for record in event["Records"]]
    failed = consume(tracker(), batch, later, datetime.now(UTC))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
