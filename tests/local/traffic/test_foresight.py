"""Claims about what will notice a failure: the alarms of the row themselves, tried on what will be sent."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.traffic import plans
from infra.local.traffic.foresight import noticed, opens_at, rings_at
from infra.local.traffic.how import How
from infra.local.traffic.memory import Break
from infra.local.traffic.rhythm import Rhythm
from tests.local.traffic.rows import ALWAYS, NOON, THRESHOLDS, a_rhythm, alarms_of

OFFICE = {"timezone": "UTC", "per_hour": 40, "hours": "08:00-18:00"}


def words(rhythm: Rhythm, how: How, now: datetime = NOON) -> list[str]:
    found = noticed(rhythm, alarms_of(rhythm, now), how, now)
    return [one.watch.name.removeprefix("deadair-feed-") for one in found]


@pytest.mark.parametrize(
    ("how", "first"),
    [
        (How.AUTH, "error-rate"),
        (How.RATE_LIMIT, "error-rate"),
        (How.VENDOR_ERROR, "error-rate"),
        (How.VERSION, "error-rate"),
        (How.SCHEMA, "error-rate"),
        (How.SILENCE, "silence"),
        (How.EMPTY_SUCCESS, "freshness"),
        (How.WEBHOOK, "freshness"),
        (How.LATENCY, "latency"),
    ],
)
def test_the_alarm_that_says_most_about_a_failure_comes_first(how: How, first: str) -> None:
    assert words(a_rhythm(), how)[0] == first


def test_errors_say_more_than_the_silence_that_they_make() -> None:
    rhythm = a_rhythm(expected=ALWAYS | {"per_hour": 600}, thresholds=THRESHOLDS | {"silence_min": 1})

    assert words(rhythm, How.AUTH)[:2] == ["error-rate", "silence"]


def test_a_silence_of_a_week_can_be_played_at_once() -> None:
    rhythm = a_rhythm(thresholds={"silence_min": 10080})
    (silence,) = noticed(rhythm, alarms_of(rhythm), How.SILENCE, NOON)

    assert silence.window == timedelta(days=7)


def test_throttling_is_noticed_by_the_quota_where_the_row_has_one() -> None:
    rhythm = a_rhythm(rate_limits=[{"calls": 100, "per": "minute"}])

    assert words(rhythm, How.RATE_LIMIT)[0] == "quota-minute"


def test_the_failure_began_with_the_window_of_its_alarm() -> None:
    rhythm = a_rhythm()
    (silence, *_) = noticed(rhythm, alarms_of(rhythm), How.SILENCE, NOON)

    assert silence.since == datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
    assert silence.window == timedelta(minutes=60)


def test_what_no_threshold_notices_is_refused_with_the_threshold_that_would() -> None:
    rhythm = a_rhythm(thresholds={"silence_min": 60})

    with pytest.raises(plans.Refused, match="Nothing in the row feed notices latency") as refused:
        plans.breaking(rhythm, alarms_of(rhythm), How.LATENCY, NOON, from_now=False)
    assert refused.value.remedy.startswith("Add thresholds.latency_p95_ms")
    assert refused.value.unnoticed


@pytest.mark.parametrize("how", [How.SILENCE, How.EMPTY_SUCCESS, How.WEBHOOK])
def test_what_is_missing_is_not_noticed_while_nothing_is_expected_and_the_next_time_is_named(how: How) -> None:
    rhythm = a_rhythm(expected=OFFICE, thresholds={"silence_min": 60})
    night = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)

    assert words(rhythm, how, night) == []
    assert opens_at(rhythm, night) == datetime(2026, 11, 18, 8, 0, tzinfo=UTC)


def test_auth_is_noticed_at_night_too() -> None:
    assert words(a_rhythm(expected=OFFICE), How.AUTH, datetime(2026, 11, 18, 3, 2, tzinfo=UTC)) == ["error-rate"]


def test_a_break_from_now_on_says_when_its_alarm_rings() -> None:
    rhythm = a_rhythm()
    plan = plans.breaking(rhythm, alarms_of(rhythm), How.SILENCE, NOON, from_now=True)

    assert plan.since == NOON.replace(second=0).timestamp()
    assert datetime.fromisoformat(plan.alarms[0].at) == datetime(2026, 11, 18, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("how", "word", "at"),
    [(How.SILENCE, "silence", "12:06"), (How.AUTH, "error-rate", "12:05"), (How.LATENCY, "latency", "12:05")],
)
def test_a_period_that_was_half_healthy_counts_as_what_it_is(how: How, word: str, at: str) -> None:
    """Broken at 12:03, an alarm that needs no whole window of failures rings when the running period ends."""
    rhythm = a_rhythm(
        expected=ALWAYS | {"per_hour": 400}, thresholds={"silence_min": 3, "error_rate_pct": 2, "latency_p95_ms": 900}
    )
    plan = plans.breaking(rhythm, alarms_of(rhythm), how, NOON, from_now=True)

    (said,) = (one for one in plan.alarms if one.name == f"deadair-feed-{word}")
    assert said.at == f"2026-11-18T{at}:00+00:00"


def test_in_the_first_hour_of_the_day_silence_is_noticed_when_its_window_is_full() -> None:
    rhythm = a_rhythm(expected=OFFICE, thresholds={"silence_min": 60})
    early = datetime(2026, 11, 18, 8, 20, tzinfo=UTC)
    silence = alarms_of(rhythm, early)[0]

    at = rings_at(rhythm, silence, How.SILENCE, early, early + timedelta(hours=10))

    assert at is not None
    assert early < at <= datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


def test_mending_begins_with_the_newest_complete_period_but_not_before_the_break() -> None:
    rhythm = a_rhythm(thresholds={"silence_min": 60})
    long_ago, just_now = (
        Break(How.SILENCE, (NOON - timedelta(days=1)).timestamp()),
        Break(How.SILENCE, NOON.timestamp()),
    )

    since = [plans.mending(rhythm, alarms_of(rhythm), broken, NOON).since for broken in (long_ago, just_now)]

    assert since == [datetime(2026, 11, 18, 11, 55, tzinfo=UTC).timestamp(), NOON.timestamp()]


def test_a_row_without_thresholds_is_noticed_by_nothing() -> None:
    rhythm = a_rhythm(thresholds={})

    assert [words(rhythm, how) for how in How] == [[] for _ in How]
    assert THRESHOLDS


@pytest.mark.parametrize(("zone", "when"), [("UTC", "Thu 08:00 UTC"), ("Asia/Kathmandu", "Thu 08:00 Asia/Kathmandu")])
def test_when_something_is_expected_next_is_said_in_the_zone_of_the_row(zone: str, when: str) -> None:
    rhythm, evening = a_rhythm(expected=OFFICE | {"timezone": zone}), NOON.replace(hour=20)

    with pytest.raises(plans.Refused, match=f"the next time is {when}"):
        plans.breaking(rhythm, alarms_of(rhythm, evening), How.SILENCE, evening, from_now=False)
