"""Facts in, Slack up to date. Wiring only: see consumer.py for batches and desk.py for the notices.

Trigger: the notifier's queue. Answers with the ids of the messages that must come again.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.aws import client
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.notices import NoticeStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.search import KnowledgeIndex
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.slack.links import Links
from deadair.adapters.ssm.secrets import Secrets
from deadair.telemetry import speak
from notifier.consumer import consume
from notifier.desk import Desk
from notifier.drawing import Pen
from notifier.events import Message, messages
from notifier.settings import NotifierSettings

logger = speak("notifier")

# How long one batch may wait for Slack's rate limit: well within the function's minute.
PATIENCE_S = 25


@cache
def desk() -> Desk:
    """Everything wired, once per process."""
    settings = NotifierSettings.from_env()
    dynamodb = client("dynamodb")
    secrets = Secrets(client("ssm"), settings.slack_secrets, "bot-token")
    return Desk(
        store=IncidentStore(dynamodb, settings.incidents_table),
        pen=Pen(NoticeStore(dynamodb, settings.incidents_table), lambda: datetime.now(UTC)),
        registry=RegistryStore(dynamodb, settings.registry_table),
        knowledge=KnowledgeIndex(client("s3"), settings.knowledge_bucket),
        slack=SlackClient(settings.slack_api_url, lambda: secrets.get("bot-token")),
        links=Links(settings.web_url),
        channel=settings.slack_channel,
    )


@cache
def queue_url(arn: str) -> str:
    """The address of a queue, from its ARN."""
    return str(client("sqs").get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"])


def later(message: Message, seconds: int) -> None:
    """Deliver a failed message after so many seconds instead of the queue's own time. A wish, not a condition."""
    try:
        client("sqs").change_message_visibility(
            QueueUrl=queue_url(message.queue_arn), ReceiptHandle=message.receipt, VisibilityTimeout=seconds
        )
    except (BotoCoreError, ClientError) as error:
        logger.warning("the delay could not be set: %s", type(error).__name__)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is an SQS batch."""
    batch = messages(event)
    desk().slack.be_patient(PATIENCE_S)
    failed = consume(batch, desk().converge, later)
    logger.info("converged", extra={"messages": len(batch), "failed": len(failed)})
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
