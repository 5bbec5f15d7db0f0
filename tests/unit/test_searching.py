"""Claims about a search typed into one line: filters are taken out of it, everything else stays a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.searching import Search, as_meant, meant, read_search


@pytest.mark.parametrize(
    ("typed", "words", "filters"),
    [
        ("hubspot 401", "hubspot 401", {}),
        ("expired token class:rate-limit", "expired token", {"failure_class": "rate_limit"}),
        ("sev:2 SEVERITY:SEV1", "", {"severity": "SEV1"}),
        ("integration:hubspot-salesforce 429", "429", {"integration": "hubspot-salesforce"}),
        ('owner:"Ana Lima" token', "token", {"owner": "Ana Lima"}),
        ("owner:“Ana  Lima” token", "token", {"owner": "Ana Lima"}),
        (
            "consent:YES from:2026-01-01 to:2026-02-01",
            "",
            {"consent": "yes", "since": "2026-01-01", "until": "2026-02-01"},
        ),
        ("https://a.example/x error:500 class: auth", "https://a.example/x error:500 class: auth", {}),
    ],
)
def test_filters_stand_anywhere_in_the_line(typed: str, words: str, filters: dict[str, str]) -> None:
    found = read_search(typed)

    assert (found.words, found.filters) == (words, filters)


@pytest.mark.parametrize(
    ("typed", "page"), [("x", 1), ("x page:3", 3), ("x page:0", 1), ("x page:no", 1), ("page:9999 x", 1)]
)
def test_the_page_of_the_button_is_no_word(typed: str, page: int) -> None:
    assert (read_search(typed).page, read_search(typed).words) == (page, "x")


@given(
    st.text(max_size=80),
    st.dictionaries(
        st.sampled_from(["owner", "integration", "tag"]), st.from_regex(r"[a-z]+( [a-z]+)?", fullmatch=True)
    ),
)
def test_a_search_reads_as_it_was_written(words: str, filters: dict[str, str]) -> None:
    search = read_search(Search(" ".join(words.split()), filters).typed)

    assert read_search(search.typed) == search


@given(st.text(max_size=300))
def test_any_text_is_a_search(text: str) -> None:
    read_search(text)


LIKE = [("ana lima", "Ana Lima"), ("ana", "Ana Lima"), ("lima", "Ana Lima"), ("an", ""), ("zoe", "")]


@pytest.mark.parametrize(("said", "found"), LIKE)
def test_a_value_is_taken_for_the_one_that_was_meant(said: str, found: str) -> None:
    assert meant(said, [("Ana Lima", 3), ("Andy Ng", 2)]) == found


def test_only_values_that_do_not_occur_are_replaced() -> None:
    search = Search("token", {"owner": "ana", "tag": "quota", "since": "2026-01-01"})

    found = as_meant(search, {"owner": [("Ana Lima", 3)], "tag": [("quota", 1), ("quotas", 1)]})

    assert found.filters == {"owner": "Ana Lima", "tag": "quota", "since": "2026-01-01"}
