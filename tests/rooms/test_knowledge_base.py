"""Claims about the bucket: several writers lose nothing, readers see the old or the new, the same again is nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deadair.adapters.s3.documents import as_document, as_stored, folder
from deadair.domain.document import Document
from deadair.domain.errors import NotFound, Unavailable
from deadair.usecases.import_postmortems import import_postmortems
from deadair.usecases.reindex_documents import reindex_documents
from infra.target import Target
from tests.builders import NOON
from tests.knowledge.writeups import documents
from tests.rooms.faulty import Faulty, refusal
from tests.rooms.killed import Fragile, Killed
from tests.rooms.knowledge import CutOff, Shelf

pytestmark = pytest.mark.stack


@pytest.fixture
def shelf(stack: Target) -> Shelf:
    return Shelf(stack)


def a_document(number: int = 1, version: int = 1, title: str = "A title") -> Document:
    return Document(id=f"INC-{number}", title=title, date=NOON, body="words", version=version)


def a_version(number: int = 1, version: int = 1, title: str = "A title") -> dict[str, Any]:
    told = as_stored(a_document(number, version, title))
    return told | {"markdown": f"# {title}", "html": f"<h1>{title}</h1>"}


def test_fault_32_eight_writers_at_once_lose_none_of_forty_documents(shelf: Shelf, tmp_path: Path) -> None:
    def write(writer: int) -> int:
        publisher = shelf.publisher()
        return sum(publisher.publish([a_document(writer * 10 + n)], now=NOON).changed for n in range(5))

    with ThreadPoolExecutor(8) as pool:
        changed = sum(pool.map(write, range(8)))

    assert changed == 40
    assert shelf.index(tmp_path).search("").total == 40


def test_superseded_snapshots_go_but_the_last_few_stay(shelf: Shelf) -> None:
    publisher = shelf.publisher()
    for number in range(9):
        publisher.publish([a_document(number)], now=NOON)

    assert len(shelf.keys("index/")) == 1 + 1 + 4


def test_the_same_documents_again_write_nothing(shelf: Shelf) -> None:
    shelf.publisher().publish(documents(), now=NOON)
    before = shelf.keys()

    again = shelf.publisher().publish(documents(), now=NOON)

    assert (again.changed, shelf.keys()) == (0, before)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at_call", range(1, 5))
def test_fault_31_an_indexer_killed_at_any_call_leaves_a_whole_index(
    shelf: Shelf, tmp_path: Path, at_call: int, *, after: bool
) -> None:
    shelf.publisher().publish([a_document(1)], now=NOON)
    with pytest.raises(Killed):
        shelf.publisher(Fragile(shelf.s3, at_call, after=after)).publish([a_document(2)], now=NOON)
    assert shelf.index(tmp_path).search("").total in {1, 2}

    shelf.publisher().publish([a_document(2)], now=NOON)

    assert shelf.index(tmp_path).search("").total == 2


def test_a_reader_sees_what_was_published_and_an_empty_bucket_is_an_empty_answer(shelf: Shelf, tmp_path: Path) -> None:
    index = shelf.index(tmp_path)
    assert index.search("anything").total == 0
    assert index.search("anything").snapshot_at is None

    shelf.publisher().publish([a_document(1, title="Seven sad webhooks")], now=NOON)

    found = index.search("webhook")
    assert [hit.title for hit in found.hits] == ["Seven sad webhooks"]
    assert found.snapshot_at == NOON


def test_readers_keep_one_snapshot_each_in_the_cache(shelf: Shelf, tmp_path: Path) -> None:
    index, publisher = shelf.index(tmp_path), shelf.publisher()
    for number in range(3):
        publisher.publish([a_document(number)], now=NOON)
        assert index.search("").total == number + 1

    assert len(list(tmp_path.iterdir())) == 1


def test_the_old_snapshot_is_served_and_said_to_be_stale_when_the_bucket_is_gone(shelf: Shelf, tmp_path: Path) -> None:
    client = CutOff(shelf.s3)
    index = shelf.index(tmp_path, client)
    shelf.publisher().publish([a_document(1)], now=NOON)
    assert not index.search("").stale

    client.gone = True

    assert (index.search("").total, index.search("").stale) == (1, True)
    client.gone = False
    assert not index.search("").stale


def test_without_any_snapshot_a_silent_bucket_is_said_so(shelf: Shelf, tmp_path: Path) -> None:
    client = CutOff(shelf.s3)
    client.gone = True

    with pytest.raises(Unavailable):
        shelf.index(tmp_path, client).search("")


def test_a_snapshot_that_cannot_be_read_is_said_so(shelf: Shelf, tmp_path: Path) -> None:
    shelf.publisher().publish([a_document(1)], now=NOON)
    (key,) = (key for key in shelf.keys("index/") if key.endswith(".sqlite"))
    size = len(shelf.s3.get_object(Bucket=shelf.bucket, Key=key)["Body"].read())
    shelf.s3.put_object(Bucket=shelf.bucket, Key=key, Body=b"x" * size)

    with pytest.raises(Unavailable):
        shelf.index(tmp_path).related(integration="x", failure_class="auth")


def test_a_reader_looks_again_only_after_two_seconds(shelf: Shelf, tmp_path: Path) -> None:
    now = [100.0]
    index = shelf.index(tmp_path, clock=lambda: now[0])
    index.search("")
    shelf.publisher().publish([a_document(1)], now=NOON)

    assert index.search("").total == 0
    now[0] += 2.1
    assert index.search("").total == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at_call", range(1, 7))
def test_fault_31_a_writer_killed_at_any_call_leaves_the_old_or_the_new_document(
    shelf: Shelf, at_call: int, *, after: bool
) -> None:
    shelf.documents().write(a_version(1, 1, "Old"))
    with pytest.raises(Killed):
        shelf.documents(Fragile(shelf.s3, at_call, after=after)).write(a_version(1, 2, "New"))
    seen = shelf.documents().current("INC-1")
    assert shelf.documents().raw("INC-1", "md") == f"# {seen['title']}"

    shelf.documents().write(a_version(1, 2, "New, told later"))

    now = shelf.documents().current("INC-1")
    assert now["version"] == 2
    assert shelf.documents().raw("INC-1", "html") == f"<h1>{now['title']}</h1>"


def test_an_object_that_another_is_just_writing_is_not_taken_for_written(shelf: Shelf) -> None:
    busy = Faulty(shelf.s3, "put_object", refusal("ConditionalRequestConflict", "PutObject"))
    with pytest.raises(Unavailable):
        shelf.documents(busy).write(a_version())

    assert shelf.documents(busy).write(a_version())["version"] == 1
    assert shelf.documents().raw("INC-1", "md")


def test_fault_32_a_version_once_written_keeps_its_words(shelf: Shelf) -> None:
    shelf.documents().write(a_version(1, 1, "First"))

    stored = shelf.documents().write(a_version(1, 1, "Second"))

    assert stored["title"] == "First"
    assert shelf.documents().current("INC-1")["title"] == "First"


def test_fault_32_a_late_writer_of_an_old_version_moves_nothing_back(shelf: Shelf) -> None:
    shelf.documents().write(a_version(1, 2, "Second"))
    shelf.documents().write(a_version(1, 1, "First"))

    assert shelf.documents().current("INC-1")["title"] == "Second"


def test_a_document_that_is_not_there_is_not_found(shelf: Shelf) -> None:
    with pytest.raises(NotFound):
        shelf.documents().current("INC-404")


@pytest.mark.parametrize(
    "odd", ["../../etc/passwd", "a/b", "..", "", "%2e%2e", "naïve ?#&", "\ud800", "x" * 900, "日本語" * 50]
)
def test_any_id_has_a_key_of_its_own_under_the_prefix(shelf: Shelf, odd: str) -> None:
    key = folder(odd)

    assert key.startswith("postmortems/")
    assert key.count("/") == 2
    assert "." not in key
    assert len(key) < 230


def test_the_sidecar_has_the_shape_that_bedrock_reads(shelf: Shelf) -> None:
    import json

    shelf.documents().write(a_version(7))
    key = "postmortems/INC-7/v1.md.metadata.json"
    told = json.loads(shelf.s3.get_object(Bucket=shelf.bucket, Key=key)["Body"].read())

    assert told["metadataAttributes"] == {"id": "INC-7", "title": "A title", "date": NOON.isoformat(), "version": 1} | {
        "imported": False,
        "consent": False,
    }


def test_fault_31_the_index_can_be_made_anew_from_the_documents(shelf: Shelf, tmp_path: Path) -> None:
    for number in range(3):
        shelf.documents().write(a_version(number, 1, f"Title {number}"))

    assert reindex_documents(shelf.documents(), shelf.publisher(), now=NOON) == 3
    assert shelf.index(tmp_path).search("title 2").hits[0].id == "INC-2"


def test_a_stored_document_reads_back_whole() -> None:
    document = replace(a_document(), tags=("a", "b"), fix="restarted", imported=True)

    assert as_document(as_stored(document)) == document


def test_old_postmortems_come_in_once_and_change_only_when_they_change(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    first = tmp_path / "in" / "first.md"
    first.write_text(
        "---\nid: old-1\ntitle: Flooded queue\ndate: 2024-02-03\ntags: [queue]\n---\nThe queue was full.\n"
    )
    (tmp_path / "in" / "second.md").write_text("---\ndate: 3 May 2023\ncompany: Initech\n---\n# Lost orders\n\nGone.\n")
    (tmp_path / "in" / "third.md").write_text("---\ntitle: No date\n---\nx\n")

    def run() -> tuple[int, int, int, int]:
        done = import_postmortems(shelf.documents(), shelf.publisher(), tmp_path / "in", now=NOON)
        return done.added, done.changed, done.unchanged, len(done.refused)

    assert run() == (2, 0, 0, 1)
    keys = shelf.keys()
    assert run() == (0, 0, 2, 1)
    assert shelf.keys() == keys
    first.write_text(first.read_text().replace("full", "overflowing"))
    assert run() == (0, 1, 1, 1)
    found = shelf.index(tmp_path).search("overflowing queue")
    assert [(hit.id, hit.imported, hit.version) for hit in found.hits] == [("old-1", True, 2)]
    assert dict(shelf.index(tmp_path).search("").facets["company"]) == {"Initech": 1}
    assert "overflowing" in shelf.documents().raw("old-1", "md")


def test_an_import_that_was_killed_is_finished_by_the_next(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\ndate: 2024-02-03\n---\nx\n")
    import_postmortems(shelf.documents(), shelf.publisher(), tmp_path, now=NOON)
    for key in shelf.keys("index/"):
        shelf.s3.delete_object(Bucket=shelf.bucket, Key=key)

    done = import_postmortems(shelf.documents(), shelf.publisher(), tmp_path, now=NOON)

    assert (done.added, done.unchanged) == (0, 1)
    assert shelf.index(tmp_path).search("").total == 1


def test_pages_and_lists_of_links_come_in_with_their_facts_and_point_to_where_they_were(
    shelf: Shelf, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "page.html").write_text(
        "<title>Silent form</title><meta name='date' content='2024-02-03'><meta name='vendor' content='HubSpot'>"
        "<p onclick='alert(1)'>The <b>banner</b> blocked it.</p><script>alert(1)</script>"
    )
    (folder / "links.csv").write_text(
        "title,url,date,integration,class,severity,owner\n"
        "Orders lost,https://wiki.example/p?a=1&b=(2),2024-05-06,web-orders,webhook,SEV2,Bo Chen\n"
        "No address,,2024-05-06,,,,\n"
    )
    (tmp_path / "cache").mkdir()
    index = shelf.index(tmp_path / "cache")

    looked = import_postmortems(shelf.documents(), shelf.publisher(), folder, now=NOON, dry_run=True)
    assert (looked.added, len(looked.refused), shelf.keys()) == (2, 1, [])
    done = import_postmortems(shelf.documents(), shelf.publisher(), folder, now=NOON)
    assert (done.added, [one.place for one in done.refused]) == (2, ["links.csv:3"])
    again = import_postmortems(shelf.documents(), shelf.publisher(), folder, now=NOON)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)

    (hit,) = index.search("", filters={"failure_class": "webhook", "owner": "Bo Chen"}).hits
    stored = shelf.documents().current(hit.id)
    assert stored["links"] == [{"url": "https://wiki.example/p?a=1&b=(2)", "label": ""}]
    assert "The original: [" in stored["markdown"]
    assert 'href="https://wiki.example/p?a=1&amp;b=%282%29"' in stored["html"]
    (page,) = index.search("banner", filters={"vendor": "HubSpot"}).hits
    assert "alert" not in shelf.documents().raw(page.id, "html")
    assert shelf.documents().raw(page.id, "md").count("vendor: ") == 1
