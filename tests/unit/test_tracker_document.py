"""Claims about the document for trackers: its receiver takes what is signed, and nothing else."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deadair.adapters.slack.links import Links
from deadair.adapters.tracker.payload import headers, payload
from tests.builders import an_incident
from tests.unit.test_reminding import TUESDAY, an_item

TEXT = (Path(__file__).parents[2] / ".github/TRACKER.md").read_text("utf-8")


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The receiver of the document; its tracker is a list."""
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    found: dict[str, Any] = {}
    exec(compile(code, "TRACKER.md", "exec"), found)
    monkeypatch.setenv("DEADAIR_SECRET", "a-secret")
    found["jira"] = lambda told: f"https://tracker.example/{told['action']['id']}"
    return found


def test_the_receiver_of_the_document_takes_what_is_signed(receiver: dict[str, Any]) -> None:
    body = payload("action.added.v1", an_item(TUESDAY), an_incident(), Links("https://deadair.example"))
    sent = headers("a-secret", "INC-42/1", body, datetime.now(UTC))
    assert receiver["receive"](sent, body) == (200, {"link": "https://tracker.example/INC-42-A1"})
    assert receiver["receive"](sent, body + b" ") == (401, {})
    old = headers("a-secret", "INC-42/1", body, datetime(2020, 1, 1, tzinfo=UTC))
    assert receiver["receive"](old, body) == (401, {})


def test_the_fields_of_the_document_are_those_that_are_sent() -> None:
    import json

    (example,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    shown = json.loads(example)
    sent = json.loads(payload("action.added.v1", an_item(TUESDAY), an_incident(), Links("https://deadair.example")))
    assert [list(shown[part]) for part in shown if part != "type"] == [
        list(sent[part]) for part in sent if part != "type"
    ]
