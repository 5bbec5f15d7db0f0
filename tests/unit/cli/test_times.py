"""Claims about times at the terminal: an instant says its zone, and is said back in it."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from deadair.domain.errors import Invalid
from infra.cli.times import echoed, instant, length
from infra.cli.weekly import days_of, hours_of, written

EVENING = datetime(2026, 11, 24, 19, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-24T20:00+01:00", "2026-11-24T19:00Z", "2026-11-24T20:00 Europe/Berlin"])
def test_an_instant_may_be_written_with_an_offset_or_a_zone(text: str) -> None:
    assert instant(text, "until") == EVENING


@pytest.mark.parametrize(
    "text",
    ["2026-11-24T20:00", "2026-11-24", "tomorrow", "2026-11-24T20:00 Berlin/Europe", "2026-11-24T20:00Z UTC", ""],
)
def test_an_instant_without_a_zone_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        instant(text, "until")

    assert refused.value.field == "until"
    assert "2026-11-24T20:00+01:00" in refused.value.remedy


def test_an_instant_is_said_back_in_utc_and_in_the_callers_zone() -> None:
    assert echoed(EVENING, ZoneInfo("Europe/Berlin")) == "2026-11-24 19:00 UTC (2026-11-24 20:00 Europe/Berlin)"
    assert echoed(EVENING, timezone(timedelta(hours=1))) == "2026-11-24 19:00 UTC (2026-11-24 20:00 +0100)"
    assert echoed(EVENING, UTC) == "2026-11-24 19:00 UTC"


def test_lengths_are_days_hours_and_minutes() -> None:
    assert length("1d12h30m", "for") == timedelta(days=1, hours=12, minutes=30)
    for text in ("", "2", "h", "1.5h", "-1h"):
        with pytest.raises(Invalid):
            length(text, "for")


def test_weekdays_are_ranges_and_lists() -> None:
    assert days_of("mon-fri") == frozenset(range(5))
    assert days_of("Fri-Mon, wed") == frozenset({4, 5, 6, 0, 2})
    with pytest.raises(Invalid):
        days_of("funday")


@pytest.mark.parametrize("text", ["09:00-17:00", "22:00-06:00", "00:00-24:00"])
def test_hours_are_written_as_they_were_read(text: str) -> None:
    assert written((hours_of(text),)) == text.replace("24:00", "00:00")


@pytest.mark.parametrize("text", ["9-17", "25:00-26:00", "09:00-09:00", "09:00-24:30", "soon"])
def test_odd_hours_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        hours_of(text)
