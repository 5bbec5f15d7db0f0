"""Claims about a relay that dies between the stream and the bus: no fact is lost, and a repeated one says the same."""

import json
from typing import Any

from deadair.adapters.dynamodb.items import to_item
from fact_relay.consumer import facts, publish
from tests.rooms.killed import Life, Scene, every_crash


class Bus:
    """What was published; ten entries in a call, as EventBridge takes them."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - AWS's own name
        self.entries += Entries
        return {"Entries": [{"EventId": "e"} for _ in Entries]}


def a_record(number: int) -> dict[str, Any]:
    entry = {"id": f"entry-{number}", "fact": "incident.noted.v1", "incident": "INC-7"}
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": f"{number:03}", "NewImage": to_item(entry)}}


def test_n4_a_relay_killed_at_any_call_publishes_every_entry_and_each_the_same() -> None:
    records = [a_record(number) for number in range(25)]

    def scene() -> Scene:
        bus = Bus()
        return Scene(
            work=lambda life: _relay(records, bus, life),
            state=lambda: sorted({json.dumps(entry, sort_keys=True) for entry in bus.entries}),
        )

    assert every_crash(scene) == ["put_events"] * 3


def _relay(records: list[dict[str, Any]], bus: Bus, life: Life) -> None:
    assert publish(life(bus), facts(records, "bus")) == ""
