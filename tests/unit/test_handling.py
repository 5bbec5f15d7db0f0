"""Claims about what a row says of the handling of its incidents."""

from typing import Any

import pytest

from deadair.domain.handling import Handling, handling_of


def test_without_a_word_the_usual_holds() -> None:
    assert handling_of(None) == handling_of({}) == handling_of({"handling": None}) == Handling(reopen_min=30)


def test_what_the_row_says_holds() -> None:
    said = {"reopen_min": 0, "resolves_itself_after_min": 60, "ack_min": 5, "update_min": 20}

    assert handling_of({"handling": said}) == Handling(0, 60, 5, 20)


def test_an_incident_about_consent_never_ends_by_itself_whatever_a_row_says() -> None:
    row = {"handling": {"resolves_itself_after_min": 60, "ack_min": 5}, "data_classes": ["pii", "consent"]}

    assert handling_of(row) == Handling(ack_min=5)


@pytest.mark.parametrize("odd", [[], "soon", 7, {"reopen_min": "x", "ack_min": True, "update_min": -5, "new": 1}])
def test_what_a_row_says_oddly_counts_as_not_said(odd: Any) -> None:
    assert handling_of({"handling": odd, "data_classes": 7}) == Handling()
