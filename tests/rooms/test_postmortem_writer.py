"""Claims about the writer's room on a real table and bucket: drafts on resolve, documents on publish, both converge."""

import json
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from deadair.adapters.dynamodb.incidents import IncidentStore, incident_item
from deadair.domain.errors import IllegalTransition, Invalid, NotFound, Poison, Stale
from deadair.domain.postmortem import QUESTIONS, PostmortemStatus
from deadair.domain.timeline import Fact
from deadair.usecases.acknowledge import acknowledge
from deadair.usecases.answer_postmortem import answer_postmortem
from deadair.usecases.publish_postmortem import publish_postmortem
from deadair.usecases.reopen import reopen
from deadair.usecases.resolve import resolve
from infra.target import Target
from postmortem_writer import handler as room
from postmortem_writer.consumer import Writer
from tests.builders import an_actor, an_incident, at
from tests.rooms.killed import Fragile, Killed
from tests.rooms.knowledge import Shelf

pytestmark = pytest.mark.stack
ANSWERS = dict.fromkeys(QUESTIONS, "The token expired on Sunday.")


class Desk:
    """An incident and a bucket of its own, and the room."""

    def __init__(self, stack: Target, table: str) -> None:
        self.dynamodb, self.table = stack.client("dynamodb"), table
        self.store = IncidentStore(self.dynamodb, self.table)
        self.shelf = Shelf(stack)
        self.number = random.randrange(100_000_000, 999_999_999)
        self.dynamodb.put_item(TableName=self.table, Item=incident_item(an_incident(self.number)))

    def writer(self, dynamodb: Any = None, s3: Any = None) -> Writer:
        store = IncidentStore(dynamodb or self.dynamodb, self.table)
        return Writer(store, self.shelf.documents(s3), self.shelf.publisher(s3))

    def deliver(self, writer: Writer | None = None, minutes: float = 60) -> None:
        (writer or self.writer()).take(self.body(), at(minutes))

    def body(self) -> str:
        return json.dumps({"source": "deadair", "detail": {"incident": f"INC-{self.number}"}})

    def resolve(self, minutes: float = 50) -> None:
        resolve(self.store, self.number, an_actor(), "Reauthorised.", now=at(minutes))

    def publish(self, minutes: float = 70, **answers: str) -> None:
        answer_postmortem(self.store, self.number, an_actor(), ANSWERS | answers, now=at(minutes))
        publish_postmortem(self.store, self.number, an_actor(), now=at(minutes + 1))

    def facts(self) -> list[Fact]:
        return [entry.fact for entry in self.store.timeline(self.number)]

    def found(self, cache: Path, query: str) -> list[str]:
        return [hit.id for hit in self.shelf.index(cache).search(query).hits]


@pytest.fixture
def desk(stack: Target, table: str) -> Desk:
    return Desk(stack, table)


def test_an_open_incident_has_no_postmortem(desk: Desk) -> None:
    desk.deliver()

    assert desk.store.postmortem(desk.number) is None


def test_a_resolved_incident_is_drafted_once_however_often_it_is_told(desk: Desk) -> None:
    desk.resolve()

    desk.deliver()
    desk.deliver()

    drafted = desk.store.postmortem(desk.number)
    assert drafted is not None
    assert drafted.suggested["what_fixed"] == "Reauthorised."
    assert drafted.answers == {}
    assert desk.facts().count(Fact.POSTMORTEM_DRAFTED) == 1


def test_a_second_resolve_refreshes_suggestions_and_never_an_answer(desk: Desk) -> None:
    desk.resolve()
    desk.deliver()
    answer_postmortem(desk.store, desk.number, an_actor(), {"what_fixed": "My own words."}, now=at(65))
    reopen(desk.store, desk.number, an_actor(), now=at(66))
    resolve(desk.store, desk.number, an_actor(), "Rotated the key.", now=at(67))

    desk.deliver()

    told = desk.store.postmortem(desk.number)
    assert told is not None
    assert told.suggested["what_fixed"].startswith("Rotated the key.")
    assert "did not hold:\n\n- Reauthorised." in told.suggested["what_fixed"]
    assert told.answers == {"what_fixed": "My own words."}


def test_publishing_ends_as_documents_and_is_found(desk: Desk, tmp_path: Path) -> None:
    desk.resolve()
    desk.deliver()
    desk.publish()

    desk.deliver()

    told = desk.shelf.documents().current(f"INC-{desk.number}")
    assert told["answers"] == ANSWERS
    assert "token expired" in desk.shelf.documents().raw(told["id"], "md")
    assert desk.found(tmp_path, "expird token") == [told["id"]]


def test_publishing_needs_all_five_answers_and_a_resolved_incident(desk: Desk) -> None:
    desk.resolve()
    desk.deliver()
    answer_postmortem(desk.store, desk.number, an_actor(), {"what_broke": "It."}, now=at(65))

    with pytest.raises(Invalid) as refused:
        publish_postmortem(desk.store, desk.number, an_actor(), now=at(66))
    assert refused.value.field == "when_started"

    answer_postmortem(desk.store, desk.number, an_actor(), ANSWERS, now=at(67))
    reopen(desk.store, desk.number, an_actor(), now=at(68))
    with pytest.raises(IllegalTransition):
        publish_postmortem(desk.store, desk.number, an_actor(), now=at(69))


def test_a_second_press_on_publish_makes_no_second_version_but_a_new_answer_does(desk: Desk, tmp_path: Path) -> None:
    desk.resolve()
    desk.deliver()
    desk.publish()
    desk.deliver()
    assert publish_postmortem(desk.store, desk.number, an_actor(), now=at(75)).version == 1

    desk.publish(80, what_fixed="Replaced by a permanent integration user.")
    desk.deliver()

    assert desk.shelf.documents().current(f"INC-{desk.number}")["version"] == 2
    assert desk.found(tmp_path, "permanent user") == [f"INC-{desk.number}"]
    assert len(desk.shelf.keys(f"postmortems/INC-{desk.number}/v1.")) == 4


def test_fault_32_two_people_who_edit_at_once_are_told(desk: Desk) -> None:
    desk.resolve()
    desk.deliver()
    answer_postmortem(desk.store, desk.number, an_actor(), {"what_broke": "One."}, now=at(65), seen_edit=0)

    with pytest.raises(Stale):
        answer_postmortem(desk.store, desk.number, an_actor(), {"what_broke": "Two."}, now=at(65), seen_edit=0)


def test_an_answer_before_the_draft_is_refused_and_secrets_in_answers_are_not_kept(desk: Desk) -> None:
    with pytest.raises(NotFound):
        answer_postmortem(desk.store, desk.number, an_actor(), {"what_broke": "x"}, now=at(20))
    desk.resolve()
    desk.deliver()

    told = answer_postmortem(desk.store, desk.number, an_actor(), {"what_broke": "password=hunter2hunter2"}, now=at(65))

    assert "hunter2" not in told.answers["what_broke"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at_call", range(1, 4))
def test_n4_a_writer_killed_at_any_call_to_the_table_drafts_once(desk: Desk, at_call: int, *, after: bool) -> None:
    acknowledge(desk.store, desk.number, an_actor(), now=at(20))
    desk.resolve()
    with suppress(Killed):
        desk.deliver(desk.writer(dynamodb=Fragile(desk.dynamodb, at_call, after=after)))

    desk.deliver()

    assert desk.facts().count(Fact.POSTMORTEM_DRAFTED) == 1


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"detail": {"incident": "INC-0"}}', '{"detail": {"incident": "../x"}}']
)
def test_a_message_that_names_no_incident_is_poison(desk: Desk, body: str) -> None:
    with pytest.raises(Poison):
        desk.writer().take(body, at(0))


def test_one_bad_message_leaves_the_others_of_its_batch_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "writer", _always(desk.writer()))
    desk.resolve()
    bodies = ["nonsense", desk.body(), json.dumps({"detail": {"incident": "INC-1999999"}})]
    records = [{"messageId": f"m{n}", "body": body, "eventSource": "aws:sqs"} for n, body in enumerate(bodies)]

    answer = room.handler({"Records": records}, None)

    assert [item["itemIdentifier"] for item in answer["batchItemFailures"]] == ["m0", "m2"]
    drafted = desk.store.postmortem(desk.number)
    assert drafted is not None
    assert drafted.status is PostmortemStatus.DRAFT


def _always(writer: Writer) -> Callable[[], Writer]:
    return lambda: writer
