"""Claims about base and delta in a bucket: writers, a merge of both and readers at once lose nothing."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from deadair.adapters.search import IndexPublisher, KnowledgeIndex
from deadair.adapters.search.files import STAMPS
from deadair.adapters.search.manifest import KEY, OldFormat
from deadair.domain.document import Document
from infra.target import Target
from tests.builders import NOON
from tests.knowledge.writeups import documents
from tests.rooms.faulty import refusal
from tests.rooms.killed import Fragile, Killed
from tests.rooms.knowledge import Shelf

pytestmark = pytest.mark.stack
# A base of ten, and a delta of at most four over it.
WHOLE, AT_LEAST = 10, 4


@pytest.fixture
def shelf(stack: Target) -> Shelf:
    """A bucket whose index has outgrown the whole file."""
    shelf = Shelf(stack)
    publisher(shelf).publish([a_document(n) for n in range(WHOLE)], now=NOON)
    return shelf


def publisher(shelf: Shelf, client: Any = None) -> IndexPublisher:
    return IndexPublisher(client or shelf.s3, shelf.bucket, whole_at_most=WHOLE, delta_at_least=AT_LEAST)


def a_document(number: int, version: int = 1, title: str = "") -> Document:
    return Document(id=f"INC-{number}", title=title or f"Title {number}", date=NOON, body="words", version=version)


def manifest(shelf: Shelf) -> dict[str, Any]:
    return dict(json.loads(shelf.s3.get_object(Bucket=shelf.bucket, Key=KEY)["Body"].read()))


def total(index: KnowledgeIndex) -> int:
    return index.search("").total


def test_beyond_its_limit_a_publication_writes_a_delta_and_leaves_the_base(shelf: Shelf, tmp_path: Path) -> None:
    base = manifest(shelf)["base"]["key"]

    done = publisher(shelf).publish([a_document(20, title="Seven sad webhooks")], now=NOON)

    told = manifest(shelf)
    assert (done.changed, told["base"]["key"], told["documents"]) == (1, base, WHOLE + 1)
    assert [delta["documents"] for delta in told["deltas"]] == [1]
    assert told["deltas"][0]["bytes"] < told["base"]["bytes"] / 10
    assert [hit.id for hit in shelf.index(tmp_path).search("webhook").hits] == ["INC-20"]


def test_the_same_document_again_writes_nothing_whether_base_or_delta_has_it(shelf: Shelf) -> None:
    publisher(shelf).publish([a_document(20)], now=NOON)
    before = shelf.keys("index/")

    again = publisher(shelf).publish([a_document(20), a_document(3)], now=NOON)
    older = publisher(shelf).publish([a_document(3, version=0, title="Older")], now=NOON)

    assert (again.changed, older.changed, shelf.keys("index/")) == (0, 0, before)


def test_a_full_delta_and_its_base_become_one(shelf: Shelf, tmp_path: Path) -> None:
    index, writer = shelf.index(tmp_path), publisher(shelf)
    for number in range(20, 20 + AT_LEAST + 1):
        writer.publish([a_document(number)], now=NOON)
        assert total(index) == number - 20 + 1 + WHOLE

    told = manifest(shelf)
    assert (told["deltas"], told["base"]["documents"]) == ([], WHOLE + AT_LEAST + 1)
    writer.publish([a_document(3, version=2, title="Newer")], now=NOON)
    assert total(index) == WHOLE + AT_LEAST + 1
    assert index.search("newer").hits[0].version == 2


def test_a_reader_fetches_the_base_once_and_then_only_deltas(shelf: Shelf, tmp_path: Path) -> None:
    fetched = Fetched(shelf.s3)
    index = shelf.index(tmp_path, fetched)
    for number in (20, 21, 22):
        publisher(shelf).publish([a_document(number)], now=NOON)
        assert total(index) == number - 20 + 1 + WHOLE

    assert [key.rpartition(".")[2] for key in fetched.keys if key != KEY] == ["delta", "sqlite", "delta", "delta"]
    assert len(list(tmp_path.iterdir())) == 1


def test_fault_32_eight_writers_at_once_lose_nothing_while_base_and_delta_merge_and_readers_refresh(
    shelf: Shelf, tmp_path: Path
) -> None:
    done = Event()

    def write(writer: int) -> int:
        by = publisher(shelf)
        return sum(by.publish([a_document(100 + writer * 10 + n)], now=NOON).changed for n in range(4))

    def read(reader: int) -> list[int]:
        folder = tmp_path / str(reader)
        folder.mkdir()
        index, seen = shelf.index(folder), [0]
        while not done.is_set():
            found = index.search("")
            assert not found.stale
            seen.append(found.total)
        return seen

    with ThreadPoolExecutor(10) as pool:
        readers = [pool.submit(read, reader) for reader in range(2)]
        changed = sum(pool.map(write, range(8)))
        done.set()
        seen = [reader.result() for reader in readers]

    assert changed == 32
    assert all(counts == sorted(counts) for counts in seen)
    index = shelf.index(tmp_path)
    assert total(index) == WHOLE + 32
    told = manifest(shelf)
    assert told["documents"] == WHOLE + 32
    assert told["base"]["documents"] > WHOLE


def test_fault_32_what_is_published_while_the_index_is_made_anew_is_taken_over(shelf: Shelf, tmp_path: Path) -> None:
    def reading() -> Iterator[Document]:
        yield from (a_document(n) for n in range(1, WHOLE))
        publisher(shelf).publish([a_document(30), a_document(2, version=2)], now=NOON)
        for number in range(40, 40 + AT_LEAST):
            publisher(shelf).publish([a_document(number)], now=NOON)

    publisher(shelf).publish([a_document(21)], now=NOON)
    publisher(shelf).rebuild(reading(), now=NOON)

    stamps = publisher(shelf).stamps()
    assert sorted(stamps) == sorted(f"INC-{n}" for n in (*range(1, WHOLE), 30, *range(40, 40 + AT_LEAST)))
    assert stamps["INC-2"][0] == 2
    assert total(shelf.index(tmp_path)) == len(stamps)


def test_fault_32_what_is_published_while_a_whole_file_is_made_anew_is_taken_over(stack: Target) -> None:
    shelf = Shelf(stack)
    shelf.publisher().publish([a_document(1), a_document(2)], now=NOON)

    def reading() -> Iterator[Document]:
        yield a_document(1)
        shelf.publisher().publish([a_document(3)], now=NOON)

    shelf.publisher().rebuild(reading(), now=NOON)

    assert sorted(shelf.publisher().stamps()) == ["INC-1", "INC-3"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at_call", range(1, 12))
def test_fault_31_a_writer_killed_at_any_call_of_a_merge_leaves_a_whole_index(
    shelf: Shelf, tmp_path: Path, at_call: int, *, after: bool
) -> None:
    publisher(shelf).publish([a_document(n) for n in range(20, 20 + AT_LEAST)], now=NOON)
    try:
        publisher(shelf, Fragile(shelf.s3, at_call, after=after)).publish([a_document(30)], now=NOON)
    except Killed:
        assert total(shelf.index(tmp_path)) - WHOLE - AT_LEAST in {0, 1}

    publisher(shelf).publish([a_document(30), a_document(31)], now=NOON)

    assert total(shelf.index(tmp_path)) == WHOLE + AT_LEAST + 2


def test_a_merge_that_fails_costs_no_publication(shelf: Shelf, tmp_path: Path) -> None:
    publisher(shelf).publish([a_document(n) for n in range(20, 20 + AT_LEAST)], now=NOON)

    done = publisher(shelf, TakesNoBase(shelf.s3)).publish([a_document(30)], now=NOON)

    assert done.changed == 1
    assert total(shelf.index(tmp_path)) == WHOLE + AT_LEAST + 1


def test_many_at_once_go_into_a_new_base(shelf: Shelf, tmp_path: Path) -> None:
    publisher(shelf).publish([a_document(20)], now=NOON)

    done = publisher(shelf).publish(documents(), now=NOON)

    assert done.changed == len(documents())
    assert manifest(shelf)["deltas"] == []
    assert total(shelf.index(tmp_path)) == manifest(shelf)["documents"]


def test_what_is_taken_out_is_found_no_more_unless_it_has_changed_since(shelf: Shelf, tmp_path: Path) -> None:
    seen = publisher(shelf).stamps()
    publisher(shelf).publish([a_document(2, version=2)], now=NOON)

    done = publisher(shelf).remove({"INC-1": seen["INC-1"], "INC-2": seen["INC-2"]}, now=NOON)

    assert done.changed == 1
    assert total(shelf.index(tmp_path)) == WHOLE - 1
    publisher(shelf).publish([a_document(1)], now=NOON)
    assert sorted(publisher(shelf).stamps()) == sorted(seen)


def test_the_stamps_of_a_base_that_has_none_are_made_by_the_first_writer(shelf: Shelf) -> None:
    (base,) = (key for key in shelf.keys("index/") if key.endswith(".sqlite"))
    shelf.s3.delete_object(Bucket=shelf.bucket, Key=base + STAMPS)

    done = publisher(shelf).publish([a_document(3), a_document(20)], now=NOON)

    assert done.changed == 1
    assert base + STAMPS in shelf.keys("index/")


def test_an_index_of_another_make_is_not_written_over_by_a_publication_and_is_made_anew(
    shelf: Shelf, tmp_path: Path
) -> None:
    index = shelf.index(tmp_path)
    assert total(index) == WHOLE
    old = json.dumps({"format": 1, "base": {}, "deltas": []}).encode()
    shelf.s3.put_object(Bucket=shelf.bucket, Key=KEY, Body=old)

    with pytest.raises(OldFormat):
        publisher(shelf).publish([a_document(20)], now=NOON)
    assert index.search("").stale
    publisher(shelf).rebuild([a_document(20)], now=NOON)

    assert (total(index), index.search("").stale) == (1, False)


def test_one_edit_of_many_versions_stays_one_document(shelf: Shelf, tmp_path: Path) -> None:
    index, writer = shelf.index(tmp_path), publisher(shelf)
    for version in range(2, 9):
        writer.publish([replace(a_document(5), version=version, title=f"Edition {version}")], now=NOON)

    assert total(index) == WHOLE
    assert index.search("edition").total == 1
    assert len(manifest(shelf)["deltas"]) == 1


class TakesNoBase:
    """A real client that refuses to store a snapshot."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def put_object(self, **request: Any) -> Any:
        if request["Key"].endswith(".sqlite"):
            raise refusal("SlowDown", "PutObject")
        return self.client.put_object(**request)


class Fetched:
    """A real client that remembers which objects were read."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.keys: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def get_object(self, **request: Any) -> Any:
        answer = self.client.get_object(**request)
        self.keys.append(request["Key"])
        return answer
