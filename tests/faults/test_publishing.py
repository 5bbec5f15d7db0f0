"""Claims about publishing that fails half way or races: a reader sees the old or the new whole, and no text is lost."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from deadair.domain.errors import Stale, Unavailable
from deadair.domain.postmortem import QUESTIONS
from deadair.usecases.answer_postmortem import answer_postmortem
from deadair.usecases.publish_postmortem import publish_postmortem
from infra.target import Target
from tests.builders import an_actor, at
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.test_postmortem_writer import Desk
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
ROUNDS = 30


@pytest.fixture
def desk(stack: Target) -> Desk:
    desk = Desk(stack, a_table_like(stack, "IncidentsTable"))
    desk.resolve()
    desk.deliver()
    return desk


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("method", ["put_object", "get_object"])
def test_fault_31_a_bucket_that_refuses_for_a_while_ends_in_the_whole_document(
    desk: Desk, tmp_path: Path, method: str, times: int
) -> None:
    desk.publish()
    silent = Faulty(desk.shelf.s3, method, refusal("ServiceUnavailable", method), times=times)
    for _ in range(times + 1):
        try:
            desk.deliver(desk.writer(s3=silent))
        except Exception as failed:  # noqa: BLE001 - whatever it is, the queue brings the message again
            assert not isinstance(failed, AssertionError)
        found = desk.found(tmp_path, "token expired")
        assert found in ([], [f"INC-{desk.number}"])
    desk.deliver()

    told = desk.shelf.documents().current(f"INC-{desk.number}")
    assert desk.shelf.documents().raw(told["id"], "md") == told["markdown"]
    assert desk.found(tmp_path, "token expired") == [told["id"]]


def test_fault_32_of_two_who_publish_at_the_same_moment_no_accepted_word_is_lost(desk: Desk) -> None:
    desk.publish()
    desk.deliver()
    both = Barrier(2)

    def edit(who: int, turn: int) -> str:
        told = {"what_fixed": f"Fix {who} of turn {turn}."}
        seen = desk.store.postmortem(desk.number)
        assert seen is not None
        both.wait()
        try:
            answer_postmortem(desk.store, desk.number, an_actor(), told, now=at(100 + turn), seen_edit=seen.edit)
        except Stale:
            return ""
        return told["what_fixed"]

    for turn in range(ROUNDS):
        with ThreadPoolExecutor(2) as people:
            accepted = [said for said in people.map(edit, (1, 2), (turn, turn)) if said]
        assert len(accepted) == 1
        now = desk.store.postmortem(desk.number)
        assert now is not None
        assert now.answers["what_fixed"] == accepted[0]


def test_fault_32_of_two_presses_on_publish_one_version_comes_and_two_writers_leave_it_whole(desk: Desk) -> None:
    for turn in range(5):
        desk.publish(100 + turn, what_fixed=f"Turn {turn}.")
        with ThreadPoolExecutor(2) as writers:
            list(writers.map(lambda _: _steadily(desk), range(2)))
        told = desk.shelf.documents().current(f"INC-{desk.number}")
        assert told["version"] == turn + 1
        assert told["answers"]["what_fixed"] == f"Turn {turn}."
        assert desk.shelf.documents().raw(told["id"], "md") == told["markdown"]
        assert publish_postmortem(desk.store, desk.number, an_actor(), now=at(200)).version == turn + 1
    assert set(told["answers"]) == set(QUESTIONS)


def _steadily(desk: Desk) -> None:
    for _ in range(10):
        try:
            desk.deliver()
        except (Stale, Unavailable):
            continue
        return
