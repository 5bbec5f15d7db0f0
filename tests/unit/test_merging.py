"""Claims about two people at one postmortem: field by field, and never over a text that nobody saw."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.errors import Invalid
from deadair.domain.merging import FIELDS, Merged, fields_of, impact_in, mark, marks, merge
from deadair.domain.postmortem import EXTRAS, QUESTIONS, Postmortem
from deadair.domain.said import UNKNOWN_IMPACT, Impact

SHOWN = {"what_broke": "The token.", "what_fixed": "", "summary": ""}


def merged(typed: dict[str, str], stored: dict[str, str]) -> Merged:
    return merge(marks(SHOWN), SHOWN | typed, SHOWN | stored)


def test_what_only_one_person_changed_goes_together() -> None:
    found = merged({"what_broke": "The refresh token."}, {"what_fixed": "A new one."})

    assert (found.save, found.theirs, found.met) == (
        {"what_broke": "The refresh token."},
        {"what_fixed": "A new one."},
        {},
    )


def test_what_both_changed_is_neither_saved_nor_dropped() -> None:
    found = merged({"what_broke": "Mine."}, {"what_broke": "Theirs."})

    assert (found.save, found.theirs, found.met) == ({}, {}, {"what_broke": "Theirs."})


def test_the_same_change_by_both_is_no_question() -> None:
    assert merged({"what_broke": "Same. "}, {"what_broke": "Same."}) == Merged()


def test_space_around_a_text_and_kinds_of_line_ends_are_no_change() -> None:
    assert mark(" a\r\nb\n") == mark("a\nb")


def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing() -> None:
    assert merge({}, {"what_broke": "Mine."}, SHOWN).met == {"what_broke": "The token."}


words = st.sampled_from(["", "a", "b", "a b"])


@given(words, words, words)
def test_no_text_of_another_is_ever_written_over_unseen(shown: str, typed: str, stored: str) -> None:
    found = merge({"summary": mark(shown)}, {"summary": typed}, {"summary": stored})

    if stored not in {shown, typed}:
        assert not found.save
    if typed != shown and stored == shown:
        assert found.save == {"summary": typed}


def test_every_field_of_the_form_is_a_field_of_the_postmortem() -> None:
    postmortem = Postmortem(
        incident="INC-1", answers={"what_broke": "x"}, extras={"impact": "y"}, impact=Impact(people=0)
    )

    told = fields_of(postmortem)

    assert told.keys() == FIELDS.keys()
    assert len(FIELDS) == len(QUESTIONS) + len(EXTRAS) + 4
    assert {key: text for key, text in told.items() if text} == {"what_broke": "x", "impact": "y", "people": "0"}


@pytest.mark.parametrize(
    ("text", "number"), [("412", 412), (" 1,200 ", 1200), ("1.200.000", 1200000), ("1 200", 1200), ("0", 0)]
)
def test_a_number_is_read_as_people_write_it(text: str, number: int) -> None:
    assert impact_in({"records": text}, Impact(people=3)) == Impact(records=number, people=3)


def test_an_emptied_number_is_unknown_again() -> None:
    assert impact_in({"records": ""}, Impact(records=3)) == UNKNOWN_IMPACT


@pytest.mark.parametrize("text", ["many", "-1", "1.5", "12,3", "9" * 40, "٣"])
def test_what_is_no_number_names_its_field(text: str) -> None:
    with pytest.raises(Invalid, match="is no number") as refused:
        impact_in({"minutes": text}, UNKNOWN_IMPACT)
    assert refused.value.field == "minutes"
