"""Claims about when somebody is reminded and of what: once on each working day, on their own clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadair.domain.action_item import ActionItem, ActionKind, ActionStatus
from deadair.domain.ownership import Person
from deadair.domain.reachability import Away, Reach
from deadair.domain.reminding import (
    Waiting,
    Work,
    a_year_before,
    digest_of,
    due_day,
    gathered,
    is_first_working_day,
)
from tests.builders import ANA, BEN, NOON

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "Australia/Lord_Howe"]
TUESDAY = date(2026, 12, 1)


def an_item(
    due_on: date, number: int = 1, *, owner: Person = ANA, status: ActionStatus = ActionStatus.OPEN
) -> ActionItem:
    return ActionItem(
        incident=42,
        number=number,
        integration="hubspot-salesforce",
        text="Alert on empty loads",
        kind=ActionKind.DETECTIVE,
        owner=owner,
        due_on=due_on,
        added_by="Ana",
        added_at=NOON,
        status=status,
    )


def days_told(reach: Reach | None, zone: str, first: datetime, last: datetime, every: timedelta) -> list[date]:
    """The days for which somebody is told when it is looked so often."""
    found, at = [], first
    while at < last:
        day = due_day(reach, ZoneInfo(zone), at)
        if day is not None and day not in found:
            found.append(day)
        at += every
    return found


@settings(max_examples=40, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    begins=st.sampled_from(
        [
            datetime(2028, 2, 26, tzinfo=UTC),
            datetime(2026, 3, 6, tzinfo=UTC),
            datetime(2026, 10, 23, tzinfo=UTC),
            datetime(2026, 4, 3, tzinfo=UTC),
        ]
    ),
    minute=st.integers(0, 59),
)
def test_an_hourly_look_finds_each_working_day_once_in_every_zone_and_over_every_change_of_clocks(
    zone: str, begins: datetime, minute: int
) -> None:
    first = begins + timedelta(minutes=minute)
    told = days_told(None, zone, first, first + timedelta(days=14), timedelta(hours=1))
    assert told == sorted(told)
    assert all(day.weekday() < 5 for day in told)
    between = [told[0] + timedelta(days=step) for step in range((told[-1] - told[0]).days + 1)]
    assert told == [day for day in between if day.weekday() < 5]
    assert len(told) in {9, 10, 11}


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        ("2026-12-01T07:59:59", None),
        ("2026-12-01T08:00:00", TUESDAY),
        ("2026-12-01T15:59:00", TUESDAY),
        ("2026-12-01T16:00:00", None),
        ("2026-12-05T08:00:00", None),
    ],
)
def test_the_morning_begins_at_nine_on_their_clock_and_a_late_schedule_is_made_up_for_until_the_evening(
    utc: str, day: date | None
) -> None:
    assert due_day(None, ZoneInfo("Europe/Berlin"), datetime.fromisoformat(utc).replace(tzinfo=UTC)) == day


def test_hours_weekdays_and_days_away_are_a_persons_own() -> None:
    evening = Reach(hours=((13 * 60, 21 * 60),))
    assert due_day(evening, UTC, datetime(2026, 12, 1, 12, 59, tzinfo=UTC)) is None
    assert due_day(evening, UTC, datetime(2026, 12, 1, 13, 0, tzinfo=UTC)) == TUESDAY
    sunday_to_thursday = Reach(weekdays=frozenset({6, 0, 1, 2, 3}))
    assert due_day(sunday_to_thursday, UTC, datetime(2026, 12, 6, 9, tzinfo=UTC)) == date(2026, 12, 6)
    assert due_day(sunday_to_thursday, UTC, datetime(2026, 12, 4, 9, tzinfo=UTC)) is None
    away = Reach(away=(Away(date(2026, 11, 30), TUESDAY),))
    assert due_day(away, UTC, datetime(2026, 12, 1, 9, tzinfo=UTC)) is None
    assert due_day(away, UTC, datetime(2026, 12, 2, 9, tzinfo=UTC)) == date(2026, 12, 2)


def test_a_day_names_what_is_over_and_what_is_near_and_monday_everything() -> None:
    over, today, near, far = (an_item(TUESDAY + timedelta(days=days), days + 9) for days in (-1, 0, 3, 4))
    work = Work(ANA, [far, near, over, today, an_item(TUESDAY, 99, status=ActionStatus.DONE)])
    digest = digest_of(work, TUESDAY, None)
    assert (digest.overdue, digest.soon, digest.later) == ((over,), (today, near), ())
    monday = digest_of(work, TUESDAY - timedelta(days=1), None)
    assert (monday.overdue, monday.soon, monday.later) == ((), (over, today), (near, far))
    assert digest_of(Work(ANA, [far]), TUESDAY, None).is_empty


def test_a_review_stands_before_a_draft() -> None:
    draft, review = Waiting(7, "a"), Waiting(9, "b", draft=False)
    assert digest_of(Work(ANA, waiting=[draft, review]), TUESDAY, None).waiting == (review, draft)


def test_one_person_who_is_written_in_two_ways_has_one_digest() -> None:
    bare = Person("Ana Lima", "ANA.LIMA@example.com")
    found = gathered([(bare, an_item(TUESDAY)), (BEN, Waiting(1, "x")), (ANA, an_item(TUESDAY, 2))])
    assert [(len(one.items), len(one.waiting)) for one in found] == [(2, 0), (0, 1)]
    assert found[0].person.slack_id == ANA.slack_id


def test_the_months_digest_comes_on_its_first_working_day() -> None:
    days = [datetime(2026, month, day, 9, tzinfo=UTC) for month in range(1, 13) for day in range(1, 29)]
    told = [at.date() for at in days if is_first_working_day(at)]
    assert [day.month for day in told] == list(range(1, 13))
    assert date(2026, 8, 3) in told
    assert not is_first_working_day(datetime(2026, 12, 1, 8, 59, tzinfo=UTC))


def test_the_year_before_a_leap_day_has_a_day() -> None:
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert a_year_before(date(2026, 12, 1)) == date(2025, 12, 1)
