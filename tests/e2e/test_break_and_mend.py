"""Claims about breaking an integration on purpose: its alarm says so, its owner's incident shows it, and it recovers.

Traffic is off in the session's stack; breaking an integration turns it on for this one alone.
"""

import json
import time
from typing import Any

import pytest

from tests.stack import Deadair, Register

pytestmark = pytest.mark.stack
Json = dict[str, Any]
THRESHOLDS = {"error_rate_pct": 2, "latency_p95_ms": 5000, "silence_min": 60}
# One look of the evaluator is two seconds; the rest is the line to the incident, on a busy machine.
SOON_S = 10.0


@pytest.fixture
def slug(register: Register) -> str:
    """An integration of one's own, in the registry."""
    return watched(register)


def watched(register: Register, **fields: Any) -> str:
    return register(**{"expected": {"timezone": "UTC", "per_hour": 40}, "thresholds": THRESHOLDS} | fields)


def done(deadair: Deadair, *words: str) -> Json:
    status, out, err = deadair("local", *words, "--json")
    assert status == 0, out + err
    told: Json = json.loads(out)
    return told


@pytest.mark.parametrize(
    ("how", "alarm", "failure"),
    [
        ("silence", "silence", "silence"),
        ("auth", "error-rate", "auth"),
        ("latency", "latency", "latency"),
        ("empty_success", "silence", "silence"),
    ],
)
def test_a_broken_integration_becomes_an_incident_of_its_owner_and_recovers_when_mended(
    deadair: Deadair, slug: str, how: str, alarm: str, failure: str
) -> None:
    broken = done(deadair, "break", slug, "--how", how)

    assert broken["alarm"]["name"] == f"deadair-{slug}-{alarm}"
    assert (broken["incident"]["owner"], broken["incident"]["class"]) == ("Zoë Okonkwo", failure)
    assert broken["incident"]["after_s"] < SOON_S

    mended = done(deadair, "mend", slug)

    assert mended["recovered"]["id"] == broken["incident"]["id"]
    assert mended["ringing"] == []
    assert mended["recovered"]["after_s"] < SOON_S


def test_the_silence_of_a_row_that_watches_freshness_alone_is_silence(deadair: Deadair, register: Register) -> None:
    slug = watched(register, thresholds={"freshness_min": 180})

    broken = done(deadair, "break", slug, "--how", "silence")

    assert broken["alarm"]["name"] == f"deadair-{slug}-freshness"
    assert (broken["incident"]["class"], broken["incident"]["title"]) == ("silence", f"Feed {slug}: stale data")


def test_what_none_of_its_alarms_would_notice_is_said_before_anything_breaks(
    deadair: Deadair, register: Register
) -> None:
    deaf = watched(register, thresholds={"silence_min": 60})

    status, _, err = deadair("local", "break", deaf, "--how", "latency")

    assert status == 1
    assert f"Nothing in the row {deaf} notices latency." in err
    assert "Add thresholds.latency_p95_ms" in err
    assert state_of(deadair, deaf) is None


def test_silence_is_refused_while_nothing_is_expected_and_the_next_time_is_said(
    deadair: Deadair, register: Register
) -> None:
    another_day = time.strftime("%a", time.gmtime(time.time() + 3 * 86400)).lower()
    resting = watched(register, expected={"timezone": "UTC", "per_hour": 9, "weekdays": [another_day]})

    status, _, err = deadair("local", "break", resting, "--how", "silence")

    assert status == 1
    assert f"Nothing is expected of Feed {resting} now; the next time is" in err
    assert state_of(deadair, resting) is None


def test_traffic_shows_who_is_broken_since_when_and_a_second_break_is_refused(deadair: Deadair, slug: str) -> None:
    done(deadair, "break", slug, "--how", "vendor_error", "--no-wait")

    assert state_of(deadair, slug) == "vendor_error"
    status, _, err = deadair("local", "break", slug, "--how", "auth")
    assert (status, f"{slug} is broken already (vendor_error)." in err) == (1, True)

    done(deadair, "mend", slug, "--no-wait")
    assert state_of(deadair, slug) is None
    assert deadair("local", "mend", slug)[0] == 1


def test_an_integration_that_nobody_registered_cannot_break(deadair: Deadair, slug: str) -> None:
    status, _, err = deadair("local", "break", slug[:-1], "--how", "silence")

    assert status == 1
    assert f"Did you mean {slug}?" in err


def state_of(deadair: Deadair, slug: str) -> str | None:
    """How the integration is broken, as the command tells."""
    rows: list[Json] = done(deadair, "traffic")["integrations"]
    found: list[str | None] = [one["how"] for one in rows if one["slug"] == slug]
    return found[0] if found else None
