"""Claims about coverage: what nobody would be told about, and giving an alarm to an integration."""

from dataclasses import replace
from typing import Any

import pytest

from deadair.domain.alarm import AlarmState
from deadair.domain.alarm_on_incident import AlarmOnIncident
from deadair.domain.errors import Invalid
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person, matches_pattern
from deadair.domain.stages import Status
from deadair.domain.watch import watches
from deadair.usecases.claim_alarm import claim_alarm
from tests.builders import NOON, an_actor, an_incident, an_integration
from web.views.coverage import as_data, coverage, is_stranger, lacks

WATCHED = {"thresholds": {"silence_min": 60, "error_rate_pct": 2, "latency_p95_ms": 500}}


def a_stranger(number: int, name: str, **more: Any) -> Incident:
    """An open incident of an alarm that no row claimed."""
    alarm = AlarmOnIncident(name, AlarmState.ALARM, NOON, NOON)
    incident = an_incident(number, integration=f"unmatched-{name[:12]}", integration_name=name, alarms={"k": alarm})
    return replace(incident, **more)


def a_row(slug: str, *patterns: str, **more: Any) -> Integration:
    """A row with these patterns."""
    return an_integration(slug, name=slug, alarm_patterns=patterns, **more)


@pytest.mark.parametrize(
    "thresholds", [{}, {"silence_min": 60}, {"error_rate_pct": 1, "latency_p95_ms": 9}, WATCHED["thresholds"]]
)
def test_what_is_said_to_be_missing_is_what_no_alarm_watches(thresholds: dict[str, float]) -> None:
    row = an_integration(row={"slug": "hubspot-salesforce", "thresholds": thresholds})
    made = {watch.signal.value for watch in watches(row, prefix="deadair", namespace="Deadair", now=NOON)}

    assert set(lacks(row)) == {"silence", "error_rate", "latency"} - made


def test_n5_rows_that_lack_most_come_first_and_rows_without_an_owner_are_named() -> None:
    one = a_row("one", row={"thresholds": {"silence_min": 60}})
    none, whole = a_row("none", owner=Person("")), a_row("whole", row=WATCHED)
    seen = coverage([one, whole, none], [])

    assert [gap.row.slug for gap in seen.gaps] == ["none", "one"]
    assert [row.slug for row in seen.ownerless] == ["none"]
    assert as_data(seen)["without_alarm"][0] == {"integration": "none", "missing": ["silence", "error_rate", "latency"]}


def test_n5_an_alarm_without_a_row_comes_with_the_row_that_it_looks_most_like() -> None:
    rows = [a_row("billing-hubspot"), a_row("web-form-marketo")]
    (stranger,) = coverage(rows, [a_stranger(7, "prod-marketo-web-form-5xx"), an_incident(8)]).strangers

    assert (stranger.guess, stranger.alarm, stranger.claimed_by) == (
        "web-form-marketo",
        "prod-marketo-web-form-5xx",
        None,
    )


def test_an_alarm_that_looks_like_nothing_has_no_guess() -> None:
    (stranger,) = coverage([a_row("billing-hubspot")], [a_stranger(7, "zzz")]).strangers

    assert stranger.guess == ""


def test_one_alarm_is_named_once_and_a_resolved_one_that_a_row_claims_by_now_is_no_news() -> None:
    first, second = a_stranger(7, "x-1"), a_stranger(9, "x-1")
    over = a_stranger(5, "y-1", status=Status.RESOLVED, resolved_at=NOON)
    rows = [a_row("why-ever", "y-*")]

    assert [one.incident.number for one in coverage(rows, [second, first, over]).strangers] == [9]
    (still,) = coverage(rows, [replace(over, status=Status.OPEN, resolved_at=None)]).strangers
    assert still.claimed_by == rows[0]
    assert coverage(rows, [replace(over, status=Status.OPEN)]).waiting == 0


@pytest.mark.parametrize("name", ["a-b", "with [brackets]", "日本-alarm", "n" * 199 + "…", "odd\ufffdsign", "* ?"])
def test_the_pattern_that_is_offered_fits_the_alarm(name: str) -> None:
    (stranger,) = coverage([], [a_stranger(7, name)]).strangers

    assert matches_pattern(name, stranger.pattern)
    assert not set("[]\n\t") & set(stranger.pattern)
    assert len(stranger.pattern) <= 200


def test_only_an_incident_without_a_row_is_a_stranger() -> None:
    assert is_stranger(a_stranger(7, "x"))
    assert not is_stranger(an_incident(8))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("other-*", "does not fit"),
        ("x-*", "“x-*” and “x-y-*” of Billing would both claim an alarm such as “x-y-”"),
        ("*", "would both claim"),
    ],
)
def test_a_pattern_that_misses_its_alarm_or_reaches_into_another_row_is_refused(pattern: str, said: str) -> None:
    rows = [a_row("one"), replace(a_row("two", "x-y-*"), name="Billing")]

    with pytest.raises(Invalid, match=said.replace("*", "\\*")) as refused:
        claim_alarm(None, rows, "one", an_actor(), alarm="x-1", pattern=pattern, now=NOON)  # type: ignore[arg-type]
    assert refused.value.remedy
