"""Claims about making the knowledge base whole: every half-way state is repaired, once, and nothing else is touched."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from deadair.adapters.s3.documents import as_document, as_stored
from deadair.adapters.search.manifest import KEY
from deadair.domain.document import Document
from deadair.usecases.publish_documents import publish_documents
from deadair.usecases.reconcile_documents import Reconciled, Reconciler
from infra.target import Target
from postmortem_writer.events import asks_to_reconcile
from tests.builders import NOON
from tests.rooms.killed import Fragile, Killed
from tests.rooms.test_postmortem_writer import Desk
from tests.stack import a_table_like

pytestmark = pytest.mark.stack
RECONCILE = json.dumps({"reconcile": True})


@pytest.fixture
def desk(stack: Target) -> Desk:
    """One published incident beside three imported documents, all of them whole."""
    desk = Desk(stack, a_table_like(stack, "IncidentsTable"))
    desk.resolve()
    desk.deliver()
    desk.publish()
    desk.deliver()
    for number in range(3):
        keep(desk, a_document(number))
    return desk


def a_document(number: int, version: int = 1) -> Document:
    title = f"Title {number} of {version}"
    return Document(id=f"old-{number}", title=title, date=NOON, body="words", version=version, imported=True)


def told(document: Document) -> dict[str, object]:
    return as_stored(document) | {"markdown": f"# {document.title}", "html": "<p></p>"}


def keep(desk: Desk, document: Document) -> None:
    desk.shelf.documents().write(told(document))
    desk.shelf.publisher().publish([document], now=NOON)


def reconcile(desk: Desk, *, now: datetime = NOON) -> Reconciled:
    documents, index = desk.shelf.documents(), desk.shelf.publisher()
    publish = partial(publish_documents, desk.store, documents, index, now=now)
    return Reconciler(desk.store, documents, index, publish).run(now=now)


def ids(desk: Desk, cache: Path) -> list[str]:
    return sorted(hit.id for hit in desk.shelf.index(cache).search("").hits)


def everything(desk: Desk) -> list[str]:
    return sorted([f"INC-{desk.number}", "old-0", "old-1", "old-2"])


def is_whole(desk: Desk, cache: Path) -> bool:
    """Whether everything is found, is there to be read, and needs no repair any more."""
    found = ids(desk, cache)
    assert all(desk.shelf.documents().current(doc_id)["id"] == doc_id for doc_id in found)
    return reconcile(desk).repairs == 0


def test_where_all_is_whole_nothing_is_written(desk: Desk) -> None:
    before = desk.shelf.keys()

    done = reconcile(desk)

    assert (done.repairs, done.documents, done.failed) == (0, 4, {})
    now = desk.shelf.keys("")
    assert [key for key in now if not key.endswith(".stamps.json")] == before


def test_fault_31_a_document_that_is_not_current_is_made_so(desk: Desk, tmp_path: Path) -> None:
    keep(desk, a_document(7))
    desk.shelf.s3.delete_object(Bucket=desk.shelf.bucket, Key="postmortems/old-7/current.json")

    assert reconcile(desk).pointed == ["old-7"]

    assert desk.shelf.documents().current("old-7")["title"] == "Title 7 of 1"
    assert is_whole(desk, tmp_path)


def test_fault_31_a_version_that_was_written_and_not_made_current_becomes_it(desk: Desk, tmp_path: Path) -> None:
    new = a_document(1, version=2)
    with pytest.raises(Killed):
        desk.shelf.documents(Fragile(desk.shelf.s3, 2, after=False)).write(told(new))

    done = reconcile(desk)

    assert (done.pointed, done.indexed) == (["old-1"], ["old-1"])
    assert desk.shelf.index(tmp_path).search("title 1").hits[0].version == 2
    assert desk.shelf.documents().raw("old-1", "md") == "# Title 1 of 2"
    assert is_whole(desk, tmp_path)


def test_fault_31_a_current_document_that_nobody_finds_is_indexed(desk: Desk, tmp_path: Path) -> None:
    desk.shelf.documents().write(told(a_document(8)))

    assert reconcile(desk).indexed == ["old-8"]

    assert "old-8" in ids(desk, tmp_path)
    assert is_whole(desk, tmp_path)


def test_fault_31_what_has_no_document_any_more_is_found_no_more(desk: Desk, tmp_path: Path) -> None:
    for key in desk.shelf.keys("postmortems/old-2/"):
        desk.shelf.s3.delete_object(Bucket=desk.shelf.bucket, Key=key)

    assert reconcile(desk).removed == ["old-2"]

    assert "old-2" not in ids(desk, tmp_path)
    assert is_whole(desk, tmp_path)


def test_fault_31_a_published_postmortem_without_a_document_is_written(desk: Desk, tmp_path: Path) -> None:
    for key in desk.shelf.keys(f"postmortems/INC-{desk.number}/"):
        desk.shelf.s3.delete_object(Bucket=desk.shelf.bucket, Key=key)

    done = reconcile(desk)

    assert done.published == [f"INC-{desk.number}"]
    assert ids(desk, tmp_path) == everything(desk)
    assert is_whole(desk, tmp_path)


@pytest.mark.parametrize("gone", ["manifest.json", ".sqlite"])
def test_fault_31_an_index_of_which_a_file_is_gone_is_made_anew(desk: Desk, tmp_path: Path, gone: str) -> None:
    for key in desk.shelf.keys("index/"):
        if key.endswith(gone):
            desk.shelf.s3.delete_object(Bucket=desk.shelf.bucket, Key=key)

    done = reconcile(desk)

    assert done.rebuilt == (gone == ".sqlite")
    assert ids(desk, tmp_path) == everything(desk)
    assert is_whole(desk, tmp_path)


def test_an_index_of_another_make_is_made_anew(desk: Desk, tmp_path: Path) -> None:
    old = json.dumps({"format": 1, "base": {}, "deltas": []}).encode()
    desk.shelf.s3.put_object(Bucket=desk.shelf.bucket, Key=KEY, Body=old)

    assert reconcile(desk).rebuilt
    assert ids(desk, tmp_path) == everything(desk)


def test_a_publication_that_meets_an_index_of_another_make_makes_it_anew(desk: Desk, tmp_path: Path) -> None:
    old = json.dumps({"format": 1, "base": {}, "deltas": []}).encode()
    desk.shelf.s3.put_object(Bucket=desk.shelf.bucket, Key=KEY, Body=old)
    desk.publish(80, what_fixed="Rotated the key.")

    desk.deliver()

    assert ids(desk, tmp_path) == everything(desk)


def test_files_that_nothing_names_go_after_a_day_and_those_that_are_named_stay(desk: Desk, tmp_path: Path) -> None:
    desk.shelf.s3.put_object(Bucket=desk.shelf.bucket, Key="index/20200101T000000-left.sqlite", Body=b"x")
    soon, later = datetime.now(UTC), datetime.now(UTC) + timedelta(days=2)

    assert reconcile(desk, now=soon).files == 0
    assert reconcile(desk, now=later).files == 1
    assert ids(desk, tmp_path) == everything(desk)


def test_one_document_that_cannot_be_read_is_said_and_holds_up_no_other(desk: Desk, tmp_path: Path) -> None:
    desk.shelf.s3.put_object(Bucket=desk.shelf.bucket, Key="postmortems/odd/v1.json", Body=b"not json")
    desk.shelf.documents().write(told(a_document(8)))

    done = reconcile(desk)

    assert list(done.failed) == ["postmortems/odd/"]
    assert done.indexed == ["old-8"]
    assert ids(desk, tmp_path) == sorted([*everything(desk), "old-8"])


def test_an_id_with_signs_that_the_index_does_not_keep_is_repaired_once_and_stays(desk: Desk) -> None:
    odd = replace(a_document(9), id="old \x01 one")
    desk.shelf.documents().write(told(odd))

    assert len(reconcile(desk).indexed) == 1
    assert reconcile(desk).repairs == 0


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at_call", range(1, 13))
def test_fault_31_after_a_crash_at_any_call_of_publishing_a_reconcile_alone_makes_it_whole(
    desk: Desk, tmp_path: Path, at_call: int, *, after: bool
) -> None:
    desk.publish(80, what_fixed="Rotated the key.")
    try:
        desk.deliver(desk.writer(s3=Fragile(desk.shelf.s3, at_call, after=after)))
    except Killed:
        assert ids(desk, tmp_path) == everything(desk)

    done = reconcile(desk)

    assert done.failed == {}
    current = desk.shelf.documents().current(f"INC-{desk.number}")
    assert current["answers"]["what_fixed"] == "Rotated the key."
    assert desk.shelf.index(tmp_path).search("rotated the key").hits[0].version == current["version"]
    assert is_whole(desk, tmp_path)


def test_people_who_publish_while_it_runs_lose_nothing(desk: Desk, tmp_path: Path) -> None:
    def publish(number: int) -> None:
        keep(desk, a_document(100 + number))

    with ThreadPoolExecutor(4) as pool:
        published = pool.map(publish, range(12))
        runs = pool.map(lambda _: reconcile(desk), range(3))
        list(published)
        assert all(done.failed == {} and done.removed == [] for done in runs)

    assert len(desk.shelf.index(tmp_path).search("", limit=50).hits) == 4 + 12
    assert reconcile(desk).repairs == 0


def test_the_room_reconciles_when_the_schedule_asks_and_takes_nothing_else_for_that(desk: Desk, tmp_path: Path) -> None:
    desk.shelf.documents().write(told(a_document(8)))

    desk.writer().take(RECONCILE, NOON)

    assert "old-8" in ids(desk, tmp_path)
    assert not any(map(asks_to_reconcile, (desk.body(), "{}", "[]", "x", '{"reconcile": true, "more": 1}')))


def test_an_entry_says_as_much_as_its_document(desk: Desk) -> None:
    current = desk.shelf.documents().current(f"INC-{desk.number}")

    assert desk.shelf.publisher().publish([as_document(current)], now=NOON).changed == 0
