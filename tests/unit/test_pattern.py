"""Claims about what comes back: how often makes a pattern, and when a fix did not hold."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.fix_held import unheld
from deadair.domain.our_own import WATCHDOG
from deadair.domain.outline import Outline, outline
from deadair.domain.pattern import Pattern, patterns, seen_before
from deadair.domain.remedies import names, resembles
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Ending
from tests.builders import ANA, NOON, an_incident, at

ROTATED = "Rotated the refresh token in Salesforce"


def day(number: float) -> datetime:
    return NOON + timedelta(days=number)


def once(number: int, began: float, *, over: float | None = None, **more: Any) -> Outline:
    """An incident that began on a day; `over` days later it was resolved, a quarter of a day later if not said."""
    ended = day(began + (0.25 if over is None else over))
    given: dict[str, Any] = {
        "integration": "hubspot-salesforce",
        "integration_name": "HubSpot → Salesforce",
        "failure_class": FailureClass.AUTH,
        "severity": Severity.SEV2,
        "owner": ANA,
        "started_at": day(began),
        "detected_at": day(began),
        "resolved_at": ended,
        "ending": Ending.FIXED,
    }
    return Outline(number=number, **given | more)


def now_open(number: int, began: float, **more: Any) -> Outline:
    return once(number, began, resolved_at=None, ending=None, **more)


def seen(*outlines: Outline, now: float = 89) -> Pattern:
    return seen_before(outlines, "hubspot-salesforce", FailureClass.AUTH, day(now))


def test_the_third_time_in_ninety_days_is_a_pattern_and_the_second_is_none() -> None:
    assert not seen(once(3, 0), now_open(17, 40)).is_pattern

    third = seen(once(3, 0), once(17, 40), now_open(42, 80))

    assert (third.is_pattern, third.count, third.days) == (True, 3, 90)
    assert third.others(42) == (3, 17)


def test_what_is_older_than_ninety_days_does_not_count() -> None:
    assert seen(once(3, 0), once(17, 40), now_open(42, 90.5), now=90.5).numbers == (17, 42)


@pytest.mark.parametrize(
    "other",
    [
        {"drill": True},
        {"ending": Ending.FALSE_ALARM},
        {"ending": Ending.MERGED},
        {"integration": WATCHDOG},
        {"integration": "web-form-marketo"},
        {"failure_class": FailureClass.SCHEMA},
    ],
)
def test_drills_false_alarms_merged_ones_and_other_things_never_count(other: dict[str, Any]) -> None:
    assert seen(once(3, 0), once(17, 40, **other), now_open(42, 80)).numbers == (3, 42)


def test_an_incident_that_was_recorded_afterwards_counts_at_its_own_place() -> None:
    assert seen(once(3, 50), now_open(17, 60), once(42, 5)).numbers == (42, 3, 17)


def test_patterns_are_told_the_most_frequent_first() -> None:
    often = [once(n, n, integration="web-form-marketo") for n in (1, 2, 3, 4)]
    told = patterns(
        [once(11, 1), once(12, 2), once(13, 3), *often, once(20, 1, failure_class=FailureClass.SCHEMA)], day(9)
    )

    assert [(one.integration, one.count) for one in told] == [("web-form-marketo", 4), ("hubspot-salesforce", 3)]


@given(st.permutations([once(n, n) for n in range(1, 6)]), st.integers(0, 4))
def test_order_and_repetition_change_no_pattern(outlines: list[Outline], twice: int) -> None:
    assert patterns([*outlines, outlines[twice]], day(9)) == patterns(sorted(outlines, key=lambda o: o.number), day(9))


def test_the_same_remedy_that_is_needed_again_within_a_month_did_not_hold() -> None:
    first = once(3, 0, fix=ROTATED)
    again = once(17, 10, fix="rotated refresh token again, by hand")

    assert [(one.number, one.shown_by) for one in unheld([first, again])] == [(3, 17)]


def test_a_remedy_that_failed_before_is_flagged_as_soon_as_it_breaks_once_more() -> None:
    before = [once(3, 0, fix=ROTATED), once(17, 10, fix="Rotated the token, as in INC-3")]
    third = now_open(42, 20)

    assert [one.number for one in unheld([*before, third])] == [17, 3]


def test_that_it_merely_broke_again_blames_no_fix() -> None:
    first = once(3, 0, fix=ROTATED)

    assert unheld([first, now_open(17, 10)]) == ()
    assert unheld([first, once(17, 10, fix="Raised the API limit with the vendor")]) == ()


def test_a_fix_that_held_for_a_month_held() -> None:
    assert unheld([once(3, 0, fix=ROTATED), once(17, 31, fix=ROTATED)]) == ()


@pytest.mark.parametrize(
    "other",
    [
        {"drill": True},
        {"ending": Ending.FALSE_ALARM},
        {"ending": Ending.MERGED},
        {"failure_class": FailureClass.SCHEMA},
    ],
)
def test_what_does_not_count_shows_nothing_of_a_fix(other: dict[str, Any]) -> None:
    assert unheld([once(3, 0, fix=ROTATED), once(17, 10, fix=ROTATED, **other)]) == ()


def test_an_incident_that_is_opened_again_after_a_fix_says_so_itself() -> None:
    over = an_incident().acknowledge("Ana", at(2)).resolve("Ana", ROTATED, at(9))
    again = over.reopen()

    assert [(one.number, one.fix, one.is_reopened) for one in unheld([outline(again)])] == [(42, ROTATED, True)]
    mended = again.resolve("Ana", "Moved to the JWT flow", at(20))
    assert [one.fix for one in unheld([outline(mended)])] == [ROTATED]


def test_an_end_without_a_fix_and_a_false_alarm_that_is_opened_again_fail_no_fix() -> None:
    silent = an_incident().acknowledge("Ana", at(2)).resolve("Ana", "", at(9)).reopen()
    false = an_incident().acknowledge("Ana", at(2)).false_alarm("Ana", at(9), "test traffic").reopen()
    itself = an_incident().resolve_by_itself(at(9)).reopen()

    assert unheld(outline(one) for one in (silent, false, itself)) == ()


def test_of_many_fixes_that_failed_an_incident_remembers_the_last_ones() -> None:
    incident = an_incident().acknowledge("Ana", at(2))
    for turn in range(5):
        incident = incident.resolve("Ana", f"Try {turn}", at(9 + turn)).reopen()

    assert incident.failed_fixes == ("Try 2", "Try 3", "Try 4")


@given(st.permutations([once(n, 5 * n, fix=ROTATED) for n in range(1, 6)]))
def test_order_changes_nothing_of_what_did_not_hold(outlines: list[Outline]) -> None:
    assert [one.number for one in unheld(outlines)] == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rotated the refresh token", "rotated refresh token again"),
        ("Rotating refresh tokens", "We rotated the refresh token and restarted the worker"),
        ("Restarted", "restarted it again"),
        ("Raised the daily API limit", "raise API limits with HubSpot"),
    ],
)
def test_the_same_remedy_in_other_forms_resembles(one: str, other: str) -> None:
    assert resembles(one, other)
    assert resembles(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rotated the refresh token", "Raised the API limit"),
        ("", ""),
        ("Fixed it", "fixed it again"),
        ("Rotated the token", ""),
        ("Restarted the worker", "Rolled back the worker's release"),
    ],
)
def test_other_remedies_and_words_that_say_nothing_do_not(one: str, other: str) -> None:
    assert not resembles(one, other)


def test_a_remedy_may_name_the_incident_that_it_repeats() -> None:
    assert names("as in inc-12", 12)
    assert not names("as in INC-123", 12)


def test_an_outline_says_of_an_incident_what_counts() -> None:
    incident = replace(an_incident(), drill=True)

    told = outline(incident)

    assert (told.number, told.integration, told.failure_class) == (42, incident.integration, incident.failure_class)
    assert (told.resolved_at, told.is_real) == (None, False)
