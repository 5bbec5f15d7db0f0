"""Claims about how each failure class looks: the door for signals takes it, and it is not what is healthy."""

from datetime import timedelta
from typing import Any

import pytest

from infra.local.traffic.breaking import signals
from infra.local.traffic.how import How
from tests.local.traffic.rows import NOON, a_rhythm, minute
from web.signals.model import SignalIn, read_signal

Json = dict[str, Any]


def an_hour(how: How | None, **row: Any) -> list[Json]:
    first = minute(NOON - timedelta(hours=1))
    return list(signals(a_rhythm(**row), first, first + 59, how=how))


@pytest.mark.parametrize("how", [None, *How])
def test_the_door_takes_every_signal(how: How | None) -> None:
    for number, told in enumerate(an_hour(how)):
        assert isinstance(read_signal(told, f"signals[{number}]", "feed", NOON), SignalIn), told


def codes(told: list[Json]) -> set[str]:
    return {code for one in told for code in one.get("status_codes", {})}


def test_each_class_has_its_own_signature() -> None:
    assert codes(an_hour(How.AUTH)) <= {"401", "403"}
    assert "429" in codes(an_hour(How.RATE_LIMIT))
    assert {"503", "200"} <= codes(an_hour(How.VENDOR_ERROR))
    assert codes(an_hour(How.VERSION)) == {"410"}
    assert "422" in codes(an_hour(How.SCHEMA))
    assert an_hour(How.SILENCE) == []
    assert all(one["ok"] and not one["records"] for one in an_hour(How.EMPTY_SUCCESS))
    assert all(one["ok"] and one["lag_s"] > 90 * 60 for one in an_hour(How.WEBHOOK))
    assert min(one["latency_ms"] for one in an_hour(How.LATENCY)) > 5000


def test_a_class_that_fails_everywhere_fails_also_where_nothing_is_expected() -> None:
    never = {"timezone": "UTC", "per_hour": 10, "weekdays": ["sun"]}

    assert len(an_hour(How.AUTH, expected=never)) == 60
    assert an_hour(None, expected=never) == []


def test_errors_cross_the_rows_own_threshold_however_high() -> None:
    for told in an_hour(How.SCHEMA, thresholds={"error_rate_pct": 60}, expected={"timezone": "UTC", "per_hour": 6000}):
        assert told["errors"] / (told["errors"] + told["records"]) > 0.6


def test_a_webhook_loses_most_of_its_volume() -> None:
    busy = {"timezone": "UTC", "per_hour": 6000}
    lost, whole = (sum(one["records"] for one in an_hour(how, expected=busy)) for how in (How.WEBHOOK, None))

    assert lost == pytest.approx(0.3 * whole, rel=0.05)


def test_a_history_that_is_played_again_has_ids_of_its_own() -> None:
    first = minute(NOON)
    once, again = (list(signals(a_rhythm(), first, first + 30, how=None, mark=mark)) for mark in ("", "-1"))

    assert not {one["id"] for one in once} & {one["id"] for one in again}
    assert len({one["id"] for one in once}) == len(once)
