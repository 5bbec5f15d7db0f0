"""The web room behind an HTTP server, on tables of its own: believable incidents, or as many with hostile texts.

Used by the claims about every page. The clock stands still, so that pictures of two runs can be compared.
"""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import sin
from pathlib import Path
from typing import Any

from deadair.adapters.cloudwatch.incident_series import IncidentSeries
from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.diagnoses import diagnosed_fields
from deadair.adapters.dynamodb.incidents import incident_item
from deadair.adapters.dynamodb.items import to_item
from deadair.adapters.search import IndexPublisher
from deadair.domain.action_item import ActionKind, ActionStatus
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person
from deadair.domain.postmortem import QUESTIONS
from deadair.domain.said import Impact
from deadair.domain.severity import Severity
from deadair.domain.stages import Status
from deadair.domain.timeline import Actor, Source
from deadair.usecases.actions.add_action import add_action
from deadair.usecases.actions.end_action import end_action
from deadair.usecases.answer_postmortem import answer_postmortem
from deadair.usecases.approve_postmortem import approve_postmortem
from deadair.usecases.ask_review import ask_review
from deadair.usecases.beside import Around
from deadair.usecases.draft_postmortem import draft_postmortem
from deadair.usecases.publish_documents import publish_documents
from deadair.usecases.publish_postmortem import publish_postmortem
from infra.target import Target
from tests.builders import ANA
from tests.faults.test_injection import an_incident_of, diagnosed
from tests.rooms import web_site
from tests.rooms.intake_room import Intake
from tests.rooms.web_room import SIGNER
from tests.rooms.web_site import ADMIN, ANSWERS, NOW
from tests.signing_in import sealed
from web.front import respond
from web.settings import WebSettings
from web.surroundings import Surroundings

HARD: dict[str, str] = json.loads(Path(__file__).with_name("hard_texts.json").read_text("utf-8"))
FIRST_HARD = 900
LETTER = "letter-of-the-site"
WRITES = Actor(ANA, Source.CLI)
READS = Actor(ADMIN, Source.CLI)
EXTRAS = {
    "summary": "Contacts from the trial forms did not reach sales for **95 minutes**, and every run said success.",
    "impact": "Sales called 412 leads a day late. Two of them had booked a demo elsewhere.",
    "factors": "- The connected app ran as a person, whose seat was removed.\n- Nobody reads the sync's own log.",
    "surprised": "`200 OK` with an empty body counts as success for the sync, and for us it did, too.",
}


@dataclass
class Site:
    """Where it is, and how many bytes each address took over the wire, compressed."""

    address: str
    web: Surroundings
    weights: dict[str, int] = field(default_factory=dict)
    cookie: str = sealed(SIGNER, NOW)


@contextmanager
def serving(web: Surroundings) -> Iterator[Site]:
    """The room behind a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Door)
    site = Site(f"http://localhost:{server.server_port}", web)
    server.site = site  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


class _Door(BaseHTTPRequestHandler):
    """HTTP as the HTTP API hands it to the room, one request at a time: its resolver knows no threads."""

    lock = threading.Lock()
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        path, _, query = self.path.partition("?")
        event = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "requestContext": {"stage": "$default", "http": {"method": "GET", "path": path}},
        }
        with self.lock:
            answer = respond(event, None, site.web)
        body = answer["body"].encode()
        site.weights[self.path] = len(gzip.compress(body))
        self.send_response(answer["statusCode"])
        for name, value in answer["headers"].items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The test says what it looked at."""


def believable(stack: Target) -> Surroundings:
    """Incidents at every point of their way, one of them published twice, and postmortems from before."""
    site = web_site.shelves(stack)
    web_site.fill(stack, site)
    web = Surroundings(site, now=lambda: NOW, client=stack.client)
    store = web.incidents
    _drop_a_letter(stack, site)
    for number in (41, 40):
        draft_postmortem(store, number, now=NOW)
        answer_postmortem(store, number, WRITES, ANSWERS, now=NOW, extras=EXTRAS, impact=Impact(records=412, people=31))
        first = add_action(
            store, number, WRITES, "Run the sync as a service user", now=NOW, link="https://tracker.example/9"
        )
        late = NOW.date() + timedelta(days=3)
        add_action(store, number, WRITES, "Compare counts hourly", kind=ActionKind.DETECTIVE, due_on=late, now=NOW)
        _publish(web, number)
        end_action(store, number, first.number, WRITES, ActionStatus.DONE, now=NOW)
        more = {"what_earlier": f"{ANSWERS['what_earlier']}\n\nAnd an alarm on the volume at the receiver."}
        answer_postmortem(store, number, WRITES, more, now=NOW)
        _publish(web, number)
    return web


def hostile(stack: Target) -> Surroundings:
    """The same sample registry, and one incident for each hard text, with it wherever a text may stand."""
    site = web_site.shelves(stack)
    web_site.fill(stack, site)
    web = Surroundings(site, now=lambda: NOW, client=stack.client)
    for number, text in enumerate(HARD.values(), FIRST_HARD):
        _go_through(web, number, text)
    return web


def _go_through(web: Surroundings, number: int, text: str) -> None:
    """From an incident to its published document, by the steps that people and rooms take."""
    store, table = web.incidents, web.settings.incidents_table
    over: dict[str, Any] = {"status": Status.RESOLVED, "resolved_at": NOW, "resolved_by": text}
    incident = replace(an_incident_of(text, number), integration="hubspot-salesforce", **over)
    store.client.put_item(TableName=table, Item=incident_item(incident))
    found = keys.diagnosis(number) | to_item(diagnosed_fields(diagnosed(text)))
    store.client.put_item(TableName=table, Item=found)
    draft_postmortem(store, number, now=NOW)
    answers, extras = dict.fromkeys(QUESTIONS, text), dict.fromkeys(EXTRAS, text)
    answer_postmortem(store, number, WRITES, answers, now=NOW, extras=extras, impact=Impact(records=1))
    add_action(store, number, WRITES, text[:400], owner=Person(text[:80] or "x", f"{number}@example.com"), now=NOW)
    _publish(web, number)


def _publish(web: Surroundings, number: int) -> None:
    store, now = web.incidents, NOW
    severe = store.get(number).severity <= Severity.SEV2
    if severe:
        ask_review(store, number, WRITES, ADMIN, now=now)
        approve_postmortem(store, number, READS, "Clear.", now=now)
    publish_postmortem(store, number, WRITES, now=now)
    index = IndexPublisher(web.client("s3"), web.settings.knowledge_bucket)
    around = Around(
        registry=web.registry, audit=web.audit, templates=web.templates, series=_Measured(web.client("cloudwatch"), "")
    )
    publish_documents(store, web.documents, index, number, now=now, around=around)


class _Measured(IncidentSeries):
    """A metric that carries, stops and carries again: CloudWatch keeps no datapoints for a clock that stands still."""

    def of(self, incident: Incident, row: Integration | None, now: datetime) -> dict[str, Any]:
        begins = incident.started_at - timedelta(hours=2)
        points = [[(begins + timedelta(minutes=5 * n)).isoformat(), _value(n)] for n in range(60)]
        told = ("started", "detected", "resolved")
        marks = [(name, getattr(incident, f"{name}_at")) for name in told]
        return {
            "label": "records",
            "unit": "Count",
            "period_s": 300,
            "points": points,
            "threshold": 20,
            "marks": [{"name": name, "at": at.isoformat()} for name, at in marks if at],
        }


def _value(n: int) -> float | None:
    return None if 24 <= n < 44 else round(90 + 30 * sin(n / 5) + n * 7 % 11, 1)


def _drop_a_letter(stack: Target, site: WebSettings) -> None:
    intake = Intake(stack, site.incidents_table)
    intake.consumer().consume([intake.record('{"detail-type": "Something else"', LETTER)], NOW)
