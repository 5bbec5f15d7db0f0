"""AWS calls, write units and Slack calls per event, counted while the two rooms' code works on real tables.

The tables are the bench's own, without a stream, so that no deployed room works beside the one that is counted.
"""

import json
import tempfile
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from alarm_intake.consumer import Consumer
from deadair.adapters.cloudwatch.tags import AlarmTags
from deadair.adapters.dynamodb.actions import ActionStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.ledger import Ledger
from deadair.adapters.dynamodb.members import MemberStore
from deadair.adapters.dynamodb.notices import NoticeStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.email.letters import Letters
from deadair.adapters.registry_file.model import Row
from deadair.adapters.search import KnowledgeIndex
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.slack.links import Links
from deadair.domain.ownership import Scope
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.import_registry import import_registry
from deadair.usecases.note import note
from deadair.usecases.record_transitions import Recorder
from deadair.usecases.undo import undo
from infra.target import Target
from notifier.bringing import Bringer
from notifier.crowd import Crowds
from notifier.desk import Desk
from notifier.drawing import Pen
from notifier.remembering import Remembering
from notifier.standby import Standby
from notifier.whom import Whom
from tests.bench.counting import Counting
from tests.bench.figures import Figure
from tests.builders import ANA, NOON, an_actor, an_event_body, at
from tests.stack import a_table_like

BATCH = 10
CHANNEL = "C0INCIDENTS"
TOKEN = "/deadair/local/slack/bot-token"


def measure(stack: Target) -> list[Figure]:
    """The intake's calls and units, then the notifier's calls to AWS and to Slack."""
    table = a_table_like(stack, "IncidentsTable")
    return _intake(stack, table) + _steps(stack, table) + _notifier(stack, table)


def _steps(stack: Target, table: str) -> list[Figure]:
    """What a step of a person costs, with what is kept for a day so that it can be taken back."""
    client = Counting(stack.client("dynamodb"))
    store = IncidentStore(client, table)
    number = store.open_incidents(limit=1)[0].number
    cases: dict[str, Callable[[], object]] = {
        "a note": lambda: note(store, number, an_actor(), "the token was rotated", now=datetime.now(UTC)),
        "its taking back": lambda: undo(store, number, an_actor(), now=datetime.now(UTC)),
    }
    found = []
    for label, step in cases.items():
        client.forget()
        step()
        found.append(Figure(f"{label}: AWS calls", client.calls.total(), "calls"))
        found.append(Figure(f"{label}: write units", client.write_units, "units"))
    return found


def _intake(stack: Target, table: str) -> list[Figure]:
    client, cloudwatch = Counting(stack.client("dynamodb")), Counting(stack.client("cloudwatch"))
    name = f"calls-{uuid4().hex[:8]}"
    slugs = [f"{name}-{kind}" for kind in ("one", *map(str, range(BATCH)))]
    consumer = _consumer(stack, client, cloudwatch, table, slugs)
    cases = {
        "opening, alone": [_event(name, "one")],
        "opening, ten together": [_event(name, str(i)) for i in range(BATCH)],
        "recovering, alone": [_event(name, "one", "OK", at(1))],
        "a duplicate, alone": [_event(name, "one")],
        "opening, a stranger whose tags are looked up": [_stranger(name, stack)],
        "recovering, that stranger": [_stranger(name, stack, "OK", at(1))],
    }
    _take(consumer, [an_event_body(f"{name}-warm")])
    found = []
    for label, bodies in cases.items():
        client.forget()
        cloudwatch.forget()
        _take(consumer, bodies)
        calls = client.calls.total() + cloudwatch.calls.total()
        found.append(Figure(f"{label}: AWS calls per event", calls / len(bodies), "calls"))
        found.append(Figure(f"{label}: write units per event", client.write_units / len(bodies), "units"))
    return found


def _event(name: str, kind: str, state: str = "ALARM", when: datetime = NOON) -> str:
    return an_event_body(f"{name}-{kind}-silence", state, when, integration=f"{name}-{kind}")


def _stranger(name: str, stack: Target, state: str = "ALARM", when: datetime = NOON) -> str:
    """An alarm of the stack's own region, which alone is asked for tags."""
    event = json.loads(an_event_body(f"{name}-stranger", state, when, account=stack.account))
    arn = f"arn:aws:cloudwatch:{stack.region}:{stack.account}:alarm:{name}-stranger"
    return json.dumps(event | {"region": stack.region, "resources": [arn]})


def _consumer(stack: Target, client: Any, cloudwatch: Any, table: str, slugs: list[str]) -> Consumer:
    """The room over a registry with a row for each slug."""
    rows = [
        Row.model_validate({"slug": slug, "name": slug, "owner": {"name": ANA.name, "email": ANA.email}})
        for slug in slugs
    ]
    writer = RegistryWriter(stack.client("dynamodb"), a_table_like(stack, "RegistryTable"))
    import_registry(writer, rows, now=NOON, by="cli:bench")
    ledger = Ledger(client, table, stack.client("s3"), stack.outputs["KnowledgeBucket"])
    registry = RegistryStore(client, writer.table)
    recorder = Recorder(ledger, IncidentStore(client, table), registry, ANA, AlarmTags(lambda: cloudwatch))
    return Consumer(ledger, recorder, Scope(), lambda key: b"")


def _take(consumer: Consumer, bodies: list[str]) -> None:
    records = [{"messageId": f"bench-{uuid4().hex}", "body": body, "attributes": {}} for body in bodies]
    failed = consumer.consume(records, at(60))
    assert failed == [], failed


def _notifier(stack: Target, table: str) -> list[Figure]:
    client, objects = Counting(stack.client("dynamodb")), Counting(stack.client("s3"))
    store = IncidentStore(client, table)
    warm, number = (incident.number for incident in store.open_incidents(limit=2))

    def acknowledged(desk: Desk) -> None:
        acknowledge(IncidentStore(client.client, table), number, an_actor(), now=datetime.now(UTC))
        desk.converge(number)

    def noted(desk: Desk) -> None:
        note(IncidentStore(client.client, table), number, an_actor(), "the token was rotated", now=datetime.now(UTC))
        desk.converge(number)

    def rang(desk: Desk) -> None:
        before = IncidentStore(client.client, table).get(number)
        IncidentStore(client.client, table).save(before, replace(before, version=before.version + 1))
        desk.converge(number)

    steps: dict[str, Callable[[Desk], None]] = {
        "notifier, an opened incident": lambda desk: desk.converge(number),
        "notifier, an acknowledged one": acknowledged,
        "notifier, a note": noted,
        "notifier, an alarm again": rang,
        "notifier, the same fact again": lambda desk: desk.converge(number),
    }
    found = []
    with tempfile.TemporaryDirectory() as cache:
        knowledge = KnowledgeIndex(objects, stack.outputs["KnowledgeBucket"], cache)
        desk = _desk(stack, client, store, knowledge)
        desk.converge(warm)
        for label, step in steps.items():
            client.forget()
            objects.forget()
            before = _slack_calls(stack)
            step(desk)
            calls = client.calls.total() + objects.calls.total()
            found.append(Figure(f"{label}: AWS calls", calls, "calls"))
            found.append(Figure(f"{label}: Slack calls", _slack_calls(stack) - before, "calls"))
    return found


def _desk(stack: Target, client: Any, store: IncidentStore, knowledge: KnowledgeIndex) -> Desk:
    """The room's desk, as its handler wires it."""
    token = stack.client("ssm").get_parameter(Name=TOKEN, WithDecryption=True)["Parameter"]["Value"]
    notices, links = NoticeStore(client, store.table), Links(stack.web)
    letters = Letters(None, None, "", "")
    errors = StandingErrors(client, store.table)
    slack = SlackClient(f"{stack.slack}/api/", lambda: token)
    bringer = Bringer(
        store=store,
        pen=Pen(notices, _now),
        slack=slack,
        whom=Whom(MemberStore(client, store.table), slack),
        crowds=Crowds(client, store.table),
        standby=Standby(notices, errors, letters, links, lambda _number, _seconds: None, _now),
        links=links,
        clock=_now,
    )
    registry = RegistryStore(client, stack.outputs["RegistryTable"])
    past, actions = Remembering(knowledge, links), ActionStore(client, store.table)
    return Desk(bringer=bringer, registry=registry, past=past, actions=actions, channel=CHANNEL)


def _now() -> datetime:
    return datetime.now(UTC)


def _slack_calls(stack: Target) -> int:
    with urllib.request.urlopen(f"{stack.slack}/_local/state", timeout=30) as answer:
        return sum(json.load(answer)["calls"].values())
