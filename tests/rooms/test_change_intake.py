"""Claims about changes: they come in through three doors, are kept once, and an open incident is looked at again."""

import json
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from change_intake.consumer import Consumer
from deadair.adapters.dynamodb.audit import AuditLog
from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.transact import commit, put_new
from deadair.adapters.sqs.diagnosis import DiagnosisQueue
from deadair.domain.change import Change, Kind, Teller, a_change
from deadair.domain.signal_signature import HEADER, header
from deadair.usecases.near_changes import near_changes
from deadair.usecases.record_changes import ChangeRecorder
from infra.target import Target
from tests.builders import NOON, an_incident, an_integration, at
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.killed import Life, Scene, as_told, every_crash
from tests.stack import Deadair, Register, a_table_like

pytestmark = pytest.mark.stack
CHANGES = Path(__file__).parents[1] / "changes"
SLUG = "hubspot-salesforce"
PATIENCE_S = 30.0


def told(minutes: float = -5, text: str = "form-relay 1.4.2", **more: Any) -> Change:
    return a_change(SLUG, at(minutes), Kind.DEPLOY, text, by="ana", source=Teller.INTEGRATION, **more)


class Room:
    """The room with a table and a queue of its own, and one row that names `form-relay`."""

    def __init__(self, stack: Target) -> None:
        self.stack = stack
        self.incidents = a_table_like(stack, "IncidentsTable")
        self.registry = a_table_like(stack, "RegistryTable")
        self.url = stack.client("sqs").create_queue(QueueName=f"look-{uuid4().hex[:8]}")["QueueUrl"]
        row = {"slug": SLUG, "name": "H", "owner": {"name": "Ana"}, "changes": ["form-*", "prod/crm"]}
        item = {"pk": {"S": "REG"}, "sk": {"S": f"ROW#{SLUG}"}, "row": {"S": json.dumps(row)}}
        stack.client("dynamodb").put_item(TableName=self.registry, Item=item)

    def consume(self, *bodies: Any, life: Life | None = None, dynamodb: Any = None) -> list[str]:
        wrap: Callable[[Any], Any] = life or (lambda client: client)
        table = wrap(dynamodb or self.stack.client("dynamodb"))
        recorder = ChangeRecorder(
            ChangeStore(table, self.incidents),
            IncidentStore(table, self.incidents),
            DiagnosisQueue(wrap(self.stack.client("sqs")), self.url),
        )
        records = [{"messageId": f"m-{n}", "body": json.dumps(body)} for n, body in enumerate(bodies)]
        return Consumer(RegistryStore(table, self.registry), recorder).consume(records, at(1))

    def open_incident(self, number: int = 7) -> None:
        from deadair.adapters.dynamodb.incidents import incident_item

        incident = an_incident(number, started_at=NOON)
        commit(self.stack.client("dynamodb"), [put_new(self.incidents, incident_item(incident))])

    @property
    def store(self) -> ChangeStore:
        return ChangeStore(self.stack.client("dynamodb"), self.incidents)

    def nudges(self) -> list[Any]:
        sqs = self.stack.client("sqs")
        found = sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in found]


@pytest.fixture
def room(stack: Target) -> Room:
    return Room(stack)


def recorded(file: str, **detail: Any) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((CHANGES / file).read_text("utf-8"))
    event["detail"] |= detail
    return event


def test_a_change_is_kept_once_whatever_time_its_second_telling_gives(room: Room) -> None:
    assert room.store.add(told(own_id="r-1"), NOON)
    assert not room.store.add(told(own_id="r-1"), NOON)
    assert not room.store.add(told(-90, "told again", own_id="r-1"), NOON)

    assert [change.text for change in room.store.latest(SLUG, 9)] == ["form-relay 1.4.2"]
    assert room.store.latest(SLUG, 9) == [told(own_id="r-1")]


def test_a_deployment_reaches_the_integration_whose_row_names_it_and_nobody_else(room: Room) -> None:
    strange = recorded("pipeline.json", pipeline="warehouse")
    strange["resources"] = []

    assert room.consume(recorded("stack.json"), recorded("rotation.json"), recorded("rule.json"), strange) == []

    assert {change.text for change in room.store.latest(SLUG, 9)} == {
        "Stack form-relay: UPDATE_IN_PROGRESS",
        "Secret prod/crm: RotationSucceeded",
    }


def test_one_message_that_nobody_can_read_keeps_no_other_from_being_kept(room: Room) -> None:
    fact = {"detail-type": "change.deploy", "source": "ci", "time": "2026-11-02T11:50:00Z", "detail": {}}

    failed = room.consume(["no object"], fact, {"changes": [{"id": 1}]}, recorded("stack.json"))

    assert failed == ["m-0", "m-1", "m-2"]
    assert len(room.store.latest(SLUG, 9)) == 1


def test_a_fact_about_an_integration_that_nobody_knows_is_dropped(room: Room) -> None:
    detail = {"integration": "nobody-knows-it", "text": "x"}
    fact = {"detail-type": "change.deploy", "source": "ci", "time": "2026-11-02T11:50:00Z", "detail": detail}

    assert room.consume(fact) == []
    assert room.store.latest("nobody-knows-it", 9) == []


def test_an_open_incident_is_looked_at_again_and_no_other(room: Room) -> None:
    assert room.consume(recorded("stack.json")) == []
    assert room.nudges() == []

    room.open_incident()
    late = recorded("function.json") | {"time": "2026-11-09T11:50:00Z"}
    late["detail"]["eventTime"] = "2026-11-09T11:50:00Z"
    assert room.consume(late) == []
    assert room.nudges() == []

    # Known already: whoever died before telling the diagnosis tells it now.
    assert room.consume(recorded("stack.json")) == []
    assert room.nudges() == [{"incident": 7}]


def test_n4_a_change_room_killed_at_any_effect_keeps_the_change_once_and_tells_the_diagnosis(stack: Target) -> None:
    def scene() -> Scene:
        room = Room(stack)
        room.open_incident()
        heard: set[int] = set()

        def state() -> Any:
            heard.update(nudge["incident"] for nudge in room.nudges())
            return as_told(stack.client("dynamodb"), room.incidents), sorted(heard)

        return Scene(lambda life: _worked(room, life), state)

    assert every_crash(scene) == ["transact_write_items", "send_message"]


def _worked(room: Room, life: Life) -> None:
    assert room.consume(recorded("stack.json"), life=life) == []


def test_while_the_table_is_throttled_a_change_comes_again(room: Room) -> None:
    dynamodb = room.stack.client("dynamodb")
    faulty = Faulty(dynamodb, "transact_write_items", refusal("ThrottlingException", "TransactWriteItems"))

    assert room.consume(recorded("stack.json"), dynamodb=faulty) == ["m-0"]
    assert room.consume(recorded("stack.json"), dynamodb=faulty) == []
    assert len(room.store.latest(SLUG, 9)) == 1


def test_near_the_start_are_told_changes_edits_of_the_row_and_its_dates(room: Room, stack: Target) -> None:
    row = an_integration(row={"credential": {"rotated_on": NOON.date().isoformat()}})
    for minutes in (-1500, -30, 50, 90):
        room.store.add(told(minutes, f"deploy {minutes}"), NOON)

    found = near_changes(room.store, AuditLog(stack.client("dynamodb"), room.registry), row, around=NOON, now=at(60))

    assert [change.text for change in found] == ["Credential rotated 2026-11-02", "deploy -30", "deploy 50"]


def test_a_log_that_was_written_past_us_hides_no_deploy(room: Room, stack: Target) -> None:
    row = {"pk": {"S": "REG"}, "sk": {"S": f"ROW#{SLUG}"}, "audited": {"N": "1"}}
    odd = {"pk": {"S": "AUDIT"}, "sk": {"S": "E#000000000001"}}
    for item in (row, odd):
        stack.client("dynamodb").put_item(TableName=room.registry, Item=item)
    room.store.add(told(), NOON)

    found = near_changes(
        room.store, AuditLog(stack.client("dynamodb"), room.registry), an_integration(), around=NOON, now=at(1)
    )

    assert [change.text for change in found] == ["form-relay 1.4.2"]


def test_an_edit_of_the_row_is_near_with_who_made_it_and_its_first_coming_is_not(
    stack: Target, register: Register, deadair: Deadair, tmp_path: Path
) -> None:
    slug = register(runbook="https://wiki.example.com/a")
    dynamodb = stack.client("dynamodb")
    row = RegistryStore(dynamodb, stack.outputs["RegistryTable"]).get(slug)
    assert row is not None
    file = tmp_path / "registry.yaml"
    file.write_text(json.dumps({"integrations": [row.row | {"runbook": "https://wiki.example.com/b"}]}))
    assert deadair("registry", "import", file)[0] == 0
    now = datetime.now(UTC)

    found = near_changes(
        ChangeStore(dynamodb, stack.outputs["IncidentsTable"]),
        AuditLog(dynamodb, stack.outputs["RegistryTable"]),
        row,
        around=now,
        now=now + timedelta(seconds=5),
    )

    assert [(change.text, change.kind) for change in found] == [("Row changed: runbook", "config")]
    assert found[0].by.startswith("cli")


def test_a_change_comes_in_through_each_door(stack: Target, deadair: Deadair, register: Register) -> None:
    slug = register(changes=["form-relay-*"])
    name = f"form-relay-{slug}"
    arn = f"arn:aws:cloudformation:eu-central-1:210987654321:stack/{name}/0a1b"
    stacks = recorded("stack.json", **{"stack-id": arn})
    _post(stack, slug, json.loads(deadair("signals", "key", slug, "--json")[1])["secret"])
    _put(stack, "default", "deadair.local", stacks["detail-type"], stacks["detail"])
    _put(stack, stack.outputs["IncidentBus"], "ci", "change.release.v1", {"integration": slug, "text": "told"})
    status, out, err = deadair("changes", "add", slug, "Vendor's release 7", "--id", "r-7", "--json")
    assert (status, json.loads(out)["kept"]) == (0, True), err
    assert "Known already" in deadair("changes", "add", slug, "Vendor's release 7", "--id", "r-7")[1]

    found = _listed(deadair, slug, 4)

    assert {(one["text"], one["source"]) for one in found} == {
        ("posted", "integration"),
        (f"Stack {name}: UPDATE_IN_PROGRESS", "aws"),
        ("told", "bus"),
        ("Vendor's release 7", "person"),
    }
    assert "posted" in deadair("changes", "list", slug)[1]


def test_the_command_refuses_what_cannot_be_a_change(deadair: Deadair, register: Register) -> None:
    slug = register()

    assert deadair("changes", "add", "nobody-knows-it", "x")[0] == 1
    for wrong in (("--kind", "gossip"), ("--at", "yesterday"), ("--at", "2026-11-21T08:00"), ("--url", "http://a")):
        assert deadair("changes", "add", slug, "x", *wrong)[0] == 1
    assert json.loads(deadair("changes", "list", slug, "--json")[1]) == []


def _post(stack: Target, slug: str, secret: str) -> None:
    body = json.dumps({"integration": slug, "kind": "config", "text": "posted", "by": "Ana"}).encode()
    signed = {HEADER: header(secret, int(time.time()), body), "content-type": "application/json"}
    request = urllib.request.Request(f"{stack.web}/v1/changes", data=body, headers=signed)
    with urllib.request.urlopen(request) as answer:
        assert (answer.status, json.loads(answer.read())) == (202, {"accepted": 1, "repeated": 0})


def _put(stack: Target, bus: str, source: str, detail_type: str, detail: Any) -> None:
    entry = {"EventBusName": bus, "Source": source, "DetailType": detail_type, "Detail": json.dumps(detail)}
    assert not stack.client("events").put_events(Entries=[entry])["FailedEntryCount"]


def _listed(deadair: Deadair, slug: str, count: int) -> list[dict[str, Any]]:
    until = time.monotonic() + PATIENCE_S
    found: list[dict[str, Any]] = []
    while len(found) < count and time.monotonic() < until:
        found = json.loads(deadair("changes", "list", slug, "--json")[1])
    return found
