"""From records of the incidents table's stream to facts on the bus.

Knows that a new timeline entry is a fact. Refuses to know who listens.
"""

import json
from typing import Any

from deadair.adapters.dynamodb.items import from_item
from deadair.domain.afterwards import AFTERWARDS

SOURCE = "deadair"
# What EventBridge takes in one call.
TOGETHER = 10
PUBLISHED = ("fact", "incident", "integration", "occurred_at", "recorded_at", "author", "source")


def facts(records: list[dict[str, Any]], bus: str) -> list[tuple[str, dict[str, Any]]]:
    """The entries for PutEvents, each with the sequence number of its record, in the stream's order."""
    found = []
    for record in records:
        image = record.get("dynamodb", {}).get("NewImage", {})
        if record.get("eventName") == "INSERT" and "fact" in image:
            found.append((record["dynamodb"]["SequenceNumber"], _event(from_item(image), bus)))
    return found


def _event(entry: dict[str, Any], bus: str) -> dict[str, Any]:
    detail = {name: entry.get(name, "") for name in PUBLISHED} | {"entry": entry["id"]}
    # A rule of one's own passes over by it what is no news.
    if AFTERWARDS in (entry.get("data") or {}):
        detail[AFTERWARDS] = "yes"
    return {
        "Source": SOURCE,
        "DetailType": entry["fact"],
        "Detail": json.dumps(detail, ensure_ascii=False),
        "EventBusName": bus,
    }


def publish(events: Any, found: list[tuple[str, dict[str, Any]]]) -> str:
    """Put the facts on the bus; returns the sequence number of the first that was refused, empty when none was.

    Those after it go again with it: consumers re-read the state, so a repeated fact does no harm.
    """
    for start in range(0, len(found), TOGETHER):
        portion = found[start : start + TOGETHER]
        answer = events.put_events(Entries=[event for _, event in portion])
        for (sequence, _), entry in zip(portion, answer["Entries"], strict=True):
            if entry.get("ErrorCode"):
                return sequence
    return ""
