"""Claims about what a check finds, and about patterns that claim the same alarm."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.read import read_rows
from deadair.domain.ownership import matches_pattern
from deadair.domain.patterns import common_name
from deadair.usecases.check_registry import check_registry

SAMPLE = Path(__file__).parents[3] / "infra/local/sample/registry.yaml"
TODAY = date(2026, 11, 20)


def a_row(slug: str = "one-two", **fields: Any) -> Row:
    owner = {"name": "Ana Lima", "email": "ana@example.com", "slack_id": "U0ANA"}
    return Row.model_validate({"slug": slug, "name": slug, "owner": owner, **fields})


def codes(*rows: Row) -> list[str]:
    return [finding.code for finding in check_registry(list(rows), today=TODAY)]


def test_the_sample_is_in_order_on_the_day_it_was_written() -> None:
    rows = [read.row for read in read_rows(SAMPLE.read_bytes(), "registry.yaml")]

    assert check_registry(rows, today=TODAY) == []


def test_a_healthy_row_finds_nothing() -> None:
    assert codes(a_row(credential={"kind": "key", "expires_on": date(2027, 6, 1)})) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"dependents": ["not-there"]}, "unknown_dependent"),
        ({"owner": {"name": "Bo Ek", "email": "bo@example.com"}}, "owner_without_slack_id"),
        ({"deputy": {"name": "Ana L.", "email": "ANA@example.com"}}, "deputy_is_owner"),
        ({"escalation": {"name": "A", "email": "other@example.com", "slack_id": "U0ANA"}}, "escalation_is_owner"),
        ({"credential": {"kind": "key", "expires_on": date(2026, 11, 19)}}, "credential_ended"),
        ({"credential": {"kind": "key", "expires_on": TODAY}}, "credential_ends_soon"),
        ({"api_version": {"version": "1", "ends_on": date(2026, 1, 1)}}, "api_version_ended"),
        ({"api_version": {"version": "1", "ends_on": date(2026, 12, 20)}}, "api_version_ends_soon"),
    ],
)
def test_each_of_these_is_found(fields: dict[str, Any], code: str) -> None:
    assert codes(a_row(**fields)) == [code]


def test_overlapping_patterns_are_told_with_an_alarm_that_shows_it() -> None:
    [finding] = check_registry(
        [a_row("wide-one", alarm_patterns=["sync-*"]), a_row("narrow-one", alarm_patterns=["sync-eu-*"])], today=TODAY
    )

    assert finding.slug == "wide-one"
    assert finding.message == "`sync-*` and `sync-eu-*` of `narrow-one` both match `sync-eu-`, which `narrow-one` gets"


def test_two_patterns_of_one_integration_may_overlap() -> None:
    assert codes(a_row(alarm_patterns=["sync-*", "sync-eu-*"])) == []


patterns = st.text("ab*?", max_size=6)


@given(patterns, patterns, st.lists(st.text("ab", max_size=5), max_size=20))
def test_a_common_name_matches_both_and_is_found_when_there_is_one(one: str, other: str, names: list[str]) -> None:
    example = common_name(one, other)

    if example is not None:
        assert matches_pattern(example, one)
        assert matches_pattern(example, other)
    else:
        assert not any(matches_pattern(name, one) and matches_pattern(name, other) for name in names)
