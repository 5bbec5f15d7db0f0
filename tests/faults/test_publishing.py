"""Claims about publishing that fails half way or races: a reader sees the old or the new whole, and no text is lost."""

import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest

from deadair.domain.errors import Stale, Unavailable
from deadair.domain.postmortem import QUESTIONS
from deadair.domain.timeline import Fact
from deadair.usecases.answer_postmortem import answer_postmortem
from deadair.usecases.note import note
from deadair.usecases.publish_documents import publish_documents
from deadair.usecases.publish_postmortem import publish_postmortem
from deadair.usecases.reconcile_documents import Reconciler
from infra.target import Target
from tests.builders import an_actor, at
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.killed import Life, Scene, every_crash
from tests.rooms.test_postmortem_writer import Desk
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
ROUNDS = 30
# It is made of the incident's number, too.
FACTS_DIGEST = re.compile(r'"facts_digest": "[0-9a-f]+"')


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


def test_fault_31_a_writer_that_dies_at_any_effect_leaves_the_old_or_the_new_and_reconcile_ends_it(
    stack: Target, tmp_path: Path
) -> None:
    # Each time a table of its own: to reconcile is to look at every incident.
    effects = every_crash(lambda: _half_published(Desk(stack, a_table_like(stack, "IncidentsTable")), tmp_path))

    assert effects.count("put_object") >= len(("json", "md", "html", "metadata", "pointer", "index", "manifest"))


def test_fault_31_a_writer_that_dies_while_facts_make_a_version_ends_it_with_the_next_delivery(stack: Target) -> None:
    table = a_table_like(stack, "IncidentsTable")

    assert every_crash(lambda: _others_facts(Desk(stack, table)))[0] == "transact_write_items"


def _half_published(desk: Desk, cache: Path) -> Scene:
    """One version is read by everybody, a second one is published: the room works, and then only `reconcile` does."""
    cache = cache / desk.shelf.bucket
    cache.mkdir()
    _first(desk)
    desk.publish(90, what_fixed="A longer token.")
    lives: list[Life] = []

    def work(life: Life) -> None:
        lives.append(life)
        if len(lives) > 1:
            publish = partial(
                publish_documents, desk.store, desk.shelf.documents(), desk.shelf.publisher(), now=at(200)
            )
            Reconciler(desk.store, desk.shelf.documents(), desk.shelf.publisher(), publish).run(now=at(200))
            return
        try:
            desk.deliver(desk.writer(s3=life(desk.shelf.s3)), minutes=95)
        finally:
            _old_or_new(desk)

    return Scene(work, lambda: (_stored(desk), len(desk.found(cache, "longer token"))))


def _others_facts(desk: Desk) -> Scene:
    _first(desk)
    note(desk.store, desk.number, an_actor(), "The vendor answered.", now=at(90))

    def work(life: Life) -> None:
        writer = desk.writer(dynamodb=life(desk.dynamodb), s3=life(desk.shelf.s3))
        try:
            desk.deliver(writer, minutes=95)
        finally:
            _old_or_new(desk)

    return Scene(work, lambda: (_stored(desk), desk.facts().count(Fact.POSTMORTEM_REFRESHED)))


def _first(desk: Desk) -> None:
    desk.resolve()
    desk.deliver()
    desk.publish()
    desk.deliver(minutes=80)


def _old_or_new(desk: Desk) -> None:
    """What is read at this very moment is one whole version, in every form."""
    documents, doc_id = desk.shelf.documents(), f"INC-{desk.number}"
    told = documents.current(doc_id)
    assert told["version"] in {1, 2}
    assert documents.raw(doc_id, "md") == told["markdown"]
    assert documents.raw(doc_id, "html") == told["html"]
    assert [line["version"] for line in documents.versions(doc_id)] == list(range(1, told["version"] + 1))


def _stored(desk: Desk) -> list[tuple[str, str]]:
    """Every object of the document, as it is the same for every incident."""
    number, names = str(desk.number), sorted(desk.shelf.keys("postmortems/"))
    bodies = [desk.shelf.documents().objects.get(name).body.decode() for name in names]
    return [
        (name.replace(number, "N"), FACTS_DIGEST.sub("", body.replace(number, "N")))
        for name, body in zip(names, bodies, strict=True)
    ]
