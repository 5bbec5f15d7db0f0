"""Claims about days as people type them, and about words that name an action item."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.adapters.slack.action_words import ActionWords, read_action, with_action
from deadair.adapters.slack.grammar import parse
from deadair.domain.action_item import ActionKind
from deadair.domain.typed_day import by_day, parse_day

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("today", TODAY),
        ("Tomorrow", date(2026, 11, 22)),
        ("12 Dec", date(2026, 12, 12)),
        ("12th December", date(2026, 12, 12)),
        ("Dec 12, 2027", date(2027, 12, 12)),
        ("12 Sept 2027", date(2027, 9, 12)),
        ("3 Feb", date(2027, 2, 3)),
        ("29 Feb", date(2028, 2, 29)),
        ("2026-12-12", date(2026, 12, 12)),
        ("24.12.", date(2026, 12, 24)),
        ("24.12.2027", date(2027, 12, 24)),
        ("fri", date(2026, 11, 27)),
        ("Saturday", date(2026, 11, 28)),
        ("next monday", date(2026, 11, 23)),
        ("in 2 weeks", date(2026, 12, 5)),
        ("10d", date(2026, 12, 1)),
        ("12/4", None),
        ("31 Feb", None),
        ("soon", None),
        ("", None),
        ("2026-02-31", None),
    ],
)
def test_a_day_is_read_as_people_write_it_and_is_to_come(said: str, day: date | None) -> None:
    assert parse_day(said, TODAY) == day


def test_the_day_behind_the_last_by_is_taken_out_and_any_other_by_stays() -> None:
    assert by_day("Replace sync by webhook by 12 Dec please", TODAY) == (
        date(2026, 12, 12),
        "Replace sync by webhook please",
    )
    assert by_day("Replace sync by webhook", TODAY) == (None, "Replace sync by webhook")


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("alert on empty loads", ActionWords(text="alert on empty loads")),
        (
            "alert on empty loads @Ben Okafor by 12 Dec detective",
            ActionWords(text="alert on empty loads", kind=ActionKind.DETECTIVE, due_on=date(2026, 12, 12)),
        ),
        ("preventive: rotate keys", ActionWords(text="rotate keys", kind=ActionKind.PREVENTIVE)),
        ("A1 done with the vendor", ActionWords(1, "done", "with the vendor")),
        ("a12 drop not needed", ActionWords(12, "drop", "not needed")),
        ("A1 by Friday", ActionWords(1, due_on=date(2026, 11, 27))),
        ("A1 @Ben Okafor", ActionWords(1)),
        ("done is better than perfect", ActionWords(text="done is better than perfect")),
    ],
)
def test_an_action_items_words_are_understood(said: str, understood: ActionWords) -> None:
    assert read_action(said, TODAY, "Ben Okafor") == understood


@pytest.mark.parametrize(
    ("typed", "ref", "text"),
    [
        ("done 42-A1", "42", "A1 done"),
        ("42-A1 done", "42", "A1 done"),
        ("action INC-42-A1 done the vendor did", "42", "A1 done the vendor did"),
        ("drop inc-42-a1 not needed", "42", "A1 drop not needed"),
        ("action 42 rotate the key by 12 Dec", "42", "rotate the key by 12 Dec"),
        ("42 action rotate the key", "42", "rotate the key"),
        ("42-A1", "42", "A1"),
        ("actions", "", ""),
        ("actions 42", "42", ""),
    ],
)
def test_an_action_item_is_named_before_or_behind_its_step(typed: str, ref: str, text: str) -> None:
    command = parse(typed)
    assert (command.verb, command.ref, command.text) == ("action", ref, text)


def test_done_with_an_incidents_number_still_resolves_it() -> None:
    assert (parse("done 42 new key").verb, parse("done 42 new key").ref) == ("resolve", "42")


@given(st.text(max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    read_action(text, TODAY, text[:5])
    assert isinstance(with_action(text), str)
    parse_day(text, TODAY)
