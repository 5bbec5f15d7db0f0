"""Claims about recorded events sent down the whole line: each ends as its shape deserves, and nothing is missing."""

import json
from pathlib import Path

import pytest

from tests.builders import EVENTS
from tests.stack import Deadair

pytestmark = pytest.mark.stack
UNDERSTOOD = {"opened", "appended", "recovered", "duplicate"}


def outcome_deserved(file: str) -> set[str]:
    """What a recorded event must end as: its name says so."""
    name = Path(file).name
    if name.startswith("bad-"):
        return {"dead_lettered"}
    return {"ignored"} if name.startswith("ignored-") else UNDERSTOOD


def test_every_recorded_event_ends_as_its_name_says(deadair: Deadair) -> None:
    status, out, err = deadair("replay", EVENTS)
    told = [json.loads(line) for line in out.splitlines()]

    assert status == 0, err
    assert {Path(line["file"]).name for line in told} == {file.name for file in EVENTS.iterdir()}
    wrong = [line for line in told if line["outcome"] not in outcome_deserved(line["file"]) | {"ignored"}]
    wrong += [
        line
        for line in told
        if line["outcome"] == "ignored"
        and line["reason"] != "no_open_incident"
        and outcome_deserved(line["file"]) != {"ignored"}
    ]
    assert wrong == []


def test_what_was_sent_is_accounted_for(deadair: Deadair) -> None:
    deadair("replay", EVENTS / "alarm.json", EVENTS / "bad-list.json")
    status, out, _ = deadair("verify", "--json")

    assert status == 0, out
