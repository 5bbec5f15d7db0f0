"""Reminders of what waits for people, every hour. Wiring only: see mornings.py and monthly.py.

Trigger: the reminders' queue, which a schedule fills. Answers with the ids of the messages that must come again.
"""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from deadair.adapters.aws import client
from deadair.adapters.dynamodb.actions import ActionStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.dynamodb.outlines import OutlineStore
from deadair.adapters.dynamodb.paces import Paces
from deadair.adapters.dynamodb.people import PeopleStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.reminded import RemindedStore
from deadair.adapters.email.letters import Letters
from deadair.adapters.search import KnowledgeIndex
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.pace import Pace
from deadair.adapters.ssm.secrets import Secrets
from deadair.domain.ownership import Person
from deadair.telemetry import speak
from deadair.usecases.actions.gather_work import Gathering
from deadair.usecases.over_time import OverTime
from reminders.consumer import consume
from reminders.monthly import Monthly
from reminders.mornings import Mornings
from reminders.sending import Sender
from reminders.settings import RemindersSettings

logger = speak("reminders")

# How long one run may wait for Slack's rate limit, and ask anything of it; what is left goes to the next delivery.
PATIENCE_S, WITHIN_S = 120, 220
LEFT_MS = 40_000


@cache
def settings() -> RemindersSettings:
    """Read once, at cold start."""
    return RemindersSettings.from_env()


@cache
def sender() -> Sender:
    """How digests go out, wired once per process."""
    told, dynamodb = settings(), client("dynamodb")
    secrets = Secrets(client("ssm"), told.slack_secrets, "bot-token")
    slack = SlackClient(
        told.slack_api_url,
        lambda: secrets.get("bot-token"),
        renew=lambda: secrets.anew("bot-token"),
        pace=Pace(Paces(dynamodb, told.incidents_table)),
    )
    letters = Letters(client("sesv2"), client("sns"), told.email_sender, told.operator_topic)
    members = MemberStore(dynamodb, told.incidents_table)
    return Sender(RemindedStore(dynamodb, told.incidents_table), slack, letters, members)


def mornings() -> Mornings:
    """Made for each run: who left is looked up anew."""
    told, dynamodb = settings(), client("dynamodb")
    table = told.incidents_table
    gathering = Gathering(
        ActionStore(dynamodb, table),
        IncidentStore(dynamodb, table),
        RegistryStore(dynamodb, told.registry_table),
        sender().members,
        Person(**json.loads(told.fallback_owner)),
    )
    return Mornings(gathering, PeopleStore(dynamodb, table), sender(), Links(told.web_url))


@cache
def monthly() -> Monthly:
    """What the channel hears once a month, wired once per process."""
    told, dynamodb = settings(), client("dynamodb")
    return Monthly(
        ActionStore(dynamodb, told.incidents_table),
        OverTime(OutlineStore(dynamodb, told.incidents_table)),
        KnowledgeIndex(client("s3"), told.knowledge_bucket),
        sender(),
        Links(told.web_url),
        told.slack_channel,
    )


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is an SQS batch."""
    sender().slack.begin(PATIENCE_S, WITHIN_S)
    failed = consume(
        mornings(),
        monthly(),
        event["Records"],
        datetime.now(UTC),
        lambda: context.get_remaining_time_in_millis() < LEFT_MS,
    )
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
