"""Claims about when people can be reached: their own clock, their days away, their hours over midnight."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.reachability import ALWAYS, Away, Reach, overlap

BERLIN = Reach(timezone="Europe/Berlin", hours=((540, 1020),))
NIGHT = Reach(timezone="America/New_York", weekdays=frozenset({4}), hours=((1320, 1800),))


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_of_whom_nothing_is_said_can_always_be_reached() -> None:
    assert ALWAYS.works_at(utc(1, 3))
    assert ALWAYS.after_work(utc(1, 3), 60) == utc(1, 4)
    assert ALWAYS.away_at(utc(1, 3)) is None


def test_friday_evening_goes_on_on_monday_morning() -> None:
    assert BERLIN.next_work(utc(20, 16)) == utc(23, 8)
    assert BERLIN.after_work(utc(20, 15, 30), 60) == utc(23, 8, 30)


def test_the_hours_follow_the_clocks_of_the_zone() -> None:
    assert BERLIN.next_work(utc(24, 20, month=10)) == utc(26, 8, month=10)
    assert BERLIN.next_work(utc(23, 4, month=10)) == utc(23, 7, month=10)


def test_hours_may_go_over_midnight() -> None:
    assert NIGHT.works_at(utc(21, 10))
    assert not NIGHT.works_at(utc(21, 12))
    assert NIGHT.next_work(utc(21, 12)) == utc(28, 3)


def test_days_away_are_days_of_their_own_zone_and_the_last_one_counts() -> None:
    away = Reach(timezone="Asia/Tokyo", away=(Away(date(2026, 11, 2), date(2026, 11, 3), "holiday"),))

    assert away.away_at(utc(1, 15)) is not None
    assert away.away_at(utc(3, 14, 59)) is not None
    assert away.away_at(utc(3, 15)) is None
    assert away.back_at(utc(2, 0)) == utc(3, 15)
    assert away.back_at(utc(4, 0)) is None


def test_days_away_that_follow_one_another_are_one_absence() -> None:
    spans = ((2, 3), (4, 6), (9, 9))
    away = Reach(away=tuple(Away(date(2026, 11, a), date(2026, 11, b)) for a, b in spans))

    assert away.back_at(utc(2, 8)) == utc(7, 0)


def test_working_minutes_pass_over_the_days_away() -> None:
    away = Reach(hours=((540, 1020),), away=(Away(date(2026, 11, 3), date(2026, 11, 4)),))

    assert away.after_work(utc(2, 16, 30), 60) == utc(5, 9, 30)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - zone beside
    st.integers(1, 5000),
    st.sampled_from([BERLIN, NIGHT, ALWAYS]),
)
def test_a_deadline_lies_in_working_time_and_never_too_early(since: datetime, minutes: int, reach: Reach) -> None:
    deadline = reach.after_work(since, minutes)

    assert deadline >= since + timedelta(minutes=minutes)
    assert deadline >= reach.next_work(since)
    assert reach.works_at(deadline - timedelta(seconds=1))
    assert reach.after_work(since, minutes + 1) > deadline


def test_hours_that_share_a_minute_overlap() -> None:
    assert overlap(((540, 720), (700, 900)))
    assert overlap(((60, 120), (1320, 1530)))
    assert not overlap(((540, 720), (720, 900)))
