"""Claims about what a published postmortem tells: each version its own words, and the facts as they are now."""

from datetime import date
from typing import Any

import pytest

from deadair.adapters.dynamodb.actions import ActionStore
from deadair.domain.action_item import ActionStatus
from deadair.domain.errors import Unavailable
from deadair.domain.said import Impact
from deadair.domain.severity import Severity
from deadair.domain.timeline import Fact, Source
from deadair.usecases.actions.add_action import add_action
from deadair.usecases.actions.end_action import end_action
from deadair.usecases.add_link import add_link
from deadair.usecases.answer_postmortem import answer_postmortem
from deadair.usecases.approve_postmortem import approve_postmortem
from deadair.usecases.ask_review import ask_review
from deadair.usecases.beside import Around
from deadair.usecases.note import note
from deadair.usecases.publish_postmortem import publish_postmortem
from deadair.usecases.reopen import reopen
from deadair.usecases.resolve import resolve
from deadair.usecases.return_postmortem import return_postmortem
from deadair.usecases.set_severity import set_severity
from deadair.usecases.undo import undo
from infra.target import Target
from tests.builders import ANA, BEN, an_actor, at
from tests.rooms.test_postmortem_writer import ANSWERS, Desk

pytestmark = pytest.mark.stack


@pytest.fixture
def desk(stack: Target, table: str) -> Desk:
    desk = Desk(stack, table)
    desk.resolve()
    desk.deliver()
    return desk


def told(desk: Desk, version: int = 0) -> dict[str, Any]:
    documents, doc_id = desk.shelf.documents(), f"INC-{desk.number}"
    return documents.version(doc_id, version) if version else documents.current(doc_id)


def published(desk: Desk, minutes: float = 70, **answers: str) -> None:
    desk.publish(minutes, **answers)
    desk.deliver(minutes=minutes + 2)


def test_changed_facts_make_one_further_version_of_the_same_words(desk: Desk) -> None:
    published(desk)
    note(desk.store, desk.number, an_actor(), "The vendor answered.", now=at(80))
    add_link(desk.store, desk.number, an_actor(), "https://status.example/7", "The vendor's page", now=at(81))
    add_action(desk.store, desk.number, an_actor(), "A reminder", owner=BEN, due_on=date(2026, 12, 1), now=at(82))

    for _ in range(3):
        desk.deliver(minutes=90)

    now = told(desk)
    assert (now["version"], now["why"], now["answers"], now["published_by"]) == (2, "facts", ANSWERS, "Ana Lima")
    assert "The vendor answered." in now["markdown"]
    assert now["links"] == [{"url": "https://status.example/7", "label": "The vendor's page"}]
    assert [(one["text"], one["owner"], one["status"]) for one in now["actions"]] == [
        ("A reminder", "Ben Okafor", "open")
    ]
    assert "The vendor answered." not in told(desk, 1)["markdown"]
    assert desk.facts().count(Fact.POSTMORTEM_REFRESHED) == 1
    assert [line["why"] for line in desk.shelf.documents().versions(now["id"])] == ["published", "facts"]


def test_an_unfinished_amendment_is_never_published_by_a_machine(desk: Desk) -> None:
    published(desk)
    answer_postmortem(desk.store, desk.number, an_actor(BEN), {"what_fixed": "Half a sen"}, now=at(80))
    note(desk.store, desk.number, an_actor(), "The vendor answered.", now=at(81))

    desk.deliver(minutes=90)

    state = desk.store.postmortem(desk.number)
    assert state is not None
    assert (state.answers["what_fixed"], state.amending, state.version) == ("Half a sen", True, 2)
    assert told(desk)["answers"] == ANSWERS
    assert publish_postmortem(desk.store, desk.number, an_actor(), now=at(95)).version == 3
    desk.deliver(minutes=96)
    assert (told(desk)["answers"]["what_fixed"], told(desk)["why"]) == ("Half a sen", "amended")


def test_an_incident_that_goes_on_changes_its_document_when_it_is_over_again(desk: Desk) -> None:
    published(desk)
    reopen(desk.store, desk.number, an_actor(), now=at(80))
    note(desk.store, desk.number, an_actor(), "It is back.", now=at(81))
    desk.deliver(minutes=82)
    assert told(desk)["version"] == 1

    resolve(desk.store, desk.number, an_actor(), "A longer token.", now=at(90))
    desk.deliver(minutes=91)

    assert told(desk)["version"] == 2
    assert "It is back." in told(desk)["markdown"]


def test_of_two_publishings_before_the_room_looks_both_versions_can_be_read(desk: Desk) -> None:
    desk.publish(70, what_fixed="A new token.")
    desk.publish(74, what_fixed="A longer token.")

    desk.deliver(minutes=80)

    assert told(desk, 1)["answers"]["what_fixed"] == "A new token."
    assert told(desk)["answers"]["what_fixed"] == "A longer token."
    lines = desk.shelf.documents().versions(f"INC-{desk.number}")
    assert [(line["version"], line["why"]) for line in lines] == [(1, "published"), (2, "amended")]


def test_what_was_bad_is_published_with_the_approval_of_somebody_else(desk: Desk) -> None:
    set_severity(desk.store, desk.number, an_actor(), Severity.SEV1, "Opt-outs were lost.", now=at(60))
    answer_postmortem(
        desk.store,
        desk.number,
        an_actor(),
        ANSWERS,
        now=at(61),
        extras={"factors": "Nobody knew. api_key=abcdef0123456789abcdef"},
        impact=Impact(records=1200, consent=0),
    )
    ask_review(desk.store, desk.number, an_actor(), BEN, now=at(62))
    return_postmortem(desk.store, desk.number, an_actor(BEN), "Who? password=hunter2hunter2", now=at(63))
    answer_postmortem(desk.store, desk.number, an_actor(), {"what_fixed": "A new token."}, now=at(64))
    approve_postmortem(desk.store, desk.number, an_actor(BEN), "Well told.", now=at(65))
    publish_postmortem(desk.store, desk.number, an_actor(), now=at(66))
    desk.deliver(minutes=70)

    now = told(desk)
    assert (now["reviewed_by"], now["impact"]["records"], now["impact"]["consent"]) == ("Ben Okafor", 1200, 0)
    assert "abcdef0123456789" not in str(now)
    assert "hunter2" not in str([entry.text for entry in desk.store.timeline(desk.number)])
    assert "1,200" in now["markdown"]


def test_an_author_publishes_what_is_not_theirs_to_work_on(desk: Desk) -> None:
    helper = an_actor(BEN, Source.WEB)
    answer_postmortem(desk.store, desk.number, helper, ANSWERS, now=at(61))

    assert publish_postmortem(desk.store, desk.number, helper, now=at(62)).published_by == BEN.name


def test_a_silent_metric_holds_no_document_up(desk: Desk) -> None:
    desk.publish()

    writer = desk.writer()
    writer.around = Around(series=Silent())  # type: ignore[arg-type]
    desk.deliver(writer)

    assert (told(desk)["chart"], told(desk)["version"]) == (None, 1)


class Silent:
    """A CloudWatch that does not answer."""

    def of(self, *_: Any) -> None:
        raise Unavailable("CloudWatch does not answer.")


def test_an_action_that_is_done_is_told_as_done(desk: Desk) -> None:
    published(desk)
    add_action(desk.store, desk.number, an_actor(), "A reminder", owner=ANA, due_on=date(2026, 12, 1), now=at(82))
    desk.deliver(minutes=83)
    (item,) = ActionStore(desk.dynamodb, desk.table).of_incident(desk.number)
    end_action(desk.store, desk.number, item.number, an_actor(), ActionStatus.DONE, now=at(84))

    desk.deliver(minutes=85)

    assert (told(desk)["version"], told(desk)["actions"][0]["status"]) == (3, "done")


def test_words_that_are_taken_back_are_no_part_of_the_story_and_make_no_version(desk: Desk) -> None:
    published(desk)
    answer_postmortem(desk.store, desk.number, an_actor(), {"what_broke": "Other words."}, now=at(80))

    undo(desk.store, desk.number, an_actor(), now=at(81))
    desk.deliver(minutes=90)
    assert (told(desk)["version"], "Taken back" in told(desk)["markdown"]) == (1, False)

    undo(desk.store, desk.number, an_actor(), now=at(91))
    desk.deliver(minutes=100)
    assert (told(desk)["version"], "Done again" in told(desk)["markdown"]) == (1, False)

    note(desk.store, desk.number, an_actor(), "The vendor answered.", now=at(101))
    undo(desk.store, desk.number, an_actor(), now=at(102))
    desk.deliver(minutes=110)
    assert "Taken back: The vendor answered." in told(desk)["markdown"]


def test_one_look_reads_what_is_beside_the_incident_once(desk: Desk) -> None:
    published(desk)
    note(desk.store, desk.number, an_actor(), "The vendor answered.", now=at(80))
    asked: list[str] = []
    incident = desk.store.get(desk.number)
    around = Around().once()

    def count(params: dict[str, Any], **_: Any) -> None:
        asked.append(str(params["body"]))

    desk.store.client.meta.events.register("before-call.dynamodb.Query", count)
    first = around.beside(desk.store, incident, at(90))
    calls = len(asked)

    assert around.beside(desk.store, incident, at(90)) is first
    assert (calls, len(asked)) == (1, 1)
