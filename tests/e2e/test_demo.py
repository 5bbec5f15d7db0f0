"""Claims about the demo: it tells the README's story, sees each step from outside, and fails when it does not."""

import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from infra.local.demo.morning import clock_of_morning
from infra.local.demo.run import _tell
from infra.local.demo.witness import not_over
from infra.local.options import Options
from infra.local.up import FAILED
from infra.target import Target
from tests.builders import EVENTS
from tests.stack import Deadair

pytestmark = pytest.mark.stack
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
STEP = re.compile(r"^ ?(\d+)  (.+)$", re.MULTILINE)
STEPS = 14


def test_the_story_is_seen_to_its_end_and_is_the_one_that_the_readme_tells(deadair: Deadair) -> None:
    """Also where an alarm of its integration rings that nobody will mend: that one is another incident."""
    assert deadair("replay", EVENTS / "alarm.json")[0] == 0
    status, out, err = deadair("demo", "--exit")
    told = dict(STEP.findall(out))

    assert status == 0, out + err
    assert list(told) == [str(number) for number in range(1, STEPS + 1)]
    assert out.count("✓") == STEPS
    assert "Every step was seen." in out
    assert dict(STEP.findall(README)).items() <= told.items()
    assert "\x1b" not in out


def test_a_step_that_is_not_seen_ends_the_demo_with_a_fault(stack: Target, tmp_path: Path) -> None:
    """A folder on which no stack runs: the registry cannot be imported."""
    said = StringIO()

    assert _tell(stack, Options(state_dir=tmp_path), Console(file=said, width=200)) == FAILED

    assert "The story broke off:\n  deadair registry import" in said.getvalue()
    assert "Every step was seen" not in said.getvalue()


def test_what_keeps_an_incident_from_recovering_is_named() -> None:
    alarms = [{"name": "sync-silence", "state": "OK"}, {"name": "sync-errors", "state": "ALARM"}]
    told = {"id": "INC-3", "reopened": 0, "alarms": alarms}

    assert not_over(told) == "INC-3: sync-errors is ALARM"
    assert not_over(told | {"reopened": 1}).startswith("INC-3: it was reopened")


@pytest.mark.parametrize("hour", range(24))
def test_at_any_hour_there_is_a_place_where_it_is_morning(hour: int) -> None:
    now = datetime(2026, 11, 21, hour, 30, tzinfo=UTC)

    assert now.astimezone(ZoneInfo(clock_of_morning(now))).hour == 10
