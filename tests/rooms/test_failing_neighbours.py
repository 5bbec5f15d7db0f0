"""Claims about neighbours that fail as they do on AWS: busy items, lost answers, a silent registry, bucket or SSM."""

import json
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import EndpointConnectionError

from alarm_intake.consumer import Consumer
from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.incidents import IncidentStore, incident_item
from deadair.adapters.dynamodb.items import from_item, to_item
from deadair.adapters.dynamodb.ledger import Ledger
from deadair.adapters.dynamodb.registry import KEPT_S, STALE_S, RegistryStore
from deadair.adapters.dynamodb.registry_writer import RegistryWriter
from deadair.adapters.dynamodb.requests import RequestStore
from deadair.adapters.registry_file.model import Row
from deadair.adapters.ssm.secrets import ASK_AGAIN_S, Secrets
from deadair.adapters.ssm.secrets import KEPT_S as SECRET_KEPT_S
from deadair.domain.errors import Stale
from deadair.domain.ownership import Scope
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.import_registry import import_registry
from deadair.usecases.record_transitions import Recorder
from deadair.usecases.steadily import steadily
from infra.target import Target
from tests.builders import ANA, FALLBACK, an_actor, an_event_body, an_incident, at
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.web_room import send, web
from tests.stack import a_table_like
from web.surroundings import Surroundings

__all__ = ["web"]

pytestmark = pytest.mark.stack

BUSY = refusal("TransactionCanceledException", "TransactWriteItems", "None", "TransactionConflict")
BUSY_AND_CHANGED = refusal(
    "TransactionCanceledException", "TransactWriteItems", "ConditionalCheckFailed", "TransactionConflict"
)
NO_ANSWER = EndpointConnectionError(endpoint_url="https://example.com")
numbers = count(7001)


@pytest.fixture(scope="module")
def rows(stack: Target) -> str:
    """A registry with one row, Ana's."""
    name = a_table_like(stack, "RegistryTable")
    owner = {"name": ANA.name, "email": ANA.email, "slack_id": ANA.slack_id}
    row = Row.model_validate({"slug": "one-two", "name": "One → Two", "owner": owner, "alarm_patterns": ["one-*"]})
    import_registry(RegistryWriter(stack.client("dynamodb"), name), [row], now=at(0), by="cli:test")
    return name


def consume(stack: Target, table: str, bodies: list[str], *, client: Any = None, s3: Any = None, registry: str) -> Any:
    """What became of each body: its outcome, or None for one that must come again."""
    dynamodb, bucket = client or stack.client("dynamodb"), stack.outputs["KnowledgeBucket"]
    ledger = Ledger(dynamodb, table, s3 or stack.client("s3"), bucket)
    store = RegistryStore(stack.client("dynamodb"), registry)
    recorder = Recorder(ledger, IncidentStore(dynamodb, table), store, FALLBACK)
    records: list[dict[str, Any]] = [{"messageId": uuid4().hex, "body": body, "attributes": {}} for body in bodies]
    again = Consumer(ledger, recorder, Scope(), lambda _: b"").consume(records, at(60))
    ids = [str(record["messageId"]) for record in records]
    found = [stack.client("dynamodb").get_item(TableName=table, Key=keys.outcome(i)).get("Item", {}) for i in ids]
    told = [from_item(item).get("outcome") for item in found]
    assert again == [i for i, outcome in zip(ids, told, strict=True) if outcome is None]
    return told


@pytest.mark.parametrize("busy", [BUSY, BUSY_AND_CHANGED], ids=["conflict", "conflict and condition"])
def test_an_incident_that_another_worker_is_just_writing_is_written_a_moment_later(
    stack: Target, table: str, rows: str, busy: Exception
) -> None:
    client = Faulty(stack.client("dynamodb"), "transact_write_items", busy, times=3)

    assert consume(stack, table, [an_event_body(f"x-{uuid4().hex}")], client=client, registry=rows) == ["opened"]


def test_somebody_in_slack_never_notices_a_busy_incident(stack: Target, table: str) -> None:
    incident = an_incident(next(numbers))
    store = IncidentStore(stack.client("dynamodb"), table)
    stack.client("dynamodb").put_item(TableName=table, Item=incident_item(incident))
    store.client = Faulty(store.client, "transact_write_items", BUSY)

    with pytest.raises(Stale):
        acknowledge(store, incident.number, an_actor(), now=at(2))
    store.client.calls = 0
    after = steadily(lambda: acknowledge(store, incident.number, an_actor(), now=at(2)))
    assert after.acknowledged_by == ANA.name


def test_somebody_at_a_page_never_notices_that_deadair_wrote_meanwhile(
    web: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, incident = web.incidents, an_incident(next(numbers))
    store.client.put_item(TableName=store.table, Item=incident_item(incident))
    monkeypatch.setattr(store, "client", Faulty(store.client, "transact_write_items", BUSY, times=2))

    answer = send(web, f"/incidents/{incident.number}/note", {"text": "the vendor is on it"})

    assert answer["statusCode"] == 303
    assert [entry.text for entry in store.timeline(incident.number)] == ["the vendor is on it"]


def test_a_bucket_that_does_not_answer_holds_up_only_the_event_that_needs_it(
    stack: Target, table: str, rows: str
) -> None:
    huge = json.loads(an_event_body(f"x-{uuid4().hex}"))
    huge["detail"]["state"]["reason"] = "Threshold Crossed. " * 8000
    s3 = Faulty(stack.client("s3"), "put_object", NO_ANSWER, times=99)
    small = [an_event_body(f"x-{uuid4().hex}") for _ in range(2)]

    told = consume(stack, table, [small[0], json.dumps(huge), small[1]], s3=s3, registry=rows)

    assert told == ["opened", None, "opened"]


def test_one_row_that_cannot_be_read_takes_no_other_owner_away(stack: Target, table: str, rows: str) -> None:
    dynamodb, odd = stack.client("dynamodb"), [{"owner": "Ana"}, {"slug": "x"}, [], "text"]
    for i, row in enumerate(odd):
        item = keys.row(f"odd-{i}") | to_item({"row": json.dumps(row)})
        dynamodb.put_item(TableName=rows, Item=item)
    dynamodb.put_item(TableName=rows, Item=keys.row("odd-none"))

    assert consume(stack, table, [an_event_body("one-silence")], registry=rows) == ["opened"]
    (incident,) = IncidentStore(dynamodb, table).of_integration("one-two")
    assert incident.owner == ANA


def test_a_registry_that_falls_silent_is_known_for_an_hour(stack: Target, rows: str) -> None:
    seconds = [0.0]
    real = stack.client("dynamodb")
    registry = RegistryStore(real, rows, lambda: seconds[0])
    assert registry.get("one-two")

    registry.log.client = Faulty(real, "get_item", NO_ANSWER, times=99)
    seconds[0] = KEPT_S + 1
    assert registry.get("one-two")
    assert registry.get("one-two")
    assert registry.log.client.calls == 1
    seconds[0] = STALE_S + 1
    with pytest.raises(EndpointConnectionError):
        registry.rows()


def test_a_command_whose_beginning_lost_its_answer_is_still_done(stack: Target, table: str) -> None:
    class Repeating:
        """As botocore does when the connection breaks after the write."""

        def put_item(self, **request: Any) -> Any:
            stack.client("dynamodb").put_item(**request)
            return stack.client("dynamodb").put_item(**request)

    key = uuid4().hex
    assert RequestStore(Repeating(), table).begin(key, at(0))
    assert not RequestStore(stack.client("dynamodb"), table).begin(key, at(0))


def test_a_known_secret_waits_for_a_silent_ssm_only_now_and_then(stack: Target) -> None:
    seconds, path = [0.0], f"/deadair/test/{uuid4().hex}"
    stack.client("ssm").put_parameter(Name=f"{path}/key", Value="known", Type="SecureString")
    secrets = Secrets(stack.client("ssm"), path, "key", ticks=lambda: seconds[0])
    assert secrets.get("key") == "known"

    ssm = secrets._client = Faulty(stack.client("ssm"), "get_parameters", NO_ANSWER, times=99)
    seconds[0] = SECRET_KEPT_S + 1
    assert [secrets.get("key") for _ in range(5)] == ["known"] * 5
    assert ssm.calls == 1
    seconds[0] += ASK_AGAIN_S
    secrets.get("key")
    assert ssm.calls == 2
