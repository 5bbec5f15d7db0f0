"""Facts in, Slack up to date. Wiring only: see consumer.py for batches and desk.py for the notices.

Trigger: the notifier's queue. Answers with the ids of the messages that must come again.
"""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.aws import client
from deadair.adapters.cloudwatch.drill import AgeMetric
from deadair.adapters.dynamodb.actions import ActionStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.dynamodb.notices import NoticeStore
from deadair.adapters.dynamodb.paces import Paces
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.dynamodb.watchdog import WatchdogStore
from deadair.adapters.email.letters import Letters
from deadair.adapters.search import KnowledgeIndex
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.pace import Pace
from deadair.adapters.ssm.secrets import Secrets
from deadair.domain.caught_up import CaughtUp
from deadair.telemetry import speak
from deadair.usecases.watch_line import Heart
from notifier.bringing import Bringer
from notifier.consumer import Work, consume
from notifier.crowd import Crowds
from notifier.desk import Desk
from notifier.drawing import Pen
from notifier.events import Message, messages
from notifier.failing import Failed
from notifier.remembering import Remembering
from notifier.rounds import beat, parted
from notifier.settings import NotifierSettings
from notifier.standby import Standby
from notifier.whom import Whom

logger = speak("notifier")

# How long one batch may wait for Slack's rate limit, and ask anything of it at all: well within the function's minute.
PATIENCE_S, WITHIN_S = 25, 40


@cache
def settings() -> NotifierSettings:
    """Read once, at cold start."""
    return NotifierSettings.from_env()


@cache
def desk() -> Desk:
    """Everything wired, once per process."""
    told = settings()
    dynamodb, table = client("dynamodb"), told.incidents_table
    secrets = Secrets(client("ssm"), told.slack_secrets, "bot-token")
    links = Links(told.web_url)
    slack = SlackClient(
        told.slack_api_url,
        lambda: secrets.get("bot-token"),
        renew=lambda: secrets.anew("bot-token"),
        pace=Pace(Paces(dynamodb, table)),
    )
    bringer = Bringer(
        store=IncidentStore(dynamodb, table),
        pen=Pen(NoticeStore(dynamodb, table), now),
        slack=slack,
        whom=Whom(MemberStore(dynamodb, table), slack),
        crowds=Crowds(dynamodb, table),
        standby=standby(links),
        links=links,
        clock=now,
    )
    return Desk(
        bringer=bringer,
        registry=RegistryStore(dynamodb, told.registry_table),
        actions=ActionStore(dynamodb, table),
        past=Remembering(KnowledgeIndex(client("s3"), told.knowledge_bucket), links),
        channel=told.slack_channel,
    )


def standby(links: Links) -> Standby:
    """What is there when Slack is not."""
    told, dynamodb = settings(), client("dynamodb")
    return Standby(
        notices=NoticeStore(dynamodb, told.incidents_table),
        errors=StandingErrors(dynamodb, told.incidents_table),
        letters=Letters(client("sesv2"), client("sns"), told.email_sender, told.operator_topic),
        links=links,
        again=again,
        clock=now,
    )


def now() -> datetime:
    """The clock of this room."""
    return datetime.now(UTC)


@cache
def heart() -> Heart:
    """Where the watchdog's rounds end, wired once per process."""
    store = WatchdogStore(client("dynamodb"), settings().incidents_table)
    return Heart(store, AgeMetric(client("cloudwatch"), settings().metric_namespace))


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


def again(number: int, seconds: int) -> None:
    """Look at an incident again after so many seconds, whatever becomes of the messages about it."""
    body = {"source": "deadair.notifier", "detail-type": "notices.again", "detail": {"incident": f"INC-{number}"}}
    client("sqs").send_message(QueueUrl=settings().own_queue, MessageBody=json.dumps(body), DelaySeconds=seconds)


@cache
def caught_up() -> CaughtUp:
    """What this process has drawn, and when it read it."""
    return CaughtUp()


def take_over(number: int, failures: list[Failed]) -> None:
    """See to the notices that Slack does not take."""
    desk().bringer.standby.take_over(desk().bringer.read(number), failures)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is an SQS batch."""
    rounds, batch = parted(messages(event))
    desk().bringer.slack.begin(PATIENCE_S, WITHIN_S)
    # The watchdog's heartbeat first: it is of the line, not of Slack.
    failed = beat(heart(), rounds, now())
    failed += consume(batch, Work(desk().converge, take_over, later, now, caught_up()))
    logger.info("converged", extra={"messages": len(batch), "failed": len(failed)})
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
