"""A site to walk through: a local AWS of its own with tables, bucket and key, and believable incidents.

Used by the tests of the web room and by nobody else.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import yaml
from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.incidents import IncidentStore, entry_item, incident_item
from deadair.adapters.dynamodb.items import postmortem_fields, to_item
from deadair.adapters.s3.documents import DocumentStore, as_document, as_stored
from deadair.adapters.search import IndexPublisher
from deadair.domain.alarm import AlarmState, Signal
from deadair.domain.incident import AlarmOnIncident, Incident, Status
from deadair.domain.ownership import Person
from deadair.domain.postmortem import Document, Postmortem, PostmortemStatus
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.timeline import Entry, Fact, Source
from deadair.usecases.render_postmortem import render
from web.settings import WebSettings

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
SETTINGS = {
    "incidents_table": "incidents",
    "registry_table": "registry",
    "knowledge_bucket": "knowledge",
    "web_secrets": "/deadair/test/web",
    "web_url": "http://localhost:8761",
}
KEY = "0123456789abcdef0123456789abcdef-key"
ANA = Person("Ana Lima", "ana.lima@example.com", "U0ANA")
JURGEN = Person("Jürgen Weiß", "juergen.weiss@example.com", "U0JUERGEN")
STARTED_IN_S = 30
WORDS = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
ANSWERS: dict[str, str] = WORDS["answers"]


def settings(door: str = "local") -> WebSettings:
    """The room's settings on this site."""
    return WebSettings(**SETTINGS, door=door)


@contextmanager
def local_aws(port: int, state: Path) -> Iterator[str]:
    """A MiniStack process on `port` for as long as the context lasts. Yields its endpoint."""
    endpoint = f"http://127.0.0.1:{port}"
    environ = {**os.environ, "GATEWAY_PORT": str(port), "S3_DATA_DIR": str(state / "s3"), "PYTHONPATH": str(ROOT)}
    saves, never = str(state / "saves"), "86400"
    command = [sys.executable, "-m", "infra.local.embedded", str(port), saves, never, str(os.getpid())]
    with (state / "aws.log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait(endpoint)
        yield endpoint
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(endpoint: str) -> None:
    end = time.monotonic() + STARTED_IN_S
    while True:
        try:
            client("dynamodb", endpoint).list_tables()
        except (BotoCoreError, ClientError):
            if time.monotonic() > end:
                raise
            time.sleep(0.3)
        else:
            return


def client(service: str, endpoint: str) -> Any:
    """A client of the local AWS, whatever the environment says."""
    return boto3.client(  # type: ignore[call-overload]
        service, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


def build(aws: Any) -> None:
    """Tables as the stack draws them, the bucket and the session key. `aws(service)` gives a client."""
    dynamodb = aws("dynamodb")
    pairs = {"by_state": ("state_pk", "state_sk"), "by_integration": ("integration_pk", "integration_sk")}
    names = ["pk", "sk", *(name for pair in pairs.values() for name in pair)]
    dynamodb.create_table(
        TableName="incidents",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_key("pk", "sk"),
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        GlobalSecondaryIndexes=[
            {"IndexName": name, "KeySchema": _key(*pair), "Projection": {"ProjectionType": "ALL"}}
            for name, pair in pairs.items()
        ],
    )
    dynamodb.create_table(
        TableName="registry",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_key("pk", "sk"),
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    )
    aws("s3").create_bucket(Bucket="knowledge")
    aws("ssm").put_parameter(Name="/deadair/test/web/session-key", Value=KEY, Type="SecureString")


def _key(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def fill(aws: Any, now: datetime = NOW) -> None:
    """The sample registry, five incidents at different points of their way, and past postmortems."""
    dynamodb = aws("dynamodb")
    rows = yaml.safe_load((ROOT / "infra/local/sample/registry.yaml").read_text(encoding="utf-8"))["integrations"]
    for row in rows:
        text = json.dumps(row, default=str)
        dynamodb.put_item(TableName="registry", Item=keys.key("REG", f"ROW#{row['slug']}") | {"row": {"S": text}})
    fill_incidents(dynamodb, now)
    store = IncidentStore(dynamodb, "incidents")
    published = store.postmortem(39)
    assert published is not None
    shelf = DocumentStore(aws("s3"), "knowledge")
    ours = shelf.write(render(store.get(39), published, store.timeline(39)))
    for document in old_documents(now):
        shelf.write(as_stored(document) | {"markdown": document.body, "html": ""})
    IndexPublisher(aws("s3"), "knowledge").publish([as_document(ours), *old_documents(now)], now=now)


def fill_incidents(dynamodb: Any, now: datetime = NOW) -> None:
    """The incidents as they are at first, whatever was done to them."""
    for incident, entries in incidents(now):
        _clear(dynamodb, incident)
        _put(dynamodb, incident, entries)
    _postmortem(dynamodb, 41, now, answered=2)
    _postmortem(dynamodb, 39, now, answered=5, published=True)


def _clear(dynamodb: Any, incident: Incident) -> None:
    found = dynamodb.query(
        TableName="incidents",
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": keys.incident_pk(incident.number)}},
    )
    for item in found["Items"]:
        dynamodb.delete_item(TableName="incidents", Key={"pk": item["pk"], "sk": item["sk"]})


def _put(dynamodb: Any, incident: Incident, entries: list[Entry]) -> None:
    dynamodb.put_item(TableName="incidents", Item=incident_item(incident))
    for entry in entries:
        dynamodb.put_item(TableName="incidents", Item=entry_item(incident.number, entry))


def incidents(now: datetime) -> list[tuple[Incident, list[Entry]]]:
    """What is open and what is over."""
    made = [
        an_incident(
            43,
            "consent-optout-sync",
            "Opt-out sync",
            now - timedelta(minutes=12),
            Signal.ERROR_RATE,
            severity=Severity.SEV1,
            consent=True,
            owner=JURGEN,
        ),
        an_incident(
            42,
            "hubspot-salesforce",
            "HubSpot → Salesforce",
            now - timedelta(hours=2, minutes=20),
            Signal.SILENCE,
            status=Status.ACKNOWLEDGED,
        ),
        an_incident(
            41,
            "hubspot-salesforce",
            "HubSpot → Salesforce",
            now - timedelta(days=1),
            Signal.SILENCE,
            status=Status.RESOLVED,
            fix="Reconnected the HubSpot app and replayed 412 contacts.",
        ),
        an_incident(
            40,
            "web-form-marketo",
            "Web forms → Marketo",
            now - timedelta(days=3),
            Signal.LATENCY,
            status=Status.RESOLVED,
            severity=Severity.SEV3,
            fix="Split the nightly bulk import into batches of 300.",
        ),
        an_incident(
            39,
            "hubspot-salesforce",
            "HubSpot → Salesforce",
            now - timedelta(days=40),
            Signal.ERROR_RATE,
            status=Status.RESOLVED,
            fix="Rotated the expired refresh token.",
        ),
    ]
    return [(incident, story(incident)) for incident in made]


def an_incident(number: int, slug: str, name: str, started: datetime, signal: Signal, **given: Any) -> Incident:
    """An incident with consistent milestones for its status."""
    status = given.pop("status", Status.OPEN)
    detected = started + timedelta(minutes=6)
    over = status is Status.RESOLVED
    state, at = (AlarmState.OK, started + timedelta(minutes=96)) if over else (AlarmState.ALARM, detected)
    base: dict[str, Any] = {
        "number": number,
        "sort_id": f"{detected.isoformat(timespec='milliseconds')}#{number:09d}",
        "integration": slug,
        "integration_name": name,
        "severity": Severity.SEV2,
        "owner": ANA,
        "opened_at": detected,
        "started_at": started,
        "detected_at": detected,
        "failure_class": FailureClass.SILENCE if signal is Signal.SILENCE else FailureClass.AUTH,
        "signal": signal,
        "status": status,
        "runbook": f"https://wiki.example.com/runbooks/{slug}",
        "alarms": {"a": AlarmOnIncident(f"{slug}-{signal.value.replace('_', '-')}", state, at, detected)},
        "acknowledged_at": None if status is Status.OPEN else detected + timedelta(minutes=4),
        "acknowledged_by": "" if status is Status.OPEN else "Ana Lima",
        "resolved_at": started + timedelta(minutes=101) if over else None,
        "resolved_by": "Ana Lima" if over else "",
    }
    return Incident(**{**base, **given})


def story(incident: Incident) -> list[Entry]:
    """A timeline that fits the incident."""
    alarm = next(iter(incident.alarms.values())).name
    told: list[tuple[datetime | None, Fact, str, Source, str]] = [
        (incident.detected_at, Fact.OPENED, f"{alarm} is ALARM. {WORDS['reason']}", Source.ALARM, "CloudWatch"),
        (incident.acknowledged_at, Fact.ACKNOWLEDGED, "Acknowledged.", Source.SLACK, "Ana Lima"),
    ]
    if incident.acknowledged_at:
        at = incident.acknowledged_at + timedelta(minutes=9)
        told.append(
            (
                at,
                Fact.NOTED,
                WORDS["note"],
                Source.SLACK,
                "Ana Lima",
            )
        )
    if incident.resolved_at:
        told.append(
            (incident.resolved_at - timedelta(minutes=5), Fact.RECOVERED, f"{alarm} is OK.", Source.ALARM, "CloudWatch")
        )
        told.append((incident.resolved_at, Fact.RESOLVED, f"Resolved: {incident.fix}", Source.WEB, "Ana Lima"))
    return [
        Entry(
            incident.id,
            f"{at.isoformat(timespec='milliseconds')}#{index}",
            fact,
            at,
            at,
            author,
            source,
            text,
            integration=incident.integration,
        )
        for index, (at, fact, text, source, author) in enumerate(told)
        if at
    ]


def _postmortem(dynamodb: Any, number: int, now: datetime, *, answered: int, published: bool = False) -> None:
    answers = dict(list(ANSWERS.items())[:answered])
    suggested = {
        **dict.fromkeys(ANSWERS, ""),
        "how_detected": "By the alarm `hubspot-salesforce-silence`, 6 min after the start.",
        "what_fixed": "Reconnected the HubSpot app and replayed 412 contacts.",
    }
    made = Postmortem(
        incident=f"INC-{number}",
        status=PostmortemStatus.PUBLISHED if published else PostmortemStatus.DRAFT,
        answers=answers,
        suggested={key: text for key, text in suggested.items() if text},
        drafted_at=now,
        published_at=now if published else None,
        published_by="Ana Lima" if published else "",
        version=1 if published else 0,
        edit=3,
    )
    dynamodb.put_item(TableName="incidents", Item=keys.postmortem(number) | to_item(postmortem_fields(made)))


def old_documents(now: datetime) -> list[Document]:
    """Postmortems from elsewhere, one of them with an id that is no word."""
    return [
        Document(
            **{**told, "tags": tuple(told["tags"])},
            date=now - timedelta(days=200 + 90 * age),
            company="Lumen Supply",
            imported=True,
        )
        for age, told in enumerate(WORDS["old"])
    ]
