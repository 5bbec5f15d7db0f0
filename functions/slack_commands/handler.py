"""Slack's requests in, answers out. Wiring only: see routes.py for the doors.

Triggers: the HTTP API, POST /slack/{commands,interactions,events,options}; the kept queue, with what could not be
worked at once.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from deadair.adapters.aws import client, prompt_client
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.requests import RequestStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.prompt import Prompt
from deadair.adapters.sqs.kept import KeptQueue
from deadair.adapters.ssm.secrets import Secrets
from deadair.domain.errors import Unavailable
from deadair.domain.standing_in import addresses_in
from deadair.telemetry import speak
from deadair.usecases.must_be_there import Workspace
from slack_commands.events import request_from
from slack_commands.keeping import respond_or_keep
from slack_commands.people import Directory
from slack_commands.redrawing import Homes
from slack_commands.room import Room
from slack_commands.settings import SlackSettings

if TYPE_CHECKING:
    from deadair.adapters.search import KnowledgeIndex
    from deadair.adapters.slack.client import SlackClient
    from deadair.adapters.slack.prompt_slack import PromptSlack

PARAMETER = "bot-token"
# Slack waits three seconds for an answer; it may be slow to say who asks, and to take an answer elsewhere.
TIMEOUT_S = 1
# So long may a request ask the store before it is kept instead; nobody waits for what comes out of the queue.
WITHIN_S, UNHURRIED_S = 2.0, 8.0

logger = speak("slack_commands")


@cache
def dynamodb() -> Prompt:
    """The table, asked by somebody who waits."""
    return Prompt(prompt_client("dynamodb"))


@cache
def kept() -> KeptQueue:
    """The queue of what cannot be worked now."""
    return KeptQueue(prompt_client("sqs"), room().settings.kept_queue)


@cache
def room() -> Room:
    """Everything wired, once per process."""
    settings, table = SlackSettings.from_env(), dynamodb()
    registry = RegistryStore(table, settings.registry_table)
    workspace = Workspace(MemberStore(table, settings.incidents_table), slack, settings.slack_team)
    return Room(
        settings=settings,
        store=IncidentStore(table, settings.incidents_table),
        requests=RequestStore(table, settings.incidents_table),
        registry=registry,
        directory=Directory(registry, workspace, addresses_in(settings.admins)),
        secrets=Secrets(client("ssm"), settings.slack_secrets, "signing-secret"),
        knowledge=knowledge,
        direct=direct,
        slack=prompt_slack,
        errors=StandingErrors(table, settings.incidents_table),
        homes=Homes(kept if settings.kept_queue else None),
    )


@cache
def knowledge() -> "KnowledgeIndex":
    """The search index; imported at the first search, because most requests are none."""
    from deadair.adapters.search import KnowledgeIndex

    return KnowledgeIndex(client("s3"), room().settings.knowledge_bucket)


@cache
def bot() -> Secrets:
    """Where the bot's token lies."""
    return Secrets(client("ssm"), room().settings.slack_secrets, PARAMETER)


def token() -> str:
    """The token as it is known, at most a minute old."""
    return bot().get(PARAMETER)


def another_token() -> str:
    """The token as it is now: Slack says that the known one is over."""
    return bot().anew(PARAMETER)


@cache
def slack() -> "SlackClient":
    """What says who somebody is; imported when nobody here knows, which is seldom."""
    from deadair.adapters.slack.client import SlackClient

    return SlackClient(room().settings.slack_api_url, token, TIMEOUT_S, renew=another_token)


@cache
def prompt_slack() -> "PromptSlack":
    """What opens modals and shows Homes; imported at the first of them."""
    from deadair.adapters.slack.prompt_slack import PromptSlack

    return PromptSlack(room().settings.slack_api_url, token, renew=another_token)


@cache
def direct() -> Callable[[str, dict[str, Any]], None]:
    """What tells one person directly; imported when an answer did not arrive, which is seldom."""
    from slack_commands.direct import teller

    return teller(slack())


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Lambda's door. Slack shows its own words for a 503, and the person may repeat the command."""
    ref = str(getattr(context, "aws_request_id", ""))[:8]
    if isinstance(event, dict) and "Records" in event:
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in applied(event)]}
    try:
        wired = room()
        dynamodb().begin(WITHIN_S)
        response = respond_or_keep(wired, kept, request_from(event), datetime.now(UTC), ref)
    except Unavailable:
        logger.exception("the signing secret cannot be read", extra={"ref": ref})
        return {"statusCode": 503, "headers": {}, "body": ""}
    logger.info("answered", extra={"ref": ref, "status": response["statusCode"]})
    return response


def applied(event: dict[str, Any]) -> list[str]:
    """Work what was kept; imported then, which is seldom."""
    from slack_commands.applying import Applier

    dynamodb().begin(UNHURRIED_S)
    return Applier(room(), kept(), lambda: datetime.now(UTC)).work(event)
