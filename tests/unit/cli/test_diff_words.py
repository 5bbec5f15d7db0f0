"""Claims about how a change is shown: what stays is not said, lists and texts are taken apart."""

import pytest

from deadair.domain.audit import Difference
from infra.cli.diff_words import print_differences, print_fields


def shown(capsys: pytest.CaptureFixture[str], *differences: Difference) -> list[str]:
    print_differences(differences, "  ")
    return capsys.readouterr().out.splitlines()


def test_a_value_is_shown_before_and_after(capsys: pytest.CaptureFixture[str]) -> None:
    found = shown(capsys, Difference("thresholds.silence_min", 60, 45), Difference("source", None, "X"))

    assert found == ["  thresholds.silence_min: 60 → 45", "  source: (nothing) → X"]


def test_of_a_list_only_the_items_that_differ_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    limits = [{"calls": 190, "per": "second", "note": "app"}, {"calls": 9, "per": "day"}]

    assert shown(capsys, Difference("rate_limits", limits, [*limits[1:], {"calls": 2, "per": "hour"}])) == [
        "  rate_limits:",
        "    - 190 per second (app)",
        "    + 2 per hour",
    ]


def test_a_list_that_comes_or_goes_is_shown_by_its_items(capsys: pytest.CaptureFixture[str]) -> None:
    profile = [{"weekdays": ["sat", "sun"], "per_hour": 4}, {"hours": "07:00-20:00", "per_hour": 0.5}]

    assert shown(capsys, Difference("expected.profile", None, profile), Difference("campaigns", ["a"], None)) == [
        "  expected.profile:",
        "    + 4/h sat-sun",
        "    + 0.5/h 07:00-20:00",
        "  campaigns:",
        "    - a",
    ]


def test_a_group_that_comes_is_shown_by_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    credential = {"kind": "key", "expires_on": "2027-01-01", "scopes": ["read"]}

    assert shown(capsys, Difference("credential", None, credential)) == [
        "  credential.expires_on: (nothing) → 2027-01-01",
        "  credential.kind: (nothing) → key",
        "  credential.scopes:",
        "    + read",
    ]


def test_of_a_long_text_only_the_lines_that_differ_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, Difference("if_it_breaks", "a\nb\nc", "a\nx\nc")) == ["  if_it_breaks:", "    - b", "    + x"]


def test_thousands_of_rows_are_summed_up_by_their_fields(capsys: pytest.CaptureFixture[str]) -> None:
    changes = [(f"row-{i:04}", [Difference("thresholds.silence_min", 60, 45)]) for i in range(5000)]

    print_fields([*changes, ("row-9999", [Difference("owner.name", "A", "B")])])

    assert capsys.readouterr().out.splitlines() == [
        "  ~ thresholds.silence_min in 5000 rows, such as row-0000",
        "  ~ owner.name in 1 row, such as row-9999",
    ]
