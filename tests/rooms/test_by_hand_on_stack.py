"""Claims about an incident opened by hand on a running stack: every room takes it as one of an alarm."""

import json
import time
from collections.abc import Callable

import pytest

from deadair.adapters.dynamodb.diagnoses import read_diagnosis
from deadair.adapters.dynamodb.incidents import IncidentStore
from infra.target import Target
from tests.local_slack.doors import state
from tests.rooms.test_incident_commands import step, store
from tests.stack import Deadair, Register

__all__ = ["step", "store"]
pytestmark = pytest.mark.stack
PATIENCE_S = 40
CHANNEL = "C0INCIDENTS"


def comes(what: Callable[[], bool]) -> bool:
    """Whether it comes within the time that a busy machine takes."""
    ends_at = time.monotonic() + PATIENCE_S
    while not what() and time.monotonic() < ends_at:
        time.sleep(0.3)
    return what()


def test_it_is_shown_told_looked_at_changed_and_taken_back_like_any_other(
    stack: Target, step: Deadair, store: IncidentStore, register: Register
) -> None:
    slug = register()
    words = f"no leads since noon, {slug}"
    number = int(json.loads(step("open", slug, words, "--sev", 1, "--json")[1])["id"].removeprefix("INC-"))

    def places() -> set[str]:
        """Whether a message is for everybody, or for one person."""
        found = [one for one in state(str(stack.slack))["messages"] if words in json.dumps(one)]
        return {"everybody" if one["channel"] == CHANNEL else "one person" for one in found}

    assert comes(lambda: places() == {"everybody", "one person"})
    assert comes(lambda: read_diagnosis(store.client, store.table, number) is not None)
    step("change", number, "deployed 4.2", "--as", "zoe.okonkwo@example.com")

    def found() -> list[str]:
        diagnosed = read_diagnosis(store.client, store.table, number)
        return [one.text for one in diagnosed.changes] if diagnosed else ["not looked at yet"]

    assert comes(lambda: found() == ["deployed 4.2"])
    step("undo", number, "--as", "zoe.okonkwo@example.com")
    assert comes(lambda: found() == [])
