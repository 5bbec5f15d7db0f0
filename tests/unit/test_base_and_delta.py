"""Claims about base and delta: together they answer just as one whole file does."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from deadair.adapters.search.delta import Delta
from deadair.adapters.search.entry import Entry, entry_of
from deadair.adapters.search.finding import Finder
from deadair.adapters.search.results import SearchResult
from deadair.adapters.search.snapshot import Snapshot
from deadair.domain.document import Document
from tests.knowledge.writeups import QUESTIONS, documents

SHARES = [0.1, 0.3, 0.5]


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return [entry_of(document) for document in documents()]


def a_file(folder: Path, name: str, entries: list[Entry]) -> Path:
    made, file = Snapshot(), folder / f"{name}.sqlite"
    made.apply(entries)
    file.write_bytes(made.file())
    return file


def split(entries: list[Entry], share: float) -> tuple[list[Entry], list[Entry]]:
    """Whole integrations go to the delta, as they do in life: its frequencies are then nothing like the base's."""
    ranked = sorted(entries, key=lambda entry: str(entry.row["integration"]))
    at = math.ceil(len(entries) * (1 - share))
    return ranked[:at], ranked[at:]


def order(found: SearchResult) -> list[tuple[str, float]]:
    return [(hit.id, round(hit.score, 9)) for hit in found.hits]


def questions() -> Iterator[str]:
    yield from QUESTIONS
    yield from ("certif", "Duplcate leads", "sales force", "")


@pytest.mark.parametrize("share", SHARES)
def test_base_and_delta_rank_and_count_just_as_the_whole_file(
    tmp_path: Path, entries: list[Entry], share: float
) -> None:
    base, new = split(entries, share)
    whole, parts = Finder(a_file(tmp_path, "whole", entries)), Finder(a_file(tmp_path, "base", base))
    parts.apply(Delta.of_file(Delta(new).file()).entries.values())

    for query in questions():
        for filters in ({}, {"severity": "SEV2"}):
            one, other = whole.search(query, filters, 10, 0), parts.search(query, filters, 10, 0)
            assert order(one) == order(other), query
            assert [hit.snippet for hit in one.hits] == [hit.snippet for hit in other.hits]
            assert (one.total, one.searched_for, one.facets) == (other.total, other.searched_for, other.facets)
    assert parts.related("hubspot-salesforce", "schema", "", 5) == whole.related("hubspot-salesforce", "schema", "", 5)


def test_a_new_version_in_the_delta_hides_the_one_in_the_base(tmp_path: Path, entries: list[Entry]) -> None:
    finder = Finder(a_file(tmp_path, "base", entries))
    first = documents()[0]
    renewed = replace(first, version=2, title="Zeppelin", body="Quokka.", vendor="Airship")

    finder.apply([entry_of(renewed)])

    assert [hit.version for hit in finder.search("zeppelin", {}, 10, 0).hits] == [2]
    assert finder.search("", {}, 10, 0).total == len(entries)
    assert "INC-1" not in [hit.id for hit in finder.search("deactivated seat", {}, 10, 0).hits]
    assert finder.search("quokkas", {}, 10, 0).hits[0].id == "INC-1"
    assert finder.search("zepelin", {}, 10, 0).searched_for == "zeppelin"
    assert finder.search("", {"vendor": "Airship"}, 10, 0).total == 1


def test_what_is_gone_from_the_documents_is_found_no_more(tmp_path: Path, entries: list[Entry]) -> None:
    finder = Finder(a_file(tmp_path, "base", entries))

    finder.apply([Entry(id="INC-5", version=1, digest=entries[4].digest, gone=True)])

    assert finder.search("", {}, 10, 0).total == len(entries) - 1
    assert "INC-5" not in [hit.id for hit in finder.search("duplicate leads", {}, 10, 0).hits]


def test_the_same_delta_again_and_an_older_version_change_nothing(tmp_path: Path, entries: list[Entry]) -> None:
    finder = Finder(a_file(tmp_path, "base", entries[:10]))
    finder.apply(entries[10:])
    before = order(finder.search("duplicate leads", {}, 10, 0))

    finder.apply(entries[8:])
    finder.apply([entry_of(replace(documents()[0], version=0, title="Older"))])

    assert order(finder.search("duplicate leads", {}, 10, 0)) == before
    assert finder.search("", {}, 10, 0).total == len(entries)


def test_a_delta_that_cannot_be_taken_in_leaves_what_was_there(tmp_path: Path, entries: list[Entry]) -> None:
    finder = Finder(a_file(tmp_path, "base", entries[:10]))
    finder.apply(entries[10:12])
    broken = replace(entries[13], row={**entries[13].row, "colour": "red"})

    with pytest.raises(Exception, match="colour"):
        finder.apply([entries[12], broken])

    assert finder.search("", {}, 10, 0).total == 12


def test_readers_of_one_file_do_not_see_each_others_deltas_and_leave_nothing_behind(
    tmp_path: Path, entries: list[Entry]
) -> None:
    file = a_file(tmp_path, "base", entries[:10])
    one, other = Finder(file), Finder(file)

    one.apply(entries[10:])

    assert (one.search("", {}, 1, 0).total, other.search("", {}, 1, 0).total) == (len(entries), 10)
    assert list(tmp_path.iterdir()) == [file]


def test_an_entry_reads_back_from_its_line_and_from_the_tables(entries: list[Entry]) -> None:
    made = Snapshot()
    made.apply(entries)

    assert [Entry.of_line(entry.line()) for entry in entries] == entries
    assert list(made.entries(entry.id for entry in entries)) == entries
    assert made.stamps() == {entry.id: entry.stamp for entry in entries}


def test_only_the_newer_of_two_stands_in_a_delta_and_a_base_that_has_it_needs_none(entries: list[Entry]) -> None:
    old, new = (entry_of(_version(documents()[0], n)) for n in (1, 2))
    base = {old.id: old.stamp}

    made, changed = Delta().with_entries([old, new, entries[1]], base)

    assert changed == 2
    assert made.documents(base) == 2
    assert made.with_entries([old], base)[1] == 0
    assert len(made.beyond({new.id: new.stamp, entries[1].id: entries[1].stamp}, Delta())) == 0


def _version(document: Document, number: int) -> Document:
    return replace(document, version=number, title=f"Title {number}")
