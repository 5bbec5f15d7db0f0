"""Claims about ranking on the judged set: what people type finds what they mean, also with a typing error.

The figures of the last run stand in decision 360. A change that loses some of it must say what it gains.
"""

import math
from pathlib import Path

import pytest

from deadair.adapters.search.delta import Delta
from deadair.adapters.search.entry import Entry, entry_of
from deadair.adapters.search.finding import Finder
from deadair.adapters.search.snapshot import Snapshot
from tests.knowledge import judged
from tests.knowledge.lengthy import long_documents

Grades = dict[str, int]
QUERIES: list[tuple[str, Grades]] = [(search.text, judged.grades(search)) for search in judged.SEARCHES]
# Every fourth write-up was published since the base was made.
NEW = 4


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return [entry_of(document) for document in judged.documents()]


@pytest.fixture(scope="module")
def whole(entries: list[Entry], tmp_path_factory: pytest.TempPathFactory) -> Finder:
    return a_finder(entries, tmp_path_factory.mktemp("whole") / "whole.sqlite")


@pytest.fixture(scope="module")
def parts(entries: list[Entry], tmp_path_factory: pytest.TempPathFactory) -> Finder:
    """The same documents as base and delta; of some the base has an earlier version with other words."""
    base = [entry for at, entry in enumerate(entries) if at % NEW]
    finder = a_finder([*base, *map(earlier, entries[:20])], tmp_path_factory.mktemp("parts") / "base.sqlite")
    new = [entry for entry in entries if entry not in base] + entries[:20]
    finder.apply(Delta.of_file(Delta(new).file()).entries.values())
    return finder


def a_finder(entries: list[Entry], file: Path) -> Finder:
    made = Snapshot()
    made.apply(entries)
    file.write_bytes(made.file())
    return Finder(file)


def earlier(entry: Entry) -> Entry:
    texts = tuple(f"{text} webhook token quota" for text in entry.texts)
    return Entry(id=entry.id, version=0, digest="earlier", row=entry.row, texts=texts)


def found(finder: Finder, query: str) -> list[str]:
    return [hit.id for hit in finder.search(query, {}, 10, 0).hits]


def ndcg(ranked: list[str], grades: Grades) -> float:
    def gain(values: list[int]) -> float:
        return sum((2.0**value - 1) / math.log2(place + 2) for place, value in enumerate(values[:10]))

    return gain([grades.get(one, 0) for one in ranked]) / gain(sorted(grades.values(), reverse=True))


def mean(finder: Finder, queries: list[tuple[str, Grades]]) -> float:
    return sum(ndcg(found(finder, query), grades) for query, grades in queries) / len(queries)


def with_one_edit(query: str, kind: str) -> str:
    """The query with one edit in the middle of its longest word."""
    word = max(query.split(), key=len)
    at = len(word) // 2
    edits = {
        "a swap": word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
        "a letter less": word[:at] + word[at + 1 :],
        "a letter more": word[:at] + word[at - 1] + word[at:],
        "another letter": word[:at] + "x" + word[at + 1 :],
    }
    return query.replace(word, edits[kind], 1)


def test_the_judged_searches_find_their_write_ups_first(whole: Finder) -> None:
    assert len(QUERIES) >= 30
    assert mean(whole, QUERIES) >= 0.80


def test_searches_by_which_nothing_was_tuned_find_theirs_nearly_as_well(whole: Finder) -> None:
    held_out, unseen = ([(s.text, judged.grades(s)) for s in told] for told in (judged.HELD_OUT, judged.UNSEEN))

    assert len(unseen) >= 25
    assert mean(whole, unseen) >= 0.88
    assert mean(whole, held_out) >= 0.68


def test_write_ups_of_up_to_2500_words_under_titles_that_say_nothing_are_found(tmp_path: Path) -> None:
    finder = a_finder([entry_of(document) for document in long_documents()], tmp_path / "long.sqlite")
    lengths = [len(document.body.split()) for document in long_documents()]
    sets = {"judged": judged.SEARCHES, "held out": judged.HELD_OUT, "unseen": judged.UNSEEN}
    means = {name: mean(finder, [(s.text, judged.grades(s)) for s in told]) for name, told in sets.items()}

    assert sorted(lengths)[len(lengths) // 2] > 800
    assert max(lengths) > 2000
    assert means["judged"] >= 0.71, means
    assert means["held out"] >= 0.63, means
    assert means["unseen"] >= 0.82, means


def test_a_word_that_begins_another_is_taken_for_it_and_not_corrected(whole: Finder) -> None:
    result = whole.search("cert ran out", {}, 10, 0)

    assert result.searched_for == ""
    assert "certificate" in judged.called(result.hits[0].id)


def test_one_typing_error_loses_next_to_nothing(whole: Finder) -> None:
    clean = mean(whole, QUERIES)
    kinds = ("a swap", "a letter less", "a letter more", "another letter")
    lost = {kind: clean - mean(whole, [(with_one_edit(q, kind), grades) for q, grades in QUERIES]) for kind in kinds}

    assert sum(lost.values()) / len(lost) < 0.02, lost


def test_base_and_delta_rank_the_judged_searches_as_the_whole_file_does(whole: Finder, parts: Finder) -> None:
    for query, _ in QUERIES:
        one, other = whole.search(query, {}, 10, 0), parts.search(query, {}, 10, 0)
        assert [hit.id for hit in one.hits] == [hit.id for hit in other.hits], query
        assert [hit.score for hit in one.hits] == pytest.approx([hit.score for hit in other.hits])
        assert (one.total, one.facets, one.searched_for) == (other.total, other.facets, other.searched_for)


def test_two_files_merged_by_their_own_scores_would_rank_otherwise(
    entries: list[Entry], tmp_path: Path, whole: Finder
) -> None:
    """The control: a delta holds what is new, so its frequencies are its own, and its scores mean something else."""
    by_class = sorted(entries, key=lambda entry: str(entry.row["failure_class"]))
    cut = len(entries) // NEW
    apart = [a_finder(part, tmp_path / f"{at}.sqlite") for at, part in enumerate((by_class[cut:], by_class[:cut]))]

    def merged(query: str) -> list[str]:
        both = [hit for finder in apart for hit in finder.search(query, {}, 10, 0).hits]
        return [hit.id for hit in sorted(both, key=lambda hit: -hit.score)][:10]

    assert sum(merged(query) != found(whole, query) for query, _ in QUERIES) > len(QUERIES) / 2


def test_every_hit_shows_where_a_word_of_the_search_stands(whole: Finder) -> None:
    shown = [hit for query, _ in QUERIES for hit in whole.search(query, {}, 3, 0).hits]

    assert sum(any(marked for _, marked in hit.snippet) for hit in shown) > 0.9 * len(shown)
