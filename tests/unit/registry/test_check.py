"""Claims about what a check finds, and about patterns that claim the same alarm."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.adapters.registry_file.model import Row
from deadair.adapters.registry_file.read import read_rows
from deadair.adapters.registry_file.write import as_fields
from deadair.domain.expectation import NOTHING, expectation_of
from deadair.domain.ownership import matches_pattern
from deadair.domain.patterns import common_name
from deadair.usecases.check_registry import check_registry

SAMPLE = Path(__file__).parents[3] / "infra/local/sample/registry.yaml"
TODAY = date(2026, 11, 20)
ANA = {"name": "Ana Lima", "email": "ana@example.com", "slack_id": "U0ANA"}
BEN = {"name": "Ben Okafor", "email": "ben@example.com", "slack_id": "U0BEN"}
CY = {"name": "Cy Ng", "email": "cy@example.com", "slack_id": "U0CY"}
DEE = {"name": "Dee Roy", "email": "dee@example.com", "slack_id": "U0DEE"}


def a_row(slug: str = "one-two", **fields: Any) -> Row:
    return Row.model_validate({"slug": slug, "name": slug, "owner": ANA, **fields})


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


def test_a_row_that_needs_an_owner_is_found_with_who_was_named() -> None:
    row = Row.model_validate({"slug": "one-two", "name": "One", "needs_owner": "group:default/growth"})

    [finding] = check_registry([row], today=TODAY)

    assert (finding.code, finding.field) == ("needs_owner", "needs_owner")
    assert "named was: group:default/growth" in finding.message


def test_two_people_who_only_stand_in_for_each_other_are_found_once() -> None:
    rows = [
        a_row("one-one", owner=ANA, deputy=BEN),
        a_row("two-two", owner=BEN, deputy={**ANA, "slack_id": ""}),
        a_row("three-three", owner=BEN, deputy=ANA),
        a_row("four-four", owner=ANA, deputy=BEN),
    ]

    [finding] = check_registry(rows, today=TODAY)

    assert (finding.slug, finding.code) == ("four-four", "cyclic_deputies")
    assert finding.message == "Ana Lima and Ben Okafor only stand in for each other, here and in `three-three`"


@pytest.mark.parametrize(
    "rows",
    [
        [("one-one", ANA, BEN, CY), ("two-two", BEN, ANA, None)],
        [("one-one", ANA, BEN, None), ("two-two", BEN, CY, None), ("six-six", CY, ANA, DEE)],
        [("one-one", ANA, BEN, None), ("two-two", BEN, CY, None), ("six-six", CY, DEE, None)],
        [("one-one", ANA, BEN, None), ("two-two", ANA, BEN, None)],
        [("one-one", ANA, BEN, None), ("two-two", BEN, None, None)],
    ],
    ids=[
        "somebody stands behind them",
        "somebody stands behind one of three",
        "a way out",
        "one way only",
        "no way back",
    ],
)
def test_where_somebody_else_is_reached_nothing_is_found(rows: list[tuple[str, Any, Any, Any]]) -> None:
    assert codes(*(a_row(slug, owner=o, deputy=d, escalation=e) for slug, o, d, e in rows)) == []


def test_three_who_only_stand_in_for_each_other_are_found_once() -> None:
    rows = [
        a_row("one-one", owner=ANA, deputy=BEN),
        a_row("two-two", owner=BEN, deputy=CY),
        a_row("six-six", owner={**CY, "email": CY["email"].upper()}, deputy=ANA),
        a_row("ten-ten", owner=DEE, deputy=ANA),
    ]

    [finding] = check_registry(rows, today=TODAY)

    assert (finding.slug, finding.code) == ("one-one", "cyclic_deputies")
    assert "Ana Lima, Ben Okafor and" in finding.message
    assert finding.message.endswith("here and in `six-six`, `two-two`")


def test_an_escalation_contact_who_is_one_of_the_two_is_nobody_behind_them() -> None:
    rows = [a_row("one-one", owner=ANA, deputy=BEN, escalation=BEN), a_row("two-two", owner=BEN, deputy=ANA)]

    assert codes(*rows) == ["cyclic_deputies"]


@pytest.mark.parametrize(
    ("fields", "field", "why"),
    [
        ({"expected": {"per_hour": 0}, "thresholds": {"silence_min": 60}}, "silence_min", "nothing is ever expected"),
        (
            {"expected": {"profile": [{"per_hour": 0}]}, "thresholds": {"freshness_min": 60}},
            "freshness_min",
            "nothing is ever expected",
        ),
        ({"expected": {"per_hour": 5}, "thresholds": {"floor_pct": 10}}, "floor_pct", "there is no `silence_min`"),
        ({"thresholds": {"silence_min": 60, "floor_pct": 10}}, "floor_pct", "`expected` names no volume"),
        (
            {"expected": {"hours": "07:00-20:00"}, "thresholds": {"silence_min": 60, "floor_pct": 10}},
            "floor_pct",
            "`expected` names no volume",
        ),
    ],
)
def test_a_threshold_without_effect_is_found_with_the_reason(fields: dict[str, Any], field: str, why: str) -> None:
    [finding] = check_registry([a_row(**fields)], today=TODAY)

    assert (finding.code, finding.field) == ("threshold_without_effect", f"thresholds.{field}")
    assert why in finding.message


@pytest.mark.parametrize(
    "fields",
    [
        {"thresholds": {"silence_min": 60}},
        {"expected": {"hours": "07:00-20:00"}, "thresholds": {"silence_min": 60}},
        {"expected": {"per_hour": 5}, "thresholds": {"silence_min": 60, "floor_pct": 10}},
        {
            "expected": {"profile": [{"per_hour": 0, "weekdays": ["sun"]}, {"per_hour": 3}]},
            "thresholds": {"silence_min": 60},
        },
    ],
)
def test_a_threshold_with_effect_is_no_finding(fields: dict[str, Any]) -> None:
    assert codes(a_row(**fields)) == []


def test_at_least_seven_of_the_sample_are_expected_at_every_hour_of_the_week() -> None:
    rows = [as_fields(read.row) for read in read_rows(SAMPLE.read_bytes(), "registry.yaml")]
    found = [
        row["slug"] for row in rows if (e := expectation_of(row)) and NOTHING not in {x.per_hour for x in e.levels}
    ]

    assert "hubspot-salesforce" in found
    assert 7 <= len(found) < len(rows)


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
