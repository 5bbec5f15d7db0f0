"""Claims about finding a postmortem again: what counts as a word, what a typo becomes, what comes first."""

import functools
import math
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deadair.adapters.search.entry import entry_of
from deadair.adapters.search.finding import Finder
from deadair.adapters.search.query import fold, match, read, wanted
from deadair.adapters.search.results import SearchResult, runs
from deadair.adapters.search.snapshot import Snapshot
from deadair.adapters.search.spelling import Vocabulary, one_edit
from deadair.adapters.search.text import plain
from deadair.domain.document import Document
from deadair.domain.errors import Invalid
from tests.knowledge.writeups import QUESTIONS, documents


@pytest.fixture(scope="module")
def finder() -> Finder:
    return _finder(documents())


def _finder(told: list[Document]) -> Finder:
    made = Snapshot()
    made.apply(entry_of(document) for document in told)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "snapshot.sqlite"
        file.write_bytes(made.file())
        return Finder(file)


def ask(finder: Finder, query: str, limit: int = 10, **filters: str) -> SearchResult:
    return finder.search(query, filters, limit, 0)


def ids(found: SearchResult) -> list[str]:
    return [hit.id for hit in found.hits]


def ndcg(ranked: list[str], grades: dict[str, int]) -> float:
    def gain(values: list[int]) -> float:
        return sum((2.0**value - 1) / math.log2(place + 2) for place, value in enumerate(values[:10]))

    return gain([grades.get(found, 0) for found in ranked]) / gain(sorted(grades.values(), reverse=True))


def one_swap(query: str) -> str:
    """The query with two inner letters of its longest word swapped."""
    word = max(query.split(), key=len)
    at = len(word) // 2
    return query.replace(word, word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :], 1)


def test_the_judged_questions_find_their_write_ups_first(finder: Finder) -> None:
    scores = {query: ndcg(ids(ask(finder, query)), grades) for query, grades in QUESTIONS.items()}

    assert sum(scores.values()) / len(scores) >= 0.85, scores


def test_one_typing_error_loses_next_to_nothing(finder: Finder) -> None:
    clean = [ndcg(ids(ask(finder, query)), grades) for query, grades in QUESTIONS.items()]
    typed = [ndcg(ids(ask(finder, one_swap(query))), grades) for query, grades in QUESTIONS.items()]

    assert (sum(clean) - sum(typed)) / len(clean) < 0.03


@given(st.text())
@example('"')
@example("NEAR(a b) OR title:* ^x {y} AND NOT -")
@example("\x00 \ud800 a\x00b")
@example("'; DROP TABLE documents; --")
@example("मराठी 日本語 العربية İstanbul ﬁ ²")
@example("a" * 5000)
@example("* ")
@settings(max_examples=200, deadline=None)
def test_any_text_gets_an_answer(finder: Finder, query: str) -> None:
    found = ask(finder, query, owner=query)

    assert found.total >= len(found.hits)


@given(st.text())
def test_only_letters_digits_and_our_own_operators_reach_match(query: str) -> None:
    expression = match(wanted(read(query), lambda _: [], lambda _: False))

    bare = expression.replace(" OR ", " ").replace('" *', '"').replace('"', " ")
    assert all(c.isalnum() or c == " " for c in bare)


def test_a_misspelt_word_is_corrected_and_said(finder: Finder) -> None:
    found = ask(finder, "Duplcate leads")

    assert found.searched_for == "duplicate leads"
    assert ids(found)[0] == "INC-5"


def test_another_letter_in_one_of_the_shortest_words_makes_another_word() -> None:
    words = Vocabulary({"face": 4, "token": 3, "lead": 2})

    assert words.correct("fake") == ""
    assert (words.correct("tocen"), words.correct("laed"), words.correct("leads")) == ("token", "lead", "lead")


def test_a_number_is_never_corrected(finder: Finder) -> None:
    assert ask(finder, "error 402").searched_for == ""


def test_the_last_word_may_be_unfinished(finder: Finder) -> None:
    assert ids(ask(finder, "certif"))[0] == "INC-17"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("INC-14", "INC-14"),
        ("inc-14", "INC-14"),
        ("401", "INC-1"),
        ("RequestLimitExceeded", "INC-2"),
        ("REQUEST_LIMIT_EXCEEDED", "INC-2"),
        ("google ads", "INC-8"),
        ("send grid", "INC-20"),
        ("statuspage", "INC-12"),
        ("intercom's", "INC-18"),
        ("customer-match", "INC-8"),
    ],
)
def test_identifiers_and_compounds_are_found_however_they_are_written(finder: Finder, query: str, first: str) -> None:
    assert ids(ask(finder, query))[0] == first


def test_british_and_american_spelling_are_one_word() -> None:
    made = read("authorised")

    assert made[0].forms == ("authorised", "authorized")


def test_a_query_of_stop_words_alone_still_looks_for_them() -> None:
    assert [term.word for term in read("what is this")] == ["what", "is", "this"]


def test_an_empty_query_shows_the_newest_first(finder: Finder) -> None:
    found = ask(finder, "  ", limit=3)

    assert ids(found) == ["INC-20", "INC-19", "INC-18"]
    assert found.total == 20
    assert not any(marked for _, marked in found.hits[0].snippet)


def test_filters_narrow_and_facets_count_what_one_more_choice_would_find(finder: Finder) -> None:
    found = ask(finder, "", failure_class="auth")

    assert sorted(ids(found)) == ["INC-1", "INC-17", "INC-9"]
    assert dict(found.facets["severity"]) == {"SEV2": 2, "SEV3": 1}
    assert dict(found.facets["failure_class"])["schema"] == 3
    assert dict(found.facets["tag"])["oauth"] == 2
    assert ids(ask(finder, "", failure_class="auth", tag="tls")) == ["INC-17"]


def test_both_days_of_a_span_are_in_it(finder: Finder) -> None:
    found = ask(finder, "", since="2026-01-06", until="2026-01-07")

    assert ids(found) == ["INC-3", "INC-2"]
    assert sum(count for _, count in found.facets["severity"]) == 2


def test_vendor_the_way_of_detection_and_consent_narrow_and_are_counted() -> None:
    first, second, *_ = documents()
    made = _finder([replace(first, vendor="hubspot", detected_by="silence", consent=True), second])

    assert ids(ask(made, "", vendor="hubspot", detected_by="silence", consent="yes")) == ["INC-1"]
    assert ids(ask(made, "", consent="no")) == ["INC-2"]
    facets = made.search("", {}, 10, 0).facets
    assert (facets["vendor"], facets["detected_by"]) == ([("hubspot", 1)], [("silence", 1)])
    assert dict(facets["consent"]) == {"yes": 1, "no": 1}


def test_an_unknown_filter_is_refused_by_name(finder: Finder) -> None:
    with pytest.raises(Invalid) as refused:
        ask(finder, "x", colour="red")

    assert refused.value.field == "colour"


def test_a_snippet_marks_the_words_and_is_text_only(finder: Finder) -> None:
    (hit,) = ask(finder, "munchkin", limit=1).hits

    assert ("Munchkin", True) in hit.snippet


def test_each_document_stands_between_a_newer_and_an_older_one(finder: Finder) -> None:
    ranked = [hit.id for hit in finder.search("", {}, 100, 0).hits]

    assert finder.beside("nothing") == (None, None)
    for newer, here, older in zip([None, *ranked], ranked, [*ranked[1:], None], strict=False):
        assert tuple(one[0] if one else None for one in finder.beside(here)) == (newer, older)


def test_related_ones_are_of_the_same_class_and_integration_first(finder: Finder) -> None:
    found = finder.related("hubspot-salesforce", "schema", "INC-99", 4)

    assert [hit.id for hit in found] == ["INC-3", "INC-15", "INC-13", "INC-2"]


def test_the_unknown_class_relates_nothing(finder: Finder) -> None:
    assert {hit.integration for hit in finder.related("crm-erp", "unknown", "", 9)} == {"crm-erp"}


def test_an_older_version_never_replaces_a_newer_one() -> None:
    (first, *_) = documents()
    newer = Snapshot()
    newer.apply([entry_of(_at(first, 2, "new words"))])

    assert newer.apply([entry_of(_at(first, 1, "old words"))])[0] == 0
    assert newer.apply([entry_of(_at(first, 2, "new words"))])[0] == 0
    assert newer.apply([entry_of(_at(first, 3, "newest"))])[0] == 1
    assert newer.count == 1


def _at(document: Document, version: int, title: str) -> Document:
    return replace(document, version=version, title=title)


@settings(deadline=None)
@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_edit_agrees_with_the_distance_of_damerau(left: str, right: str) -> None:
    assert one_edit(left, right) == (_distance(left, right) == 1)


@settings(deadline=None)
@given(st.sets(st.text("abcd", min_size=3, max_size=7), max_size=30), st.text("abcd", min_size=4, max_size=7))
def test_no_neighbour_is_missed(words: set[str], word: str) -> None:
    near = {known for known in words if _distance(word, known) == 1 and _likely(word, known)}
    found = Vocabulary(dict.fromkeys(words, 1)).correct(word)

    assert found in near if near and word not in words else found not in near


def _likely(word: str, known: str) -> bool:
    """Of a short word, only a swap misses the first letter; of the shortest, no letter stands for another."""
    swapped, other = sorted(word) == sorted(known), len(word) == len(known) <= 4
    return swapped or (not other and (len(word) > 5 or word[0] == known[0]))


@functools.cache
def _distance(left: str, right: str) -> int:
    if not left or not right:
        return len(left) + len(right)
    steps = [
        _distance(left[1:], right) + 1,
        _distance(left, right[1:]) + 1,
        _distance(left[1:], right[1:]) + (left[0] != right[0]),
    ]
    if left[:2] == right[1::-1] and len(right) > 1 and len(left) > 1 and left[0] != left[1]:
        steps.append(_distance(left[2:], right[2:]) + 1)
    return min(steps)


def test_markdown_is_indexed_as_the_words_that_a_reader_sees() -> None:
    told = plain("# Title\n\n- **bold** [link](https://x.example)\n\n| a | b |\n|---|---|\n\n```\ncode\n```\n1\\. x")

    assert told == "Title bold link a · b code 1. x"


def test_code_that_begins_on_the_line_of_its_fence_is_indexed() -> None:
    assert plain("```401 INVALID_SESSION\nsecond```\n\n```python\nprint()\n```") == "401 INVALID_SESSION second print()"


def test_marks_become_runs() -> None:
    assert runs("a \x01b\x02 c") == (("a ", False), ("b", True), (" c", False))


def test_folding_takes_accents_and_case_away() -> None:
    assert fold("Éxito") == "exito"
