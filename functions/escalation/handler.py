"""Facts and timers in, people told. Wiring only: see consumer.py for batches and escalate.py for what is done.

Trigger: the escalation queue. Answers with the ids of the messages that must come again.
"""

import json
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.aws import client
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.scheduler.timers import Place, Timers, message
from deadair.adapters.ssm.secrets import Secrets
from deadair.domain.caught_up import CaughtUp
from deadair.domain.errors import Unavailable
from deadair.domain.ownership import Person
from deadair.telemetry import speak
from deadair.usecases.escalate import Escalator
from deadair.usecases.look_for_owners import Lookout
from deadair.usecases.must_be_there import Workspace
from deadair.usecases.sweep import sweep
from escalation.consumer import Work, consume, delay_s, portions
from escalation.events import Message, messages
from escalation.settings import EscalationSettings

if TYPE_CHECKING:
    from deadair.adapters.slack.client import SlackClient

# Nobody is told later because Slack does not say who is there.
TIMEOUT_S = 2

logger = speak("escalation")


@cache
def settings() -> EscalationSettings:
    """The room's settings, read once."""
    return EscalationSettings.from_env()


@cache
def escalator() -> Escalator:
    """Everything wired, once per process."""
    told, dynamodb = settings(), client("dynamodb")
    place = Place(
        told.schedule_group, told.escalation_queue_arn, told.escalation_dead_letter_arn, told.schedule_role_arn
    )
    return Escalator(
        store=IncidentStore(dynamodb, told.incidents_table),
        registry=RegistryStore(dynamodb, told.registry_table),
        errors=StandingErrors(dynamodb, told.incidents_table),
        timers=Timers(client("scheduler"), place),
        fallback=Person(**json.loads(told.fallback_owner)),
        workspace=workspace(),
    )


def workspace() -> Workspace | None:
    """Where it is asked who is still there; None where no Slack is set up."""
    told = settings()
    if not told.slack_secrets:
        return None
    return Workspace(MemberStore(client("dynamodb"), told.incidents_table), slack, told.slack_team)


@cache
def slack() -> "SlackClient":
    """Slack; imported when nobody here knows who somebody is."""
    from deadair.adapters.slack.client import SlackClient

    secrets = Secrets(client("ssm"), settings().slack_secrets, "bot-token")
    token, renew = (lambda: secrets.get("bot-token")), (lambda: secrets.anew("bot-token"))
    return SlackClient(settings().slack_api_url, token, TIMEOUT_S, renew=renew)


@cache
def caught_up() -> CaughtUp:
    """What this process has looked at, and when it read it."""
    return CaughtUp()


def now() -> datetime:
    """The clock of this room."""
    return datetime.now(UTC)


def ask(numbers: list[int]) -> None:
    """A message for each incident, onto the room's own queue. Raises Unavailable when some were not taken."""
    for some in portions(map(message, numbers)):
        entries = [{"Id": str(place), "MessageBody": body} for place, body in enumerate(some)]
        answer = client("sqs").send_message_batch(QueueUrl=settings().escalation_queue_url, Entries=entries)
        if answer.get("Failed"):
            raise Unavailable("The queue did not take every message of the sweep.")


def sweep_all() -> None:
    """Look at every open incident, and for some of the owners whom the registry names."""
    count = sweep(escalator().store, escalator().errors, ask)
    logger.info("swept", extra={"open": count})
    looking = escalator().workspace
    if looking is not None:
        gone = Lookout(escalator().registry, looking, escalator().errors).look(now())
        logger.info("owners looked for", extra={"gone": gone})


def again(failed: list[Message]) -> None:
    """Deliver failed messages sooner than the queue's own time. A wish, not a condition."""
    for one in failed:
        try:
            client("sqs").change_message_visibility(
                QueueUrl=settings().escalation_queue_url,
                ReceiptHandle=one.receipt,
                VisibilityTimeout=delay_s(one),
            )
        except (BotoCoreError, ClientError) as error:
            logger.warning("the delay could not be set: %s", type(error).__name__)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is an SQS batch."""
    batch = messages(event)
    failed = consume(batch, Work(escalator().converge, sweep_all, now, caught_up()))
    again([one for one in batch if one.message_id in failed])
    logger.info("converged", extra={"messages": len(batch), "failed": len(failed)})
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
