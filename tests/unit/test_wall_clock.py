"""Claims about clock times: they are read in somebody's zone, whatever the day is and whatever its clocks do."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadair.domain.typed_length import leading_until
from deadair.domain.typed_time import AHEAD, echo, parse_time
from deadair.domain.wall_clock import read_clock

BERLIN, NEW_YORK, KATHMANDU = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")
# Clocks in Berlin go from 02:00 to 03:00 on 29 March 2026 at 01:00 UTC, and back from 03:00 on 25 October.
FRIDAY = datetime(2026, 11, 20, 9, 45, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "now", "zone", "meant", "shown"),
    [
        ("10:42", "2026-11-20T09:45", BERLIN, "2026-11-20T09:42", "10:42 CET"),
        ("10:42 utc", "2026-11-20T09:45", BERLIN, "2026-11-19T10:42", "2026-11-19 11:42 CET"),
        ("23:50", "2026-11-20T03:10", NEW_YORK, "2026-11-19T04:50", "2026-11-18 23:50 EST"),
        ("3pm", "2026-11-20T20:30", NEW_YORK, "2026-11-20T20:00", "15:00 EST"),
        ("12am", "2026-11-20T20:30", NEW_YORK, "2026-11-20T05:00", "00:00 EST"),
        ("yesterday 23:10", "2026-11-20T09:45", BERLIN, "2026-11-19T22:10", "2026-11-19 23:10 CET"),
        ("23:10 yesterday", "2026-11-20T09:45", BERLIN, "2026-11-19T22:10", "2026-11-19 23:10 CET"),
        ("Mon 9:00", "2026-11-20T09:45", BERLIN, "2026-11-16T08:00", "2026-11-16 09:00 CET"),
        ("friday at 23:00", "2026-11-20T09:45", BERLIN, "2026-11-13T22:00", "2026-11-13 23:00 CET"),
        ("15:20", "2026-11-20T09:45", KATHMANDU, "2026-11-20T09:35", "15:20 UTC+05:45"),
        ("2026-11-20 10:42", "2026-11-20T09:45", BERLIN, "2026-11-20T09:42", "10:42 CET"),
        # The hour that is skipped, and the hour that comes twice: before the second time, and after it.
        ("02:30", "2026-03-29T08:00", BERLIN, "2026-03-29T01:30", "03:30 CEST"),
        ("02:30", "2026-10-25T00:40", BERLIN, "2026-10-25T00:30", "02:30 CEST"),
        ("02:30", "2026-10-25T08:00", BERLIN, "2026-10-25T01:30", "02:30 CET"),
        # The day before a change is as many hours away as its clocks say.
        ("10:00", "2026-10-25T08:30", BERLIN, "2026-10-24T08:00", "2026-10-24 10:00 CEST"),
    ],
)
def test_a_clock_time_is_the_last_one_in_the_persons_zone(
    typed: str, now: str, zone: ZoneInfo, meant: str, shown: str
) -> None:
    found = parse_time(typed, utc(now), zone)

    assert found == utc(meant)
    assert echo(found, utc(now), zone) == shown


@pytest.mark.parametrize(
    ("typed", "now", "meant"),
    [
        ("until 14:00", "2026-11-20T09:45", "2026-11-20T13:00"),
        ("until 9:00", "2026-11-20T09:45", "2026-11-21T08:00"),
        ("until tomorrow 9:00", "2026-11-20T09:45", "2026-11-21T08:00"),
        ("until 9am tomorrow", "2026-11-20T09:45", "2026-11-21T08:00"),
        ("until Mon 9:00", "2026-11-20T09:45", "2026-11-23T08:00"),
        ("until fri 9:00", "2026-11-20T09:45", "2026-11-27T08:00"),
        ("until 09:00", "2026-10-24T20:00", "2026-10-25T08:00"),
        ("until 02:30", "2026-10-25T00:40", "2026-10-25T01:30"),
    ],
)
def test_a_clock_time_to_come_is_the_next_one(typed: str, now: str, meant: str) -> None:
    assert leading_until(f"{typed} the vendor", utc(now), BERLIN) == (utc(meant), "the vendor")


@pytest.mark.parametrize(
    "typed", ["", "10", "25:00", "13pm", "0am", "10:60", "monday", "today 10:00 tomorrow", "١٠:٤٢"]
)
def test_what_is_no_clock_time_is_none(typed: str) -> None:
    assert read_clock(typed) is None


def test_a_day_that_is_named_is_that_day_even_when_its_hour_is_still_to_come() -> None:
    assert parse_time("today 23:00", FRIDAY, BERLIN) == utc("2026-11-20T22:00")


@given(
    at=st.times(),
    seconds=st.integers(631_152_000, 2_840_140_800),
    zone=st.sampled_from([BERLIN, NEW_YORK, KATHMANDU, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")]),
)
def test_any_clock_time_in_any_zone_is_within_two_days(at: time, seconds: int, zone: ZoneInfo) -> None:
    seen = datetime.fromtimestamp(seconds, UTC)
    found = parse_time(f"{at:%H:%M}", seen, zone)
    assert found is not None
    assert 0 <= (seen + AHEAD - found).total_seconds() <= 2 * 86400
    assert echo(found, seen, zone)
