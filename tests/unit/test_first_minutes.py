"""Claims about what people ask first: how many records are missed, who is affected, how good the guesses were."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deadair.domain.affected import MOST, affected_by
from deadair.domain.checks import CHECKS, checks_of, the_check
from deadair.domain.diagnosed import Confidence
from deadair.domain.errors import Invalid
from deadair.domain.expectation import Expectation, expectation_of
from deadair.domain.guesses import Guess, accuracy
from deadair.domain.missed import expected, missed
from deadair.domain.ownership import Integration
from deadair.domain.severity import FailureClass
from tests.builders import NOON, an_integration, at

WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]
WORKING: dict[str, Any] = {
    "timezone": "UTC",
    "profile": [{"weekdays": WORKDAYS, "hours": "08:00-18:00", "per_hour": 60}],
}


def of(told: dict[str, Any]) -> Expectation | None:
    return expectation_of({"expected": told})


def test_what_was_due_less_what_came_is_missed_and_the_estimate_says_how() -> None:
    told = missed(of(WORKING), NOON, at(130), 33.0, sends=True)

    assert told.records == 97
    assert told.why == "about 130 expected in 2 h 10 min, 33 arrived"


def test_hours_in_which_nothing_is_expected_cost_nothing() -> None:
    evening = NOON.replace(hour=17, minute=30)

    told = missed(of(WORKING), evening, evening + timedelta(hours=14), 0.0, sends=True)

    assert told.records == 30


def test_a_night_of_which_an_hour_comes_twice_expects_as_much_more() -> None:
    expectation = expectation_of({"expected": {"timezone": "Europe/Berlin", "per_hour": 10, "hours": "00:00-06:00"}})
    midnight, six = datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 5, 0, tzinfo=UTC)

    assert expectation is not None
    assert expected(expectation, midnight, six) == pytest.approx(70)


@pytest.mark.parametrize(
    ("row", "arrived", "hours", "why"),
    [
        ({}, 1.0, 1, "its row does not say what is expected"),
        ({"timezone": "UTC"}, 1.0, 1, "its row does not say how many records an hour"),
        (WORKING, None, 1, "CloudWatch did not say how many arrived"),
        (WORKING, 1.0, 400, "it has been longer than 14 days"),
    ],
)
def test_what_nobody_can_tell_is_no_number_and_says_why(
    row: dict[str, Any], arrived: float | None, hours: int, why: str
) -> None:
    told = missed(of(row) if row else None, NOON, NOON + timedelta(hours=hours), arrived, sends=True)

    assert (told.records, told.why) == (None, why)


def test_what_sends_no_signals_did_not_lose_what_nobody_counted() -> None:
    told = missed(of(WORKING), NOON, at(60), 0.0, sends=False)

    assert (told.records, told.why) == (None, "it sends no signals, so nobody counts what arrives")


def test_more_than_was_due_is_no_negative_loss() -> None:
    assert missed(of(WORKING), NOON, at(60), 75.0, sends=True).records == 0


def rows(**dependents: list[str]) -> dict[str, Integration]:
    return {
        slug: an_integration(slug, name=slug.upper(), consent=slug == "optout", row={"dependents": others})
        for slug, others in dependents.items()
    }


def test_who_depends_through_others_is_affected_too_and_consent_comes_first() -> None:
    known = rows(form=["crm"], crm=["alerts", "warehouse"], alerts=[], warehouse=["optout"], optout=[], other=["form"])

    assert affected_by("form", known) == ("OPTOUT", "CRM", "ALERTS", "WAREHOUSE")


def test_a_circle_and_a_missing_row_end() -> None:
    assert affected_by("a", rows(a=["b"], b=["a", "gone"])) == ("B",)
    assert affected_by("nobody", rows(a=["b"])) == ()


def test_no_more_are_named_than_help() -> None:
    many: dict[str, list[str]] = {f"d{place}": [] for place in range(100)}

    assert len(affected_by("hub", rows(hub=list(many), **many))) == MOST


def test_guesses_are_counted_by_class_and_by_confidence_and_the_wrong_ones_are_named() -> None:
    auth, rate, high, low = FailureClass.AUTH, FailureClass.RATE_LIMIT, Confidence.HIGH, Confidence.LOW
    told = accuracy(
        [Guess("INC-1", auth, high, auth), Guess("INC-2", auth, low, rate), Guess("INC-3", rate, high, rate)], unsaid=4
    )

    assert told.by_class == {auth: (1, 2), rate: (1, 1)}
    assert told.by_confidence == {high: (2, 2), low: (0, 1)}
    assert (told.right, told.told, told.unsaid) == (2, 3, 4)
    assert [guess.incident for guess in told.wrong] == ["INC-2"]


def test_every_class_has_first_checks_and_no_two_checks_share_an_id() -> None:
    ids = [check.id for checks in CHECKS.values() for check in checks]

    assert set(CHECKS) == set(FailureClass)
    assert all(2 < len(checks) <= 9 for checks in CHECKS.values())
    assert len(set(ids)) == len(ids)
    assert the_check("auth.credential") in CHECKS[FailureClass.AUTH]
    with pytest.raises(Invalid):
        the_check("auth.horoscope")


def test_under_silence_the_checks_of_what_was_found_beneath_come_after_its_own() -> None:
    found = checks_of(FailureClass.SILENCE, FailureClass.AUTH)

    assert found == CHECKS[FailureClass.SILENCE] + CHECKS[FailureClass.AUTH]
    assert checks_of(None) == checks_of(FailureClass.UNKNOWN) == CHECKS[FailureClass.UNKNOWN]
