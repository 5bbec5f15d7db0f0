"""A site to walk through: tables, a bucket and a key of its own on the session's stack, and believable incidents.

Used by the claims about the web room and by nobody else.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.incidents import IncidentStore, entry_item, incident_item
from deadair.adapters.dynamodb.items import Item, postmortem_fields, to_item
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.registry_file.read import read_rows
from deadair.adapters.s3.documents import DocumentStore, as_document, as_stored
from deadair.adapters.search import IndexPublisher
from deadair.domain.alarm import AlarmState, Signal
from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.domain.document import Document
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.postmortem import Postmortem, PostmortemStatus
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Status
from deadair.domain.timeline import Entry, Fact, Source
from deadair.usecases.import_registry import import_registry
from deadair.usecases.render_postmortem import render
from infra.local.options import STAGE
from infra.target import Target
from tests.builders import an_incident
from tests.rooms.knowledge import Shelf
from tests.stack import REGISTRY, a_table_like
from web.settings import WebSettings

NOW = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef-key"
JURGEN = Person("Jürgen Weiß", "juergen.weiss@example.com", "U0JUERGEN")
ADMIN = Person("Maren Holt", "maren.holt@example.com", "U0MAREN")
WORDS = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
ANSWERS: dict[str, str] = WORDS["answers"]


def shelves(stack: Target) -> WebSettings:
    """Empty tables and an empty bucket of the site's own, and the key of its sessions."""
    path = f"/deadair/site/{uuid4().hex[:8]}"
    stack.client("ssm").put_parameter(Name=f"{path}/session-key", Value=KEY, Type="SecureString")
    return WebSettings(
        incidents_table=a_table_like(stack, "IncidentsTable"),
        registry_table=a_table_like(stack, "RegistryTable"),
        knowledge_bucket=Shelf(stack).bucket,
        web_secrets=path,
        web_url="http://localhost:8761",
        signal_queue_url=stack.outputs["SignalQueueUrl"],
        change_queue_url=stack.outputs["ChangeIntakeQueueUrl"],
        signal_secrets=f"{path}/signals",
        metric_namespace="Deadair",
        alarm_prefix="deadair",
        admins=ADMIN.email,
        oidc_client_id="1000000000000.2000000000000",
        oidc_issuer=stack.slack,
        oidc_teams="T0DEADAIR",
        slack_secrets=f"/deadair/{STAGE}/slack",
        slack_api_url=f"{stack.slack}/api/",
    )


def fill(stack: Target, site: WebSettings, now: datetime = NOW) -> None:
    """The sample registry, five incidents at different points of their way, and past postmortems."""
    dynamodb, bucket = stack.client("dynamodb"), site.knowledge_bucket
    rows = [read.row for read in read_rows(REGISTRY.read_bytes(), REGISTRY.name)]
    writer = RegistryWriter(dynamodb, site.registry_table)
    import_registry(writer, rows, now=now - timedelta(days=30), by="maren.holt@example.com")
    store = IncidentStore(dynamodb, site.incidents_table)
    fill_incidents(store, now)
    published = store.postmortem(39)
    assert published is not None
    shelf = DocumentStore(stack.client("s3"), bucket)
    ours = shelf.write(render(store.get(39), published, store.timeline(39)))
    for document in old_documents(now):
        shelf.write(as_stored(document) | {"markdown": document.body, "html": ""})
    IndexPublisher(stack.client("s3"), bucket).publish([as_document(ours), *old_documents(now)], now=now)


def fill_incidents(store: IncidentStore, now: datetime = NOW) -> None:
    """The incidents as they are at first, whatever was done to them."""
    for incident, entries in incidents(now):
        _clear(store, incident)
        _put(store, incident_item(incident))
        for entry in entries:
            _put(store, entry_item(incident.number, entry))
    _put(store, _postmortem(41, now, answered=2))
    _put(store, _postmortem(39, now, answered=5, published=True))


def _clear(store: IncidentStore, incident: Incident) -> None:
    """Also its log of consent, whose end an incident that begins anew does not know."""
    for partition in (keys.incident(incident.number)["pk"], keys.consent(incident.number, 1)["pk"]):
        found = store.client.query(
            TableName=store.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": partition},
        )
        for item in found["Items"]:
            store.client.delete_item(TableName=store.table, Key={"pk": item["pk"], "sk": item["sk"]})


def _put(store: IncidentStore, item: Item) -> None:
    store.client.put_item(TableName=store.table, Item=item)


def incidents(now: datetime) -> list[tuple[Incident, list[Entry]]]:
    """What is open and what is over."""
    made = [
        believable(
            43,
            "consent-optout-sync",
            "Opt-out sync",
            now - timedelta(minutes=12),
            Signal.ERROR_RATE,
            severity=Severity.SEV1,
            consent=True,
            owner=JURGEN,
        ),
        believable(
            42,
            "hubspot-salesforce",
            "HubSpot → Salesforce",
            now - timedelta(hours=2, minutes=20),
            Signal.SILENCE,
            status=Status.ACKNOWLEDGED,
        ),
        believable(
            41,
            "hubspot-salesforce",
            "HubSpot → Salesforce",
            now - timedelta(days=1),
            Signal.SILENCE,
            status=Status.RESOLVED,
            fix="Reconnected the HubSpot app and replayed 412 contacts.",
        ),
        believable(
            40,
            "web-form-marketo",
            "Web forms → Marketo",
            now - timedelta(days=3),
            Signal.LATENCY,
            status=Status.RESOLVED,
            severity=Severity.SEV3,
            fix="Split the nightly bulk import into batches of 300.",
        ),
        believable(
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


def believable(number: int, slug: str, name: str, started: datetime, signal: Signal, **given: Any) -> Incident:
    """An incident with consistent milestones for its status."""
    status = given.pop("status", Status.OPEN)
    detected = started + timedelta(minutes=6)
    over = status is Status.RESOLVED
    state, at = (AlarmState.OK, started + timedelta(minutes=96)) if over else (AlarmState.ALARM, detected)
    base: dict[str, Any] = {
        "sort_id": f"{detected.isoformat(timespec='milliseconds')}#{number:09d}",
        "integration": slug,
        "integration_name": name,
        "severity": Severity.SEV2,
        "opened_at": detected,
        "started_at": started,
        "detected_at": detected,
        "likely": FailureClass.SILENCE if signal is Signal.SILENCE else FailureClass.AUTH,
        "signal": signal,
        "status": status,
        "runbook": f"https://wiki.example.com/runbooks/{slug}",
        "alarms": {"a": AlarmOnIncident(f"{slug}-{signal.value.replace('_', '-')}", state, at, detected)},
        "acknowledged_at": None if status is Status.OPEN else detected + timedelta(minutes=4),
        "acknowledged_by": "" if status is Status.OPEN else "Ana Lima",
        "resolved_at": started + timedelta(minutes=101) if over else None,
        "resolved_by": "Ana Lima" if over else "",
    }
    return an_incident(number, **(base | given))


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


def _postmortem(number: int, now: datetime, *, answered: int, published: bool = False) -> Item:
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
    return keys.postmortem(number) | to_item(postmortem_fields(made))


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
