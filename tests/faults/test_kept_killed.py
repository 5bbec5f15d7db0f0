"""Claims about a worker that dies over what was kept: the next delivery ends as if it had not."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from deadair.domain.timeline import Fact
from slack_commands.applying import Applier
from tests.rooms.kept_room import KeptRoom, kept_room
from tests.rooms.killed import Life, Scene, every_crash
from tests.rooms.slack_rooms import neighbours

__all__ = ["kept_room", "neighbours"]
pytestmark = pytest.mark.stack


@dataclass
class Kept:
    """A note that was kept, and its message as the queue hands it out."""

    room: KeptRoom

    def __post_init__(self) -> None:
        self.incident = self.room.near.add()
        with self.room.away():
            said = self.room.room.command(f"note {self.incident.number} once")
            (self.record,) = self.room.deliver()
        (self.ref,) = re.findall(r"ref [0-9a-f]{4}", json.loads(said["body"])["text"])
        # Another one is of the same person, and would wait behind it.
        sqs = self.room.near.target.client("sqs")
        sqs.delete_message(QueueUrl=self.room.queue, ReceiptHandle=self.record["receiptHandle"])
        self.deliveries = count(1)

    def work(self, life: Life) -> None:
        """Deliver it once more, a minute later: whoever died over it counts as dead by then."""
        nth, module = next(self.deliveries), self.room.module
        self.record["attributes"]["ApproximateReceiveCount"] = str(nth)
        room = replace(module.room(), slack=lambda: life(module.prompt_slack()))
        applier = Applier(room, life(module.kept()), lambda: datetime.now(UTC) + timedelta(minutes=nth))
        real = module.dynamodb()._client
        module.dynamodb().begin(60)
        module.dynamodb()._client = life(real)
        try:
            assert applier.work({"Records": [self.record]}) == []
        finally:
            module.dynamodb()._client = real

    def state(self) -> Any:
        """What stands on the timeline, and how often the person was told directly."""
        near = self.room.near
        noted = [entry.text for entry in near.store.timeline(self.incident.number) if entry.fact is Fact.NOTED]
        told = [one["text"] for one in near.state()["messages"] if one["channel"].startswith("D")]
        return noted, sum(self.ref in text for text in told)


def test_n4_what_was_kept_is_worked_and_told_once_wherever_its_worker_dies(kept_room: KeptRoom) -> None:
    """The answer goes as a direct message, which can be looked for; a response address cannot be asked."""

    def scene() -> Scene:
        kept = Kept(kept_room)
        return Scene(kept.work, kept.state)

    effects = every_crash(scene)
    assert "transact_write_items" in effects
    assert "post" in effects


@pytest.mark.parametrize("answer_first", [False, True])
def test_n4_an_answer_that_waits_and_a_request_that_comes_again_tell_once(
    kept_room: KeptRoom, *, answer_first: bool
) -> None:
    """Slack was away, so the answer was put onto the queue; then the worker died before it let go of the request."""
    kept = Kept(kept_room)
    kept_room.near.door("fail", mode="500")
    kept.work(Life())
    kept_room.near.door("fail", mode="none")

    steps: list[Callable[[], Any]] = [lambda: kept.work(Life()), kept_room.deliver]
    for step in reversed(steps) if answer_first else steps:
        step()

    assert kept.state() == (["once"], 1)
