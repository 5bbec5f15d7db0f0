"""Facts in, postmortems out. Wiring only: see consumer.py for what a message does.

Trigger: the postmortem writer's queue. Answers with the ids of the messages that must come again.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from deadair.adapters.aws import client, looking_client
from deadair.adapters.cloudwatch.incident_series import IncidentSeries
from deadair.adapters.dynamodb.audit import AuditLog
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.jinja.postmortem import Templates
from deadair.adapters.s3.documents import DocumentStore
from deadair.adapters.s3.templates import TemplateBucket
from deadair.adapters.search import IndexPublisher
from deadair.telemetry import speak
from deadair.usecases.beside import Around
from postmortem_writer.consumer import Writer
from postmortem_writer.settings import WriterSettings

logger = speak("postmortem_writer")


@cache
def writer() -> Writer:
    """Everything wired, once per process."""
    settings = WriterSettings.from_env()
    s3, bucket = client("s3"), settings.knowledge_bucket
    store = IncidentStore(client("dynamodb"), settings.incidents_table)
    return Writer(store, DocumentStore(s3, bucket), IndexPublisher(s3, bucket), _around(settings))


def _around(settings: WriterSettings) -> Around:
    dynamodb, registry = client("dynamodb"), settings.registry_table
    return Around(
        registry=RegistryStore(dynamodb, registry),
        audit=AuditLog(dynamodb, registry),
        # A chart is worth one question: the document does not wait for it.
        series=IncidentSeries(looking_client("cloudwatch"), settings.metric_namespace),
        templates=Templates(
            TemplateBucket(client("s3"), settings.knowledge_bucket), StandingErrors(dynamodb, settings.incidents_table)
        ),
    )


def take(record: SQSRecord) -> None:
    """One message of the batch; an error of it leaves the others alone, but not in silence."""
    try:
        writer().take(record.body, datetime.now(UTC))
    except Exception:
        logger.exception("the message must come again", extra={"message_id": record.message_id})
        raise


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's door. `event` is an SQS batch."""
    # A batch of which every message failed is answered as such, not raised: the queue counts each by itself.
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(process_partial_response(event, take, processor, context))
