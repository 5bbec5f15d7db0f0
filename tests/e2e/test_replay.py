"""Claims about recorded events sent down the whole line: each ends as its shape deserves, and nothing is missing."""

import json
from pathlib import Path

import pytest

from tests.builders import EVENTS
from tests.stack import Deadair

pytestmark = pytest.mark.stack
BY_NAME = {"bad": {"dead_lettered"}, "ignored": {"ignored"}}
UNDERSTOOD = {"opened", "appended", "recovered", "duplicate", "no_open_incident"}


def deserved(file: str) -> set[str]:
    """What a recorded event must end as: its name says so."""
    return BY_NAME.get(Path(file).name.partition("-")[0], UNDERSTOOD)


def test_every_recorded_event_ends_as_its_name_says(deadair: Deadair) -> None:
    status, out, err = deadair("replay", EVENTS)
    told = [json.loads(line) for line in out.splitlines()]

    assert status == 0, err
    assert {Path(line["file"]).name for line in told} == {file.name for file in EVENTS.iterdir()}
    assert [line for line in told if not {line["outcome"], line["reason"]} & deserved(line["file"])] == []


def test_what_was_sent_is_accounted_for(deadair: Deadair) -> None:
    deadair("replay", EVENTS / "alarm.json", EVENTS / "bad-list.json")
    status, out, _ = deadair("verify", "--json")

    assert status == 0, out
