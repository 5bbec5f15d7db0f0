"""Claims about where links and redirects may lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web import addresses

ELSEWHERE = (
    "//attacker.example",
    "/\\attacker.example",
    "\\/attacker.example",
    "https://attacker.example",
    "https:attacker.example",
    "javascript:alert(1)",
    "/\t/attacker.example",
    "/\n/attacker.example",
    "/ /attacker.example",
    "\t//attacker.example",
    "/a//attacker.example",
    "/%09/attacker.example",
    "/%2fattacker.example",
    "/%255cattacker.example",
    "/\x00",
    "/\x7f",
    "/\u0085",
    "",
    "incidents",
    "/sign-in?next=/sign-in",
    "/login",
    "/" + "a" * 3000,
)


@pytest.mark.parametrize("candidate", ELSEWHERE)
def test_next_leads_nowhere_but_home_when_it_is_no_path_of_this_site(candidate: str) -> None:
    assert addresses.local_path(candidate) == "/"


@pytest.mark.parametrize("candidate", ["/", "/incidents/INC-42", "/postmortems?q=a%20b&owner=Ana"])
def test_next_keeps_a_path_of_this_site(candidate: str) -> None:
    assert addresses.local_path(candidate) == candidate


@given(st.text())
def test_next_is_always_a_path_without_a_host(candidate: str) -> None:
    there = addresses.local_path(candidate)

    assert there.startswith("/")
    assert not there.startswith("//")
    assert "\\" not in there


@given(st.text())
def test_an_id_of_any_text_is_one_segment_and_comes_back(doc_id: str) -> None:
    part = addresses.segment(doc_id)

    assert part.isascii()
    assert not set(part) & set("/?#%\\ ")
    assert not part.endswith((".md", ".json"))
    assert addresses.doc_id(part) == doc_id


def test_an_id_that_reads_well_stays_as_it_is() -> None:
    assert addresses.postmortem("INC-42") == "/postmortems/INC-42"


@pytest.mark.parametrize("asked", ["/postmortems/2023/04 marketo", "/postmortems/2023/04 marketo/"])
def test_an_id_with_slashes_is_found_under_its_own_words_too(asked: str) -> None:
    assert addresses.canonical_path(asked) == addresses.postmortem("2023/04 marketo")
