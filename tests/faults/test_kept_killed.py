"""Claims about a worker that dies over what was kept: the next delivery ends as if it had not."""

import json
import re
from dataclasses import replace
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


def test_n4_what_was_kept_is_worked_and_told_once_wherever_its_worker_dies(kept_room: KeptRoom) -> None:
    """The answer goes as a direct message, which can be looked for; a response address cannot be asked."""
    near, real = kept_room.near, kept_room.module.dynamodb()._client
    sqs = near.target.client("sqs")

    def scene() -> Scene:
        incident, deliveries = near.add(), count(1)
        with kept_room.away():
            said = json.loads(kept_room.room.command(f"note {incident.number} once")["body"])["text"]
            (record,) = kept_room.deliver()
        (ref,) = re.findall(r"ref [0-9a-f]{4}", said)
        # The next world's is of the same person, and would wait behind it.
        sqs.delete_message(QueueUrl=kept_room.queue, ReceiptHandle=record["receiptHandle"])

        def work(life: Life) -> None:
            nth = next(deliveries)
            record["attributes"]["ApproximateReceiveCount"] = str(nth)
            room = replace(kept_room.module.room(), desk=lambda: life(kept_room.module.desk()))
            # Whoever died over it counts as dead by then.
            applier = Applier(room, life(kept_room.module.kept()), lambda: datetime.now(UTC) + timedelta(minutes=nth))
            kept_room.module.dynamodb().begin(60)
            kept_room.module.dynamodb()._client = life(real)
            try:
                assert applier.work({"Records": [record]}) == []
            finally:
                kept_room.module.dynamodb()._client = real

        def state() -> Any:
            noted = [entry.text for entry in near.store.timeline(incident.number) if entry.fact is Fact.NOTED]
            told = [one["text"] for one in near.state()["messages"] if one["channel"].startswith("D")]
            return noted, sum(ref in text for text in told)

        return Scene(work, state)

    effects = every_crash(scene)
    assert "transact_write_items" in effects
    assert "post" in effects
