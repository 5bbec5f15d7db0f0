"""Claims about the months: every real incident in its own, and what came back found whatever is looked at."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.gaps import SEEN_BY, Watched, lacks
from deadair.domain.outline import Outline
from deadair.domain.pattern import repeating, seen_before
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import Ending
from deadair.domain.trends import Wanted, begins, trends
from tests.builders import ANA, BEN

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SINCE = datetime(2026, 9, 1, tzinfo=UTC)


def once(number: int, at: datetime, **more: Any) -> Outline:
    """An incident that began then, was seen five minutes later and over after an hour."""
    given: dict[str, Any] = {
        "integration": "hubspot-salesforce",
        "integration_name": "HubSpot → Salesforce",
        "failure_class": FailureClass.AUTH,
        "severity": Severity.SEV2,
        "owner": ANA,
        "started_at": at,
        "detected_at": at + timedelta(minutes=5),
        "resolved_at": at + timedelta(hours=1),
        "ending": Ending.FIXED,
    }
    return Outline(number=number, **given | more)


def in_month(number: int, month: int, day: int = 2, **more: Any) -> Outline:
    return once(number, datetime(2026, month, day, 12, tzinfo=UTC), **more)


def test_every_incident_stands_in_the_month_in_which_it_began() -> None:
    found = trends(
        [
            in_month(1, 9),
            in_month(2, 9, failure_class=FailureClass.SCHEMA),
            in_month(3, 11),
            in_month(4, 8),
            once(5, datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)),
        ],
        SINCE,
        NOW,
    )

    assert [(month.month, month.total) for month in found.months] == [(9, 2), (10, 1), (11, 1)]
    assert found.months[0].counts == {FailureClass.AUTH: 1, FailureClass.SCHEMA: 1}
    assert (found.classes, found.total) == ((FailureClass.AUTH, FailureClass.SCHEMA), 4)


@pytest.mark.parametrize("more", [{"drill": True}, {"ending": Ending.FALSE_ALARM}, {"ending": Ending.MERGED}])
def test_drills_false_alarms_and_merged_ones_are_in_no_month(more: dict[str, Any]) -> None:
    assert trends([in_month(1, 9, **more)], SINCE, NOW).total == 0


def test_median_and_p90_of_a_month_are_times_that_happened() -> None:
    minutes = (1, 2, 3, 40)
    incidents = [
        in_month(n, 10, n, detected_at=datetime(2026, 10, n, 12, tzinfo=UTC) + timedelta(minutes=m))
        for n, m in enumerate(minutes, 1)
    ]

    month = trends(incidents, SINCE, NOW).months[1]

    assert (month.to_detect.median, month.to_detect.p90) == (timedelta(minutes=2), timedelta(minutes=40))
    assert trends(incidents, SINCE, NOW).months[0].to_detect.median is None


def test_what_came_back_is_found_in_what_is_not_looked_at_too() -> None:
    past = [in_month(1, 6, 20, fix="Rotated the token"), in_month(2, 8, 10, fix="Rotated the token again")]
    again = in_month(3, 9, 3, severity=Severity.SEV1)

    found = trends([*past, again], SINCE, NOW, Wanted(severity="SEV1"))

    assert (found.total, found.repeats, found.months[0].unheld) == (1, 1, 1)
    assert [(one.number, one.shown_by) for one in found.unheld] == [(2, 3)]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(), 3),
        (Wanted(integration="web-form-marketo"), 1),
        (Wanted(owner="ANA.LIMA@example.com"), 2),
        (Wanted(owner="ben okafor"), 1),
        (Wanted(severity="SEV1"), 1),
        (Wanted(owner="ben okafor", severity="SEV1"), 0),
        (Wanted(owner="nobody at all"), 0),
    ],
)
def test_filters_leave_what_they_name(wanted: Wanted, numbers: int) -> None:
    incidents = [
        in_month(1, 9, severity=Severity.SEV1),
        in_month(2, 10, owner=BEN),
        in_month(3, 11, integration="web-form-marketo"),
    ]

    assert trends(incidents, SINCE, NOW, wanted).total == numbers


def test_how_each_class_was_seen_and_what_would_have_seen_it() -> None:
    found = trends([in_month(1, 9), in_month(2, 9, by_hand=True), in_month(3, 10, integration="zoom")], SINCE, NOW)

    (caught,) = found.caught
    assert (caught.incidents, caught.by_people, caught.watched) == (3, 1, Watched.CREDENTIAL)
    assert caught.slugs == ("hubspot-salesforce", "zoom")


def test_every_class_has_something_that_would_see_it() -> None:
    assert set(SEEN_BY) == set(FailureClass)
    assert all(SEEN_BY.values())


@pytest.mark.parametrize(
    ("row", "watched", "gap"),
    [
        ({}, Watched.SILENCE, True),
        ({"thresholds": {"silence_min": 30}}, Watched.SILENCE, False),
        ({"thresholds": "odd"}, Watched.ERRORS, True),
        ({"rate_limits": [{"per": "day"}]}, Watched.QUOTA, False),
        ({"rate_limits": []}, Watched.QUOTA, True),
        ({"credential": {"kind": "oauth"}}, Watched.CREDENTIAL, True),
        ({"credential": {"expires_on": "2027-01-01"}}, Watched.CREDENTIAL, False),
        ({"api_version": {"ends_on": "2027-01-01"}}, Watched.VERSION, False),
    ],
)
def test_a_row_has_a_gap_where_it_says_nothing(row: dict[str, Any], watched: Watched, *, gap: bool) -> None:
    assert lacks(row, watched) is gap


def test_months_follow_each_other_without_a_gap() -> None:
    told = [(at.year, at.month) for at in begins(datetime(2025, 11, 30, tzinfo=UTC), NOW)]

    assert told == [(2025, 11), (2025, 12), *((2026, month) for month in range(1, 12))]


@given(st.lists(st.integers(0, 400), max_size=12))
def test_what_repeats_is_what_was_a_pattern_as_it_began(days: list[int]) -> None:
    incidents = [once(n, SINCE + timedelta(days=day)) for n, day in enumerate(days)]

    found = repeating(incidents)

    for one in incidents:
        earlier = [o for o in incidents if (o.started_at, o.number) <= (one.started_at, one.number)]
        was = seen_before(earlier, one.integration, one.failure_class, one.started_at).is_pattern
        assert (one.number in found) is was
